import { type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { useHub } from './hub';
import styles from './SurfaceTabs.module.css';

function tabOf(surface: string): string {
  return `surface-tab-${surface}`;
}

/** The surfaces of the room, to choose one. */
export function SurfaceTabs({ current }: { current: string }): ReactNode {
  const t = useTexts();
  const { surfaces, showSurface } = useHub();

  const show = (id: string): void => {
    showSurface(id);
    // Each surface has a bar of its own: the one that is shown next is not there yet.
    requestAnimationFrame(() => {
      document.getElementById(tabOf(id))?.focus();
    });
  };
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
