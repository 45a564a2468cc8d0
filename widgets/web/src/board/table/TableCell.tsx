import type { ReactNode } from 'react';
import { dueState, showDay } from '../../text/dates';
import { useTexts } from '../../text/text';
import { Avatar } from '../../ui/Avatar';
import { AlertIcon } from '../../ui/icons';
import { nameOf, useBoard } from '../BoardContext';
import { BoardLabel } from '../BoardLabel';
import { priorityName } from '../priorityName';
import type { Card } from '../model';
import { useSelected } from '../selection';
import type { GridColumn } from './columns';
import styles from './TableView.module.css';

/** What stands in a cell. */
export function TableCell({ card, column }: { card: Card; column: GridColumn }): ReactNode {
  const t = useTexts();
  const { index, lang, today, members } = useBoard();
  const lies = index.column(card.column);
  switch (column) {
    case 'select':
      return <SelectCell card={card} />;
    case 'number':
      return <span className={styles.number}>{card.number && t.cardNumber(card.number)}</span>;
    case 'title':
      return (
        <span className={styles.title} dir="auto">
          {card.title || t.cardUntitled}
        </span>
      );
    case 'column':
      return (
        <span className={styles.text} dir="auto">
          {lies?.title}
        </span>
      );
    case 'assignees':
      return <People users={card.assignees} />;
    case 'labels':
      return (
        <span className={styles.chips}>
          {card.labels.map((label) => (
            <BoardLabel key={label} label={label} />
          ))}
        </span>
      );
    case 'priority':
      return card.priority && <Priority priority={card.priority} />;
    case 'start':
      return card.start && showDay(card.start, lang, today);
    case 'due': {
      if (!card.due) return '';
      const state = lies?.done ? 'done' : dueState(card.due, today);
      const day = showDay(card.due, lang, today);
      return (
        <span className={styles.due} data-due={state}>
          {state === 'overdue' ? (
            <>
              <AlertIcon />
              <span aria-hidden="true">{day}</span>
              <span className="visually-hidden">{t.dueOverdue(day)}</span>
            </>
          ) : (
            day
          )}
        </span>
      );
    }
    case 'created':
      return (
        card.created && (
          <span title={nameOf(card.createdBy, members, t)}>
            {showDay(card.created.slice(0, 10), lang, today)}
          </span>
        )
      );
  }
}

/** Chooses the card for what is done with several. */
function SelectCell({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { selection } = useBoard();
  const selected = useSelected(selection, card.id);
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      className={styles.check}
      aria-label={t.bulkSelectCard(card.title || t.cardUntitled)}
      checked={selected}
      onChange={() => {
        selection.toggle(card.id);
      }}
    />
  );
}

function Priority({ priority }: { priority: 'urgent' | 'high' | 'low' }): ReactNode {
  const t = useTexts();
  return (
    <span className={styles.priority} data-priority={priority}>
      {priorityName(priority, t)}
    </span>
  );
}

function People({ users }: { users: readonly string[] }): ReactNode {
  const t = useTexts();
  const { members } = useBoard();
  const names = users.map((user) => nameOf(user, members, t));
  return (
    <span className={styles.people} title={names.join(', ')}>
      {users.slice(0, 3).map((user) => (
        <Avatar key={user} small user={user} name={nameOf(user, members, t)} />
      ))}
      <span className={styles.text} dir="auto">
        {names.join(', ')}
      </span>
    </span>
  );
}
