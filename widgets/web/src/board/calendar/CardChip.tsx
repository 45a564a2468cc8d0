import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { dueState, showDay } from '../../text/dates';
import { useTexts } from '../../text/text';
import { useBoard } from '../BoardContext';
import type { Card } from '../model';
import { useSelected } from '../selection';
import styles from './CalendarView.module.css';

/** A card in the calendar, in one line. What it is called says when it is due. */
export function CardChip(props: {
  card: Card;
  lifted: boolean;
  onPress: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onPointerDown: (event: PointerEvent) => void;
  /** What can be done with it beside opening it. */
  children: ReactNode;
}): ReactNode {
  const { card } = props;
  const t = useTexts();
  const { index, lang, today, canEdit, selection } = useBoard();
  const selected = useSelected(selection, card.id);
  const done = index.column(card.column)?.done ?? false;
  const state = card.due === '' ? undefined : done ? 'done' : dueState(card.due, today);
  const day = showDay(card.due, lang, today);
  const said = state === 'overdue' ? t.dueOverdue(day) : t.due(day);
  return (
    <div
      className={styles.chip}
      data-due={state}
      data-priority={card.priority || undefined}
      data-selected={selected ? '' : undefined}
      data-lifted={props.lifted ? '' : undefined}
    >
      <button
        type="button"
        className={styles.face}
        data-card-face=""
        aria-describedby={canEdit ? 'calendar-help' : undefined}
        title={card.title}
        onClick={props.onPress}
        onKeyDown={props.onKeyDown}
        onPointerDown={props.onPointerDown}
      >
        <span className={styles.title} dir="auto">
          {card.title || t.cardUntitled}
        </span>
        {selected && <span className="visually-hidden">{t.bulkChosen}</span>}
        {state && <span className="visually-hidden">{said}</span>}
      </button>
      {props.children}
    </div>
  );
}
