import { useMemo, type ReactNode } from 'react';
import { localeOf } from '../../text/text';
import { useBoard } from '../BoardContext';
import { dayTicks, monthTicks, type Stretch, type TimelineScale } from './scale';
import styles from './TimelineView.module.css';

/** Months, and days or weeks below them. Bars say their dates themselves. */
export function TimelineHead(props: {
  stretch: Stretch;
  scale: TimelineScale;
  side: number;
}): ReactNode {
  const { lang } = useBoard();
  const { stretch, scale, side } = props;
  const locale = localeOf(lang);
  const months = useMemo(() => monthTicks(stretch), [stretch]);
  const days = useMemo(() => dayTicks(stretch, scale, locale), [stretch, scale, locale]);
  const name = new Intl.DateTimeFormat(locale, {
    month: scale === 'month' ? 'short' : 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return (
    <div className={styles.head} aria-hidden="true">
      <div className={styles.corner} style={{ width: side }} />
      {months.map(({ day, left, width }) => (
        <span key={day} className={styles.month} style={{ left: side + left, width }}>
          <span className={styles.monthName} style={{ left: side + 6 }}>
            {name.format(new Date(`${day}T12:00:00Z`))}
          </span>
        </span>
      ))}
      {days.map(({ day, left, width }) => (
        <span key={day} className={styles.tick} style={{ left: side + left, width }}>
          {Number(day.slice(8))}
        </span>
      ))}
    </div>
  );
}
