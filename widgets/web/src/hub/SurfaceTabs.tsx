import { useEffect, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { useHub } from './hub';
import styles from './SurfaceTabs.module.css';

function tabOf(surface: string): string {
  return `surface-tab-${surface}`;
}

/** The surfaces of the room, to choose one. */
export function SurfaceTabs({ current }: { current: string }): ReactNode {
  const t = useTexts();
  const { surfaces, showSurface, tabFocusRef } = useHub();

  const show = (id: string): void => {
    tabFocusRef.current = true;
    showSurface(id);
  };
  useEffect(() => {
    // Each surface has a bar of its own; with the one before the focus has gone.
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (tabFocusRef.current && lost) document.getElementById(tabOf(current))?.focus();
  }, [tabFocusRef, current]);
  const go = (event: KeyboardEvent): void => {
    const at = surfaces.findIndex(({ id }) => id === current);
    const last = surfaces.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const next = to === undefined ? undefined : surfaces[to];
    if (!next) return;
    event.preventDefault();
    show(next.id);
  };

  return (
    <div role="tablist" aria-label={t.surfaces} className={styles.tabs}>
      {surfaces.map(({ id, title }) => (
        <button
          key={id}
          id={tabOf(id)}
          type="button"
          role="tab"
          aria-selected={id === current}
          tabIndex={id === current ? 0 : -1}
          className={styles.tab}
          onKeyDown={go}
          onBlur={({ relatedTarget }) => {
            if (relatedTarget) tabFocusRef.current = false;
          }}
          onClick={() => {
            if (id !== current) show(id);
          }}
        >
          {title(t)}
        </button>
      ))}
    </div>
  );
}
