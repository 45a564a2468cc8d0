import type { ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { SmallDialog } from '../../ui/SmallDialog';
import { useBoard, useBoardView } from '../BoardContext';
import { titleOf } from './names';
import type { BoardItem } from '../model';
import styles from './ArchiveDialog.module.css';
import { focusBoards } from './focusBoards';

/** The boards that were put away, to bring them back, and the room's templates. */
export function ArchiveDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index, wholes, did } = useBoard();
  useBoardView(index); // says when the index is another
  const archived = index.hidden('archived');
  const removed = index.hidden('removed');
  const templates = index.hidden('template');

  const restore = (board: BoardItem): void => {
    onClose();
    did(t.didRestoreBoard(titleOf(board, t.board)), wholes.restore(board.id));
    index.show(board.id);
    focusBoards();
  };
  const remove = (board: BoardItem, text: string): void => {
    did(text, wholes.remove(board.id));
  };

  return (
    <SmallDialog title={t.boardArchiveTitle} confirm={null} onConfirm={onClose} onClose={onClose}>
      {archived.length + removed.length === 0 && <p>{t.boardArchiveEmpty}</p>}
      <List title={t.boardsArchived} boards={archived}>
        {(board) => (
          <>
            <Button text={t.boardRestore} of={board} onPress={restore} />
            <Button
              text={t.boardRemove}
              of={board}
              danger
              onPress={() => {
                remove(board, t.didRemoveBoard(titleOf(board, t.board)));
              }}
            />
          </>
        )}
      </List>
      <List title={t.boardsRemoved} boards={removed}>
        {(board) => <Button text={t.boardRestore} of={board} onPress={restore} />}
      </List>
      <List title={t.templatesOwn} boards={templates}>
        {(board) => (
          <Button
            text={t.templateRemove}
            of={board}
            danger
            onPress={() => {
              remove(board, t.didRemoveTemplate(board.title));
            }}
          />
        )}
      </List>
    </SmallDialog>
  );
}

function List(props: {
  title: string;
  boards: readonly BoardItem[];
  children: (board: BoardItem) => ReactNode;
}): ReactNode {
  const t = useTexts();
  if (props.boards.length === 0) return null;
  return (
    <section>
      <h3 className={controls.label}>{props.title}</h3>
      <ul>
        {props.boards.map((board) => (
          <li key={board.id} className={styles.board}>
            <span className={styles.title} dir="auto">
              {titleOf(board, t.board)}
            </span>
            {props.children(board)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Button(props: {
  text: string;
  of: BoardItem;
  danger?: boolean;
  onPress: (board: BoardItem) => void;
}): ReactNode {
  const t = useTexts();
  const look = [controls.button, controls.small, props.danger && controls.danger];
  return (
    <button
      type="button"
      className={look.filter(Boolean).join(' ')}
      aria-label={t.actionOn(props.text, titleOf(props.of, t.board))}
      onClick={() => {
        props.onPress(props.of);
      }}
    >
      {props.text}
    </button>
  );
}
