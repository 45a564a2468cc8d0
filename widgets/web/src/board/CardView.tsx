import { Draggable, type DraggableProvided, type DraggableStateSnapshot } from '@hello-pangea/dnd';
import {
  memo,
  useSyncExternalStore,
  type ElementType,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { useHub } from '../hub/hub';
import { dueState, showDay } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar, LabelChip } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { AlertIcon, CheckIcon, ClockIcon, CommentIcon, MoreIcon, TextIcon } from '../ui/icons';
import { nameOf, useBoard } from './BoardContext';
import styles from './CardView.module.css';
import { cardDrag } from './dragIDs';
import type { Card } from './model';

interface CardViewProps {
  readonly card: Card;
  readonly index: number;
  /** The card lies in a column of finished cards. */
  readonly done: boolean;
  /** `li` in a plain list, `div` where the list makes its own entries. */
  readonly as: ElementType;
}

/** A card in a list, which can be dragged. */
export const CardView = memo(function CardView(props: CardViewProps): ReactNode {
  const { canEdit } = useBoard();
  return (
    <Draggable draggableId={cardDrag(props.card.id)} index={props.index} isDragDisabled={!canEdit}>
      {(provided, snapshot) => <CardBody {...props} provided={provided} snapshot={snapshot} />}
    </Draggable>
  );
});

/** The card itself, also while it floats above the board. */
export function CardBody(
  props: Omit<CardViewProps, 'index'> & {
    readonly provided: DraggableProvided;
    readonly snapshot: DraggableStateSnapshot;
  },
): ReactNode {
  const { card, provided, snapshot, as: Element } = props;
  const t = useTexts();
  const { canEdit, openCard, openCardMenu } = useBoard();
  const title = card.title || t.cardUntitled;

  return (
    <Element
      ref={provided.innerRef}
      {...provided.draggableProps}
      className={styles.card}
      data-card-id={card.id}
      data-lifted={snapshot.isDragging && !snapshot.isDropAnimating ? '' : undefined}
    >
      <div
        role="button"
        tabIndex={0}
        {...(provided.dragHandleProps ?? {})}
        className={styles.face}
        data-card-face=""
        onClick={(event: MouseEvent) => {
          if (!event.defaultPrevented) openCard(card.id);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          // Space picks the card up; where nothing can be dragged it presses, as on any button.
          const presses = event.key === 'Enter' || (event.key === ' ' && !canEdit);
          if (presses && !snapshot.isDragging) {
            event.preventDefault();
            openCard(card.id);
          }
        }}
      >
        <span className={styles.title} dir="auto">
          {title}
        </span>
        <CardMeta card={card} done={props.done} />
      </div>
      {canEdit && (
        <button
          type="button"
          className={`${controls.icon ?? ''} ${styles.menu ?? ''}`}
          aria-label={t.cardActions(title)}
          aria-haspopup="menu"
          onClick={(event) => {
            openCardMenu(card, event.currentTarget);
          }}
        >
          <MoreIcon />
        </button>
      )}
    </Element>
  );
}

function CardMeta({ card, done }: { card: Card; done: boolean }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const { members } = useBoard();
  const comments = useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state.counts.get(card.id) ?? 0,
  );
  const names = card.assignees.map((user) => nameOf(user, members, t));

  return (
    <>
      {card.labels.length > 0 && (
        <span className={styles.labels}>
          <span className="visually-hidden">{t.cardLabels(card.labels.join(', '))}</span>
          <span aria-hidden="true" className={styles.labels}>
            {card.labels.map((label) => (
              <LabelChip key={label} label={label} />
            ))}
          </span>
        </span>
      )}
      <span className={styles.meta}>
        {card.number && <span>{t.cardNumber(card.number)}</span>}
        {card.due && <Due due={card.due} done={done} />}
        {card.description && <TextIcon />}
        {comments > 0 && (
          <span className={styles.fact} title={t.comments(comments)}>
            <CommentIcon />
            <span aria-hidden="true">{comments}</span>
            <span className="visually-hidden">{t.comments(comments)}</span>
          </span>
        )}
        {names.length > 0 && (
          <span className={styles.people}>
            <span className="visually-hidden">{t.cardAssigned(names.join(', '))}</span>
            {card.assignees.slice(0, 3).map((user) => (
              <Avatar key={user} small user={user} name={nameOf(user, members, t)} />
            ))}
            {card.assignees.length > 3 && (
              <span aria-hidden="true">+{card.assignees.length - 3}</span>
            )}
          </span>
        )}
      </span>
    </>
  );
}

function Due({ due, done }: { due: string; done: boolean }): ReactNode {
  const t = useTexts();
  const { lang, today } = useBoard();
  const state = done ? 'done' : dueState(due, today);
  const day = showDay(due, lang, today);
  const said = {
    done: t.due(day),
    overdue: t.dueOverdue(day),
    today: t.dueToday,
    tomorrow: t.dueTomorrow,
    later: t.due(day),
  }[state];
  const Icon = {
    done: CheckIcon,
    overdue: AlertIcon,
    today: ClockIcon,
    tomorrow: ClockIcon,
    later: ClockIcon,
  }[state];
  return (
    <span className={styles.due} data-due={state} title={said}>
      <Icon />
      {state === 'later' || state === 'done' ? (
        <>
          <span aria-hidden="true">{day}</span>
          <span className="visually-hidden">{said}</span>
        </>
      ) : (
        said
      )}
    </span>
  );
}
