import { useEffect, useState, type ReactNode } from 'react';
import { showTitle } from '../host/page';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { EyeIcon, UndoIcon } from '../ui/icons';
import { useHub, useRoom } from './hub';
import { SurfaceTabs } from './SurfaceTabs';
import styles from './TopBar.module.css';
import { Viewers } from './Viewers';

/** A short interruption is nobody's business. */
const quietFor = 1_500;

/**
 * The thin bar over every surface: the surfaces' tabs, its tools, the connection, undo and who is
 * looking. A page that is no room's has its name in the place of the tabs.
 */
export function TopBar(props: {
  surface: string;
  /** Null if the surface undoes by itself. */
  undo: (() => void) | null;
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
    if (!mayEdit || !undo) return;
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
        <div className={styles.place}>
          <h1 className={props.title === undefined ? 'visually-hidden' : styles.title}>
            {props.title ?? current?.title(t)}
          </h1>
          {props.title === undefined && <SurfaceTabs current={props.surface} />}
          <span className={styles.room} dir="auto">
            {room}
          </span>
        </div>
        {props.tools}
        <span className={styles.space} />
        <ConnectionState />
        {mayEdit && undo && (
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
