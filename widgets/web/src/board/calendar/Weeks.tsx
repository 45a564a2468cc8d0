import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { localeOf, useTexts } from '../../text/text';
import { useBoard } from '../BoardContext';
import type { Card } from '../model';
import styles from './CalendarView.module.css';
import { chipHeight, daysOf, fitting, headHeight, lieOn, placeWeek, shownIn } from './month';

/** Weeks one below the other, with the cards across their days. */
export function Weeks(props: {
  weeks: readonly string[];
  /** A day of the month that is shown; null if it is one week. */
  month: string | null;
  cards: readonly Card[];
  /** The day that something is dragged over. */
  over: string | null;
  chip: (card: Card) => ReactNode;
  onMore: (day: string) => void;
}): ReactNode {
  const { lang } = useBoard();
  const { weeks, month } = props;
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  // What does not fit into a day of the month is shown with its week.
  const fit = month === null ? Infinity : fitting(height, weeks.length);
  const weekday = new Intl.DateTimeFormat(localeOf(lang), { weekday: 'short', timeZone: 'UTC' });
  return (
    <div ref={box} className={styles.weeks}>
      <div className={styles.weekdays} aria-hidden="true">
        {daysOf(weeks[0] ?? '').map((day) => (
          <span key={day}>{weekday.format(new Date(`${day}T12:00:00Z`))}</span>
        ))}
      </div>
      {weeks.map((week) => (
        <Week key={week} {...props} week={week} fit={fit} />
      ))}
    </div>
  );
}

function Week(props: {
  week: string;
  /** How many cards fit below each other. */
  fit: number;
  month: string | null;
  cards: readonly Card[];
  over: string | null;
  chip: (card: Card) => ReactNode;
  onMore: (day: string) => void;
}): ReactNode {
  const { week, fit, month } = props;
  const t = useTexts();
  const { lang, today } = useBoard();
  const placed = useMemo(() => placeWeek(week, props.cards), [week, props.cards]);
  const spoken = new Intl.DateTimeFormat(localeOf(lang), { dateStyle: 'full', timeZone: 'UTC' });
  const { shown, hidden } = useMemo(() => shownIn(placed, fit), [placed, fit]);
  const lines = shown.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  // A repetition of nothing is an error to the browser.
  const rows = lines > 0 ? `repeat(${String(lines)}, ${String(chipHeight)}px)` : '';
  return (
    <section
      className={styles.week}
      data-whole={month === null ? '' : undefined}
      aria-label={t.calendarWeek(spoken.format(new Date(`${week}T12:00:00Z`)))}
      style={{
        gridTemplateRows: `${String(headHeight)}px ${rows} 1fr`,
      }}
    >
      {daysOf(week).map((day, column) => {
        const more = lieOn(column, hidden);
        const outside = month !== null && day.slice(0, 7) !== month.slice(0, 7);
        return (
          <div
            key={day}
            className={styles.day}
            data-day={day}
            data-over={props.over === day ? '' : undefined}
            data-outside={outside ? '' : undefined}
            style={{ gridColumn: column + 1, gridRow: '1 / -1' }}
          >
            <time
              dateTime={day}
              className={styles.date}
              aria-current={day === today ? 'date' : undefined}
            >
              {Number(day.slice(8))}
            </time>
            {more > 0 && (
              <button
                type="button"
                className={styles.more}
                aria-label={t.calendarMoreOn(more, spoken.format(new Date(`${day}T12:00:00Z`)))}
                onClick={() => {
                  props.onMore(day);
                }}
              >
                {t.calendarMore(more)}
              </button>
            )}
          </div>
        );
      })}
      <ul className={styles.cards}>
        {shown.map(({ card, first, last, lane, earlier, later }) => (
          <li
            key={card.id}
            data-card-id={card.id}
            data-earlier={earlier ? '' : undefined}
            data-later={later ? '' : undefined}
            className={styles.placed}
            style={{
              gridColumn: `${String(first + 1)} / ${String(last + 2)}`,
              gridRow: lane + 2,
            }}
          >
            {props.chip(card)}
          </li>
        ))}
      </ul>
    </section>
  );
}
