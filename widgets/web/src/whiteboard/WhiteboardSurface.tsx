import type { ReactNode } from 'react';
import { useHub, usePartMissing } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import { useTexts } from '../text/text';
import { later } from '../ui/later';
import styles from './WhiteboardSurface.module.css';

// The drawing program is much larger than the rest of the page: who looks at the cards does not
// fetch it.
const room = later(() => import('./WhiteboardRoom'));

/** The whiteboards of the room. */
export function WhiteboardSurface(): ReactNode {
  const t = useTexts();
  const { showSurface } = useHub();
  const partMissing = usePartMissing();
  return (
    <room.Part
      waiting={
        <>
          <TopBar surface="whiteboard" undo={null} tools={null} />
          <main className={styles.main}>
            <p role="status" aria-busy="true" className={styles.waiting}>
              {t.whiteboardLoading}
            </p>
          </main>
        </>
      }
      onMissing={() => {
        showSurface('board');
        partMissing();
      }}
    />
  );
}
