import type { ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { useBoard } from '../BoardContext';
import styles from '../BoardSurface.module.css';
import type { BoardRequest } from './requests';

/** What is shown where all boards of the room were put away. */
export function NoBoards(props: { onRequest: (request: BoardRequest) => void }): ReactNode {
  const t = useTexts();
  const { canEdit } = useBoard();
  return (
    <main className={styles.board} data-empty="">
      <div className={styles.empty}>
        <h2>{t.boardsNone}</h2>
        {canEdit && (
          <>
            <p>{t.boardsNoneHint}</p>
            <p>
              <button
                type="button"
                className={controls.button}
                onClick={() => {
                  props.onRequest({ kind: 'boardArchive' });
                }}
              >
                {t.boardArchiveOpen}
              </button>{' '}
              <button
                type="button"
                className={controls.button}
                onClick={() => {
                  props.onRequest({ kind: 'addBoard' });
                }}
              >
                {t.boardAddOpen}
              </button>
            </p>
          </>
        )}
      </div>
    </main>
  );
}
