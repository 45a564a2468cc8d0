import { Draggable, type DraggableProvided, type DraggableStateSnapshot } from '@hello-pangea/dnd';
import { memo, type ElementType, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { MoreIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import { CardCover } from './CardCover';
import { CardMeta } from './CardMeta';
import styles from './CardView.module.css';
import { cardDrag } from './dragIDs';
import type { Card } from './model';
import { useSelected } from './selection';

interface CardViewProps {
  readonly card: Card;
  readonly index: number;
  /** The card lies in a column of finished cards. */
  readonly done: boolean;
  /** `li` in a plain list, `div` where the list makes its own entries. */
  readonly as: ElementType;
  /** Its id for the dragging library, where a card is there more than once. */
  readonly drag?: string;
}

/** A card in a list, which can be dragged. */
export const CardView = memo(function CardView(props: CardViewProps): ReactNode {
  const { canEdit } = useBoard();
  return (
    <Draggable
      draggableId={props.drag ?? cardDrag(props.card.id)}
      index={props.index}
      isDragDisabled={!canEdit}
    >
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
  const { canEdit, openCard, openCardMenu, selection } = useBoard();
  const title = card.title || t.cardUntitled;
  const selected = useSelected(selection, card.id);

  return (
    <Element
      ref={provided.innerRef}
      {...provided.draggableProps}
      className={styles.card}
      data-card-id={card.id}
      data-selected={selected ? '' : undefined}
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
        {selected && <span className="visually-hidden">{t.bulkChosen}</span>}
        <CardCover card={card} />
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
