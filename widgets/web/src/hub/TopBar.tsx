import { useEffect, useState, type ReactNode } from 'react';
import { showTitle } from '../host/page';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { EyeIcon, UndoIcon } from '../ui/icons';
import { useHub, useRoom } from './hub';
import styles from './TopBar.module.css';
import { Viewers } from './Viewers';

/** A short interruption is nobody's business. */
const quietFor = 1_500;

/**
 * The thin bar over every surface: which surface it is, its tools, the connection, undo and who is
 * looking. As long as there is one surface, the place of the tabs shows its name.
 */
export function TopBar(props: {
  surface: string;
  undo: () => void;
  tools: ReactNode;
  /** Stands for the surface's name and the room's where the page is no room's. */
  title?: string;
}): ReactNode {
  const t = useTexts();
  const { surfaces } = useHub();
  const name = useRoom((state) => state.room?.name ?? '');
  const room = props.title === undefined ? name : '';
  const mayEdit = useRoom((state) => state.me?.can.edit);
  const { undo } = props;
  const current = surfaces.find((surface) => surface.id === props.surface);

  useEffect(() => {
    showTitle(props.title ?? room);
  }, [room, props.title]);

  useEffect(() => {
    if (!mayEdit) return;
    const pressed = (event: KeyboardEvent): void => {
      const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!undoes || event.key.toLowerCase() !== 'z' || isTyping(event.target)) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('keydown', pressed);
    return () => {
      document.removeEventListener('keydown', pressed);
    };
  }, [undo, mayEdit]);

  return (
    <header className={styles.bar}>
      <div className={styles.row}>
        <nav className={styles.place} aria-label={t.surfaces}>
          <h1 className={styles.title}>{props.title ?? current?.title(t)}</h1>
          <span className={styles.room} dir="auto">
            {room}
          </span>
        </nav>
        {props.tools}
        <span className={styles.space} />
        <ConnectionState />
        {mayEdit && (
          <button
            type="button"
            className={controls.icon}
            aria-label={t.undo}
            title={t.undoKeys}
            aria-keyshortcuts="Control+Z"
            onClick={undo}
          >
            <UndoIcon />
          </button>
        )}
        <Viewers />
      </div>
      {mayEdit === false && (
        <p className={styles.note}>
          <EyeIcon />
          {t.readOnly}
        </p>
      )}
    </header>
  );
}

function ConnectionState(): ReactNode {
  const t = useTexts();
  const down = useRoom((state) => state.phase === 'reconnecting');
  const unsaved = useRoom((state) => state.unsaved);
  const [shown, setShown] = useState(false);

  useEffect(() => {
    const timer = setTimeout(
      () => {
        setShown(down || unsaved > 0);
      },
      down || unsaved > 0 ? quietFor : 0,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [down, unsaved]);

  const said = shown
    ? [down && t.reconnecting, unsaved > 0 && t.unsaved(unsaved)].filter(Boolean).join(' ')
    : '';
  return (
    <span role="status" className={styles.status}>
      {said && <span className={styles.state}>{said}</span>}
    </span>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
