import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { addDays, showDay } from '../../text/dates';
import { localeOf, useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { BackIcon, ForwardIcon } from '../../ui/icons';
import { useBoard, useBoardView } from '../BoardContext';
import { focusCard } from '../focus';
import type { Card } from '../model';
import { dueOn } from '../schedule';
import { useNarrow } from '../useNarrow';
import type { ViewProps } from '../viewState';
import { Agenda } from './Agenda';
import styles from './CalendarView.module.css';
import { CardChip } from './CardChip';
import { isShown, turn, weeksShown, type CalendarScale } from './month';
import { useCardDrag } from './useCardDrag';
import { Weeks } from './Weeks';

/** How far each key moves a card. */
const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -7,
  ArrowDown: 7,
};

/** The cards on the days on which they are due. */
export default function CalendarView({ passes }: ViewProps): ReactNode {
  const t = useTexts();
  const { index, acts, did, canEdit, lang, today, openCard } = useBoard();
  const view = useBoardView(index);
  const locale = localeOf(lang);
  const [anchor, setAnchor] = useState(today);
  const [scale, setScale] = useState<CalendarScale>('month');
  const narrow = useNarrow();
  const weeks = useMemo(() => weeksShown(anchor, scale, locale), [anchor, scale, locale]);
  const [dated, undated] = useMemo(() => {
    const all = view.columns.flatMap((column) => column.cards);
    const shown = passes ? all.filter(passes) : all;
    return [shown.filter(({ due }) => due !== ''), shown.filter(({ due }) => due === '')];
  }, [view, passes]);

  const reschedule = useCallback(
    (card: Card, day: string): void => {
      const title = card.title || t.cardUntitled;
      const act = acts.editCard(card.id, day === '' ? { due: '' } : dueOn(card, day));
      did(day === '' ? t.didUndate(title) : t.didDate(title, showDay(day, lang, today)), act);
    },
    [acts, did, lang, t, today],
  );
  const { drag, onPointerDown } = useCardDrag(reschedule);
  const keyed = (event: KeyboardEvent, card: Card): void => {
    const days = steps[event.key];
    if (!canEdit || !event.shiftKey || event.ctrlKey || event.altKey || days === undefined) return;
    event.preventDefault();
    const day = addDays(card.due || addDays(today, -days), days);
    if (!isShown(day, weeks)) setAnchor(day);
    reschedule(card, day);
    focusCard(card.id, card.column);
  };
  const chip = (card: Card): ReactNode => (
    <CardChip
      card={card}
      lifted={drag?.card.id === card.id}
      onPress={() => {
        openCard(card.id);
      }}
      onKeyDown={(event) => {
        keyed(event, card);
      }}
      onPointerDown={(event) => {
        if (canEdit) onPointerDown(event, card);
      }}
    />
  );

  const heading = new Intl.DateTimeFormat(locale, {
    ...(scale === 'week' && { day: 'numeric' }),
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const first = new Date(`${scale === 'week' ? (weeks[0] ?? anchor) : anchor}T12:00:00Z`);
  const last = new Date(`${addDays(weeks[0] ?? anchor, 6)}T12:00:00Z`);
  const period = scale === 'week' ? heading.formatRange(first, last) : heading.format(first);
  return (
    <main className={styles.view}>
      <div className={styles.bar}>
        <button
          type="button"
          className={controls.icon}
          aria-label={t.calendarEarlier}
          onClick={() => {
            setAnchor(turn(anchor, scale, -1));
          }}
        >
          <BackIcon />
        </button>
        <button
          type="button"
          className={controls.icon}
          aria-label={t.calendarLater}
          onClick={() => {
            setAnchor(turn(anchor, scale, 1));
          }}
        >
          <ForwardIcon />
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            setAnchor(today);
          }}
        >
          {t.dialogToday}
        </button>
        <h2 className={styles.period} aria-live="polite">
          {period}
        </h2>
        <span className={styles.space} />
        <div role="group" aria-label={t.scale} className={styles.scales}>
          {(['month', 'week'] as const).map((one) => (
            <button
              key={one}
              type="button"
              className={`${controls.button ?? ''} ${controls.small ?? ''}`}
              aria-pressed={scale === one}
              onClick={() => {
                setScale(one);
              }}
            >
              {one === 'month' ? t.scaleMonth : t.scaleWeek}
            </button>
          ))}
        </div>
      </div>
      {canEdit && (
        <p id="calendar-help" className="visually-hidden">
          {t.calendarHelp}
        </p>
      )}
      <div className={styles.body} data-narrow={narrow ? '' : undefined}>
        {narrow ? (
          <Agenda
            weeks={weeks}
            month={scale === 'month' ? anchor : null}
            cards={dated}
            chip={chip}
          />
        ) : (
          <Weeks
            weeks={weeks}
            month={scale === 'month' ? anchor : null}
            cards={dated}
            over={drag?.over ?? null}
            chip={chip}
            onMore={(day) => {
              setAnchor(day);
              setScale('week');
            }}
          />
        )}
        <section
          className={styles.undated}
          aria-label={t.calendarUndated}
          data-day=""
          data-over={drag?.over === '' ? '' : undefined}
        >
          <h3>
            {t.calendarUndated} <span className={styles.count}>{undated.length}</span>
          </h3>
          <ul>
            {undated.slice(0, listedAtOnce).map((card) => (
              <li key={card.id} data-card-id={card.id}>
                {chip(card)}
              </li>
            ))}
          </ul>
          {undated.length > listedAtOnce && (
            <p className={controls.hint}>{t.calendarMoreUndated(undated.length - listedAtOnce)}</p>
          )}
        </section>
      </div>
      {drag && (
        <div
          aria-hidden="true"
          className={styles.ghost}
          style={{ transform: `translate(${String(drag.x + 8)}px, ${String(drag.y + 8)}px)` }}
        >
          {drag.card.title || t.cardUntitled}
        </div>
      )}
    </main>
  );
}

/** Nobody reads a longer list; the filter and the table find what is further down. */
const listedAtOnce = 200;
