import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { addDays, showDay } from '../../text/dates';
import { localeOf, useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import type { CardChange } from '../acts';
import { useBoard, useBoardView } from '../BoardContext';
import { MoveButton } from '../dates/MoveButton';
import { PeriodBar } from '../dates/PeriodBar';
import bar from '../dates/PeriodBar.module.css';
import { useDatesMenu } from '../dates/useDatesMenu';
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

  const change = useCallback(
    (card: Card, to: CardChange): void => {
      const title = card.title || t.cardUntitled;
      const day = to.due ?? card.due;
      const act = acts.editCard(card.id, to);
      did(day === '' ? t.didUndate(title) : t.didDate(title, showDay(day, lang, today)), act);
      if (day !== '' && !isShown(day, weeks)) setAnchor(day);
    },
    [acts, did, lang, t, today, weeks],
  );
  const { drag, onPointerDown } = useCardDrag((card, day) => {
    change(card, day === '' ? { due: '' } : dueOn(card, day));
  });
  const dates = useDatesMenu(change);
  const keyed = (event: KeyboardEvent, card: Card): void => {
    const days = steps[event.key];
    if (!canEdit || !event.shiftKey || event.ctrlKey || event.altKey || days === undefined) return;
    event.preventDefault();
    change(card, dueOn(card, addDays(card.due || addDays(today, -days), days)));
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
    >
      {canEdit && (
        <MoveButton
          card={card}
          className={styles.move}
          onOpen={(anchor) => {
            dates.open(card, anchor);
          }}
        />
      )}
    </CardChip>
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
    <main className={bar.view}>
      <PeriodBar
        scale={scale}
        scales={[
          ['month', t.scaleMonth],
          ['week', t.scaleWeek],
        ]}
        onScale={setScale}
        onTurn={(by) => {
          setAnchor(turn(anchor, scale, by));
        }}
        onToday={() => {
          setAnchor(today);
        }}
        about={
          <h2 className={styles.period} aria-live="polite">
            {period}
          </h2>
        }
      />
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
      {dates.menu}
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
