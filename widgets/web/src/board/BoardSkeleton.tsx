import type { ReactNode } from 'react';
import styles from './BoardSurface.module.css';

/** The shape of a board while it is being fetched; `label` says so to screen readers. */
export function BoardSkeleton({ label }: { label: string }): ReactNode {
  return (
    <main className={styles.board} aria-busy="true">
      <p role="status" className="visually-hidden">
        {label}
      </p>
      {[3, 4, 2, 1].map((cards) => (
        <div key={cards} className={styles.bone} aria-hidden="true">
          <span />
          {Array.from({ length: cards }, (_, i) => (
            <span key={i} />
          ))}
        </div>
      ))}
    </main>
  );
}
