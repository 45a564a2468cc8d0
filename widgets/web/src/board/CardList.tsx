import {
  Droppable,
  type DraggableProvided,
  type DraggableRubric,
  type DraggableStateSnapshot,
} from '@hello-pangea/dnd';
import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import { CardBody, CardView } from './CardView';
import styles from './ColumnView.module.css';
import { itemOf, listDrop } from './dragIDs';
import { onReveal } from './focus';
import type { Card } from './model';

interface CardListProps {
  readonly column: string;
  readonly title: string;
  readonly cards: readonly Card[];
  readonly done: boolean;
  readonly filtered: boolean;
}

/** Longer lists keep only what is in sight in the page. */
const plainUpTo = 60;
const usualHeight = 78;

/** The cards of a column. */
export function CardList(props: CardListProps): ReactNode {
  // A list that was long stays virtual: changing over would throw away its scroll position.
  const [long, setLong] = useState(props.cards.length > plainUpTo);
  if (!long && props.cards.length > plainUpTo) setLong(true);
  return long ? <LongList key="long" {...props} /> : <PlainList key="plain" {...props} />;
}

function PlainList({ column, title, cards, done, filtered }: CardListProps): ReactNode {
  return (
    <Droppable droppableId={listDrop(column)} type="card">
      {(provided, snapshot) => (
        <div
          ref={provided.innerRef}
          {...provided.droppableProps}
          className={styles.list}
          data-over={snapshot.isDraggingOver ? '' : undefined}
          data-empty={cards.length === 0 ? '' : undefined}
        >
          {cards.length > 0 ? (
            <ul aria-label={title}>
              {cards.map((card, index) => (
                <CardView key={card.id} as="li" card={card} index={index} done={done} />
              ))}
              {provided.placeholder}
            </ul>
          ) : (
            <>
              {!snapshot.isDraggingOver && <Empty filtered={filtered} />}
              {provided.placeholder}
            </>
          )}
        </div>
      )}
    </Droppable>
  );
}

function Empty({ filtered }: { filtered: boolean }): ReactNode {
  const t = useTexts();
  return <p className={styles.empty}>{filtered ? t.filterNone : t.columnEmpty}</p>;
}

/**
 * While a card is dragged out of its slot the slot is empty; it has to keep its height, or
 * everything below would jump.
 */
function measure(
  element: Element,
  _: unknown,
  virtualizer: Virtualizer<HTMLElement, Element>,
): number {
  if (element.childElementCount > 0) return element.getBoundingClientRect().height;
  const index = virtualizer.indexFromElement(element);
  return virtualizer.measurementsCache[index]?.size ?? usualHeight;
}

function LongList({ column, title, cards, done, filtered }: CardListProps): ReactNode {
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualHeight,
    overscan: 8,
    getItemKey: (index) => cards[index]?.id ?? index,
    measureElement: measure,
  });

  useEffect(
    () =>
      onReveal((card) => {
        const at = cards.findIndex(({ id }) => id === card);
        if (at >= 0) virtualizer.scrollToIndex(at);
        return at >= 0;
      }),
    [cards, virtualizer],
  );

  const clone = (
    provided: DraggableProvided,
    snapshot: DraggableStateSnapshot,
    rubric: DraggableRubric,
  ): ReactNode => {
    const card = cards.find(({ id }) => id === itemOf(rubric.draggableId));
    return (
      card && <CardBody as="div" card={card} done={done} provided={provided} snapshot={snapshot} />
    );
  };

  return (
    <Droppable droppableId={listDrop(column)} type="card" mode="virtual" renderClone={clone}>
      {(provided, snapshot) => (
        <div
          ref={(element) => {
            provided.innerRef(element);
            scroller.current = element;
          }}
          {...provided.droppableProps}
          className={styles.list}
          data-over={snapshot.isDraggingOver ? '' : undefined}
          data-empty={cards.length === 0 ? '' : undefined}
        >
          {cards.length === 0 && <Empty filtered={filtered} />}
          <ul
            aria-label={title}
            className={styles.slots}
            style={{
              height: virtualizer.getTotalSize() + (snapshot.isUsingPlaceholder ? usualHeight : 0),
            }}
          >
            {virtualizer.getVirtualItems().map((slot) => (
              <Slot
                key={slot.key}
                slot={slot}
                card={cards[slot.index]}
                of={cards.length}
                done={done}
                measured={virtualizer.measureElement}
              />
            ))}
          </ul>
        </div>
      )}
    </Droppable>
  );
}

function Slot(props: {
  slot: VirtualItem;
  card: Card | undefined;
  of: number;
  done: boolean;
  measured: (element: Element | null) => void;
}): ReactNode {
  const { slot, card } = props;
  return (
    card && (
      <li
        ref={props.measured}
        data-index={slot.index}
        aria-setsize={props.of}
        aria-posinset={slot.index + 1}
        className={styles.slot}
        style={{ top: slot.start }}
      >
        <CardView as="div" card={card} index={slot.index} done={props.done} />
      </li>
    )
  );
}
