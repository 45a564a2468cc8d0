import { useMemo, type ReactNode } from 'react';
import { localeOf, useTexts } from '../../text/text';
import { useBoard } from '../BoardContext';
import type { Card } from '../model';
import styles from './CalendarView.module.css';
import { daysOf } from './month';

/** The days that have cards, one below the other: for where seven columns have no room. */
export function Agenda(props: {
  weeks: readonly string[];
  /** A day of the month that is shown; null if it is one week. */
  month: string | null;
  cards: readonly Card[];
  chip: (card: Card) => ReactNode;
}): ReactNode {
  const t = useTexts();
  const { lang, today } = useBoard();
  const { weeks, month, cards, chip } = props;
  const days = useMemo(() => {
    const byDay = new Map<string, Card[]>();
    for (const card of cards) {
      const due = byDay.get(card.due);
      if (due) due.push(card);
      else byDay.set(card.due, [card]);
    }
    return weeks
      .flatMap(daysOf)
      .filter((day) => month === null || day.slice(0, 7) === month.slice(0, 7))
      .map((day) => ({ day, due: byDay.get(day) ?? [] }))
      .filter(({ day, due }) => due.length > 0 || day === today);
  }, [weeks, month, cards, today]);
  const spoken = new Intl.DateTimeFormat(localeOf(lang), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return (
    <div className={styles.agenda}>
      {days.length === 0 && <p className={styles.none}>{t.calendarEmpty}</p>}
      {days.map(({ day, due }) => (
        <section key={day} data-day={day} className={styles.agendaDay}>
          <h3 aria-current={day === today ? 'date' : undefined}>
            {spoken.format(new Date(`${day}T12:00:00Z`))}
          </h3>
          <ul>
            {due.map((card) => (
              <li key={card.id} data-card-id={card.id}>
                {chip(card)}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
