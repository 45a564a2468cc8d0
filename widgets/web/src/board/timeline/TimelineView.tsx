import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { showDay } from '../../text/dates';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import type { CardChange } from '../acts';
import { nameOf, useBoard, useBoardView } from '../BoardContext';
import { PeriodBar } from '../dates/PeriodBar';
import bar from '../dates/PeriodBar.module.css';
import { useDatesMenu } from '../dates/useDatesMenu';
import { daysBetween } from '../days';
import { onReveal } from '../focus';
import type { Card } from '../model';
import { useNarrow } from '../useNarrow';
import type { ViewProps } from '../viewState';
import { timelineRows, type Grouping } from './rows';
import { barOf, stepOf, stretchAround, type TimelineScale } from './scale';
import { TimelineBar } from './TimelineBar';
import { TimelineHead } from './TimelineHead';
import styles from './TimelineView.module.css';

const rowHeight = 32;
const headHeight = 44;

/** The cards as bars from their start to the day they are due. */
export default function TimelineView({ passes }: ViewProps): ReactNode {
  const t = useTexts();
  const { index, acts, did, canEdit, members, lang, today } = useBoard();
  const view = useBoardView(index);
  const [anchor, setAnchor] = useState(today);
  const [scale, setScale] = useState<TimelineScale>('week');
  const [by, setBy] = useState<Grouping>('column');
  const side = useNarrow() ? 132 : 220;
  const stretch = useMemo(() => stretchAround(anchor, scale), [anchor, scale]);
  const rows = useMemo(
    () =>
      timelineRows(view.columns, passes ?? (() => true), by, stretch, {
        of: (user) => nameOf(user, members, t),
        nobody: t.filterNobody,
      }),
    [view, passes, by, stretch, members, t],
  );
  const missing = useMemo(() => {
    let without = 0;
    for (const { cards } of view.columns) {
      for (const card of cards) if (card.due === '' && (!passes || passes(card))) without += 1;
    }
    return without;
  }, [view, passes]);

  const box = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    scrollMargin: headHeight,
    overscan: 10,
    getItemKey: (row) => rows[row]?.id ?? row,
  });
  useEffect(
    () =>
      onReveal((card) => {
        const at = rows.findIndex((row) => row.kind === 'card' && row.card.id === card);
        if (at >= 0) virtualizer.scrollToIndex(at);
        return at >= 0;
      }),
    [rows, virtualizer],
  );
  // What lies around the chosen day is in sight, a third from the left.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const room = element.clientWidth - side;
    element.scrollLeft = daysBetween(stretch.first, anchor) * stretch.width - room / 3;
  }, [stretch, anchor, side]);

  const change = useCallback(
    (card: Card, to: CardChange | null): void => {
      if (!to) return;
      const title = card.title || t.cardUntitled;
      const day = to.due ?? card.due;
      const act = acts.editCard(card.id, to);
      did(day === '' ? t.didUndate(title) : t.didDate(title, showDay(day, lang, today)), act);
      if (day !== '' && barOf({ ...card, ...to }, stretch) === null) setAnchor(day);
    },
    [acts, did, lang, t, today, stretch],
  );
  const dates = useDatesMenu(change);
  const now = daysBetween(stretch.first, today);
  const width = stretch.days * stretch.width;

  return (
    <main className={bar.view}>
      <PeriodBar
        scale={scale}
        scales={[
          ['day', t.scaleDay],
          ['week', t.scaleWeek],
          ['month', t.scaleMonth],
        ]}
        onScale={setScale}
        onTurn={(turned) => {
          setAnchor(stepOf(anchor, scale, turned));
        }}
        onToday={() => {
          setAnchor(today);
        }}
        about={missing > 0 && <span className={controls.hint}>{t.timelineUndated(missing)}</span>}
        more={
          <select
            className={`${controls.field ?? ''} ${styles.group ?? ''}`}
            aria-label={t.timelineBy}
            value={by}
            onChange={(event) => {
              setBy(event.target.value === 'person' ? 'person' : 'column');
            }}
          >
            <option value="column">{t.timelineByColumn}</option>
            <option value="person">{t.timelineByPerson}</option>
          </select>
        }
      />
      {canEdit && (
        <p id="timeline-help" className="visually-hidden">
          {t.timelineHelp}
        </p>
      )}
      <div
        ref={box}
        className={styles.box}
        role="region"
        aria-label={t.viewTimeline}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled
        tabIndex={0}
      >
        <div className={styles.sheet} style={{ width: side + width }}>
          <TimelineHead stretch={stretch} scale={scale} side={side} />
          <div className={styles.rows} role="list" style={{ height: virtualizer.getTotalSize() }}>
            {now >= 0 && now < stretch.days && (
              <div
                aria-hidden="true"
                className={styles.today}
                style={{ left: side + (now + 0.5) * stretch.width }}
              />
            )}
            {virtualizer.getVirtualItems().map((slot) => {
              const row = rows[slot.index];
              if (!row) return null;
              const place = { top: slot.start - headHeight };
              return row.kind === 'group' ? (
                <div key={slot.key} role="listitem" className={styles.groupRow} style={place}>
                  <h3 className={styles.groupName} dir="auto">
                    {row.title} <span className={styles.count}>{row.cards}</span>
                  </h3>
                </div>
              ) : (
                <TimelineBar
                  key={slot.key}
                  card={row.card}
                  bar={row.bar}
                  top={place.top}
                  side={side}
                  stretch={stretch}
                  onChange={change}
                  onMenu={dates.open}
                />
              );
            })}
          </div>
          {rows.length === 0 && <p className={styles.none}>{t.timelineEmpty}</p>}
        </div>
      </div>
      {dates.menu}
    </main>
  );
}
