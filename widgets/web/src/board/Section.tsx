import { useId, type ReactNode } from 'react';
import styles from './CardDialog.module.css';

/** A part of the card dialog with its heading. */
export function Section(props: {
  title: string;
  /** What stands beside the heading. */
  beside?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h3 id={id} className={styles.subtitle}>
          {props.title}
        </h3>
        {props.beside}
      </div>
      {props.children}
    </section>
  );
}
