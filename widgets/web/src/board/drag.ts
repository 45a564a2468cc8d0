import type { DragStart, DragUpdate, DropResult, ResponderProvided } from '@hello-pangea/dnd';
import type { Texts } from '../text/text';
import type { BoardActs } from './acts';
import type { BoardView } from './boardIndex';
import { columnsDrop, itemOf } from './dragIDs';
import type { Passes } from './filter';
import type { Card, Column } from './model';

/** What a drag has to know of the board as it is shown. */
export interface Dragged {
  readonly view: BoardView;
  /** Null if every card is shown. */
  readonly passes: Passes | null;
  readonly t: Texts;
}

/** What is dragged is called so. */
export function titleOfDragged(dragID: string, type: string, { view, t }: Dragged): string {
  const id = itemOf(dragID);
  if (type === 'column') return view.columns.find((column) => column.id === id)?.title ?? '';
  for (const column of view.columns) {
    const card = column.cards.find((candidate) => candidate.id === id);
    if (card) return card.title || t.cardUntitled;
  }
  return '';
}

function shownCards(column: Column | undefined, { passes }: Dragged): readonly Card[] {
  const cards = column?.cards ?? [];
  return passes ? cards.filter(passes) : cards;
}

/**
 * Lets empty columns grow for the time of a drag until what is dragged fits into them, before the
 * library measures: with the keyboard it moves nothing to where there is no room for it.
 */
export function makeRoom(dragID: string): void {
  const root = document.documentElement;
  const dragged = document.querySelector<HTMLElement>(
    `[data-rfd-draggable-id="${CSS.escape(dragID)}"]`,
  );
  root.dataset.dragging = '';
  root.style.setProperty('--dragged-height', `${String(dragged?.offsetHeight ?? 0)}px`);
}

/** Says that something was picked up. */
export function announceStart(start: DragStart, provided: ResponderProvided, on: Dragged): void {
  const { index, droppableId } = start.source;
  const of =
    start.type === 'column'
      ? on.view.columns.length
      : shownCards(columnAt(droppableId, on.view), on).length;
  provided.announce(
    on.t.dragLifted(titleOfDragged(start.draggableId, start.type, on), index + 1, of),
  );
}

/** Says where it would be dropped now. */
export function announceUpdate(update: DragUpdate, provided: ResponderProvided, on: Dragged): void {
  const { destination, source } = update;
  const title = titleOfDragged(update.draggableId, update.type, on);
  if (!destination) {
    provided.announce(on.t.dragNowhere);
  } else if (update.type === 'column') {
    provided.announce(on.t.dragMoved(title, destination.index + 1, on.view.columns.length));
  } else {
    const column = columnAt(destination.droppableId, on.view);
    const cards = shownCards(column, on).length;
    const home = destination.droppableId === source.droppableId;
    provided.announce(
      on.t.dragMovedTo(title, column?.title ?? '', destination.index + 1, home ? cards : cards + 1),
    );
  }
}

/** Does what a drop means; returns the text and act to offer for undoing, or null. */
export function drop(
  result: DropResult,
  provided: ResponderProvided,
  on: Dragged,
  acts: BoardActs,
): { readonly text: string; readonly act: string } | null {
  const { destination, source, draggableId, type } = result;
  const title = titleOfDragged(draggableId, type, on);
  if (result.reason === 'CANCEL' || !destination) {
    provided.announce(on.t.dragCancelled(title));
    return null;
  }
  provided.announce(on.t.dragDropped(title));
  if (destination.droppableId === source.droppableId && destination.index === source.index) {
    return null;
  }
  const id = itemOf(draggableId);
  if (destination.droppableId === columnsDrop) {
    const others = on.view.columns.filter((column) => column.id !== id);
    const before = others[destination.index]?.id ?? null;
    return { text: on.t.didMoveColumn(title), act: acts.moveColumn(id, before) };
  }
  const column = columnAt(destination.droppableId, on.view);
  if (!column) return null;
  const before = cardAfterDrop(column, shownCards(column, on), id, destination.index);
  return { text: on.t.didMove(title, column.title), act: acts.moveCard(id, column.id, before) };
}

/**
 * The card that follows after a drop, among all cards of the column: where a filter hides some,
 * a drop at the end of what is shown lands right behind the last card shown.
 */
export function cardAfterDrop(
  column: Column,
  shown: readonly Card[],
  moved: string,
  index: number,
): string | null {
  const others = shown.filter((card) => card.id !== moved);
  const next = others[index];
  if (next) return next.id;
  const last = others.at(-1);
  if (!last) return null;
  const all = column.cards.filter((card) => card.id !== moved);
  return all[all.findIndex((card) => card.id === last.id) + 1]?.id ?? null;
}

function columnAt(droppableID: string, view: BoardView): Column | undefined {
  const id = itemOf(droppableID);
  return view.columns.find((column) => column.id === id);
}
