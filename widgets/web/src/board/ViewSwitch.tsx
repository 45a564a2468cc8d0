import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import { BoardIcon, CalendarIcon, TableIcon, TimelineIcon } from '../ui/icons';
import { layouts, type Layout } from './viewState';
import styles from './ViewSwitch.module.css';

const icons: Readonly<Record<Layout, () => ReactNode>> = {
  board: BoardIcon,
  table: TableIcon,
  calendar: CalendarIcon,
  timeline: TimelineIcon,
};

/** Chooses the view of the cards. */
export function ViewSwitch(props: {
  layout: Layout;
  onChange: (layout: Layout) => void;
}): ReactNode {
  const t = useTexts();
  const names: Readonly<Record<Layout, string>> = {
    board: t.board,
    table: t.viewTable,
    calendar: t.viewCalendar,
    timeline: t.viewTimeline,
  };
  return (
    <div role="group" aria-label={t.views} className={styles.switch}>
      {layouts.map((layout) => {
        const Icon = icons[layout];
        return (
          <button
            key={layout}
            type="button"
            aria-pressed={layout === props.layout}
            aria-label={names[layout]}
            title={names[layout]}
            className={styles.view}
            onClick={() => {
              props.onChange(layout);
            }}
          >
            <Icon />
            <span aria-hidden="true" className={styles.name}>
              {names[layout]}
            </span>
          </button>
        );
      })}
    </div>
  );
}
