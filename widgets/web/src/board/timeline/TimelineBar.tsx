import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { dueState, showDay } from '../../text/dates';
import { useTexts } from '../../text/text';
import type { CardChange } from '../acts';
import { useBoard } from '../BoardContext';
import { MoveButton } from '../dates/MoveButton';
import type { Card } from '../model';
import { followPointer } from '../pointerDrag';
import { endBy, firstDayOf, moveBy, startBy } from '../schedule';
import { useSelected } from '../selection';
import { barOf, daysIn, type Bar, type Stretch } from './scale';
import styles from './TimelineView.module.css';

/** What is taken hold of: the whole bar or one of its ends. */
type Grip = 'whole' | 'start' | 'end';

const ways: Readonly<Record<Grip, (card: Card, days: number) => CardChange | null>> = {
  whole: moveBy,
  start: startBy,
  end: endBy,
};

/** What a key does to a card: which part moves how far. */
function keyStep(event: KeyboardEvent): readonly [Grip, number] | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === '+') return ['end', 1];
  if (event.key === '-') return ['end', -1];
  if (event.key === '<') return ['start', -1];
  if (event.key === '>') return ['start', 1];
  if (!event.shiftKey) return null;
  if (event.key === 'ArrowLeft') return ['whole', -1];
  if (event.key === 'ArrowRight') return ['whole', 1];
  if (event.key === 'ArrowUp') return ['whole', -7];
  if (event.key === 'ArrowDown') return ['whole', 7];
  return null;
}

/** A card's row: its title, and its bar, which can be moved and drawn longer. */
export function TimelineBar(props: {
  card: Card;
  bar: Bar;
  top: number;
  side: number;
  stretch: Stretch;
  onChange: (card: Card, change: CardChange | null) => void;
  onMenu: (card: Card, anchor: HTMLElement) => void;
}): ReactNode {
  const { card, stretch, onChange, side } = props;
  const t = useTexts();
  const { index, canEdit, lang, today, openCard, selection } = useBoard();
  const selected = useSelected(selection, card.id);
  const [drag, setDrag] = useState<{ grip: Grip; days: number } | null>(null);
  const meant = drag ? ways[drag.grip](card, drag.days) : null;
  const bar = (meant && barOf({ ...card, ...meant }, stretch)) ?? props.bar;
  const done = index.column(card.column)?.done ?? false;
  const title = card.title || t.cardUntitled;
  const day = showDay(card.due, lang, today);
  const said = bar.dot
    ? t.timelineDue(title, day)
    : t.timelineSpan(title, showDay(firstDayOf(card), lang, today), day);

  const grasp = (event: PointerEvent, grip: Grip): void => {
    if (!canEdit) return;
    event.stopPropagation();
    const from = event.clientX;
    followPointer(event, {
      onMove: (x) => {
        setDrag({ grip, days: daysIn(x - from, stretch) });
      },
      onDrop: (x) => {
        setDrag(null);
        const days = daysIn(x - from, stretch);
        if (days !== 0) onChange(card, ways[grip](card, days));
      },
      onCancel: () => {
        setDrag(null);
      },
    });
  };
  const keyed = (event: KeyboardEvent): void => {
    const step = canEdit ? keyStep(event) : null;
    if (!step) return;
    event.preventDefault();
    onChange(card, ways[step[0]](card, step[1]));
  };

  return (
    <div role="listitem" className={styles.row} data-card-id={card.id} style={{ top: props.top }}>
      <span className={styles.name} style={{ width: side }}>
        <span aria-hidden="true" className={styles.nameText} dir="auto" title={title}>
          {title}
        </span>
        {canEdit && (
          <MoveButton
            card={card}
            onOpen={(anchor) => {
              props.onMenu(card, anchor);
            }}
          />
        )}
      </span>
      <button
        type="button"
        className={styles.span}
        data-card-face=""
        data-dot={bar.dot ? '' : undefined}
        data-due={done ? 'done' : dueState(card.due, today)}
        data-selected={selected ? '' : undefined}
        data-dragged={drag ? '' : undefined}
        data-earlier={bar.earlier ? '' : undefined}
        data-later={bar.later ? '' : undefined}
        aria-label={selected ? `${said}, ${t.bulkChosen}` : said}
        aria-describedby={canEdit ? 'timeline-help' : undefined}
        title={said}
        style={{ left: side + bar.left, width: bar.width }}
        onClick={() => {
          openCard(card.id);
        }}
        onKeyDown={keyed}
        onPointerDown={(event) => {
          grasp(event, 'whole');
        }}
      >
        {canEdit && (
          <>
            {!bar.earlier && (
              <span
                className={styles.grip}
                data-end="start"
                onPointerDown={(event) => {
                  grasp(event, 'start');
                }}
              />
            )}
            {!bar.later && (
              <span
                className={styles.grip}
                data-end="end"
                onPointerDown={(event) => {
                  grasp(event, 'end');
                }}
              />
            )}
          </>
        )}
        {drag && (
          <span className={styles.dates}>
            {meant
              ? showDay(
                  meant.start !== undefined && drag.grip === 'start'
                    ? meant.start
                    : (meant.due ?? card.due),
                  lang,
                  today,
                )
              : day}
          </span>
        )}
      </button>
    </div>
  );
}
