import { useEffect, useRef, type ReactNode } from 'react';
import icon from '../icon.svg';
import styles from './Screen.module.css';

/** A page of its own with a title, a sentence and what can be done. */
export function Screen(props: { title: string; children: ReactNode }): ReactNode {
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever cannot see that the page has changed hears it. Inside a chat client the person may be
  // writing a message meanwhile: the focus is theirs, then.
  useEffect(() => {
    if (document.hasFocus()) title.current?.focus();
  }, [props.title]);
  return (
    <main className={styles.screen}>
      <div className={styles.box}>
        <p className={styles.brand}>
          <img src={icon} alt="" />
          Werkraum
        </p>
        <h1 ref={title} tabIndex={-1} className={styles.title}>
          {props.title}
        </h1>
        {props.children}
      </div>
    </main>
  );
}
