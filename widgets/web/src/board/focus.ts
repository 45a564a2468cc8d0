import type { Card, Column } from './model';

/** Brings a card of a long list into the page; false if the list does not have it. */
type Reveal = (card: string) => boolean;

const longLists = new Set<Reveal>();

/** A list of which only what is in sight is in the page says how it shows one of its cards. */
export function onReveal(reveal: Reveal): () => void {
  longLists.add(reveal);
  return () => longLists.delete(reveal);
}

/** A long list scrolls, and draws with the next frames; how many it may take. */
const patience = 30;

/**
 * Puts the focus on a card after it has been moved by other means than dragging: its element in
 * the old column is gone, and with it the focus. Where a filter hides the card its column gets it.
 */
export function focusCard(card: string, column: string): void {
  afterDrawing(() => {
    goToCard(card, column);
  });
}

/** Does so at once. */
export function goToCard(card: string, column: string): void {
  if (focusOn(faceOf(card))) return;
  const revealed = [...longLists].some((reveal) => reveal(card));
  if (revealed) focusWhenThere(card, column, patience);
  else focusOn(titleOf(column));
}

function focusWhenThere(card: string, column: string, frames: number): void {
  requestAnimationFrame(() => {
    if (focusOn(faceOf(card))) return;
    if (frames > 0) focusWhenThere(card, column, frames - 1);
    else focusOn(titleOf(column));
  });
}

/** Puts the focus on a column's title, for example after it was renamed. */
export function focusColumn(column: string): void {
  afterDrawing(() => {
    goToColumn(column);
  });
}

/** Does so at once. */
export function goToColumn(column: string): void {
  focusOn(titleOf(column));
}

/**
 * Calls back if nothing has the focus after a dialog has closed: it came from a menu that closed
 * before it, or its card has been moved meanwhile, and there is nothing to give the focus back to.
 * Whatever the dialog did has had its turn to say where the focus goes.
 */
export function ifFocusIsLost(then: () => void): void {
  afterDrawing(() => {
    requestAnimationFrame(() => {
      if (document.activeElement === null || document.activeElement === document.body) then();
    });
  });
}

/** Puts the focus beside a card that is about to disappear. */
export function focusBeside(card: Card, column: Column): void {
  const at = column.cards.findIndex(({ id }) => id === card.id);
  const others = [...column.cards.slice(at + 1), ...column.cards.slice(0, at).reverse()];
  const neighbour = others.find(({ id }) => faceOf(id));
  if (neighbour) focusCard(neighbour.id, column.id);
  else focusColumn(column.id);
}

function faceOf(card: string): HTMLElement | null {
  return document.querySelector(`[data-card-id="${CSS.escape(card)}"] [data-card-face]`);
}

function titleOf(column: string): HTMLElement | null {
  return document.querySelector(`[data-column-id="${CSS.escape(column)}"] h2 [role="button"]`);
}

function focusOn(element: HTMLElement | null): boolean {
  element?.focus();
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return element !== null;
}

/** Waits until the page is drawn anew and a closing menu or dialog has given the focus back. */
function afterDrawing(then: () => void): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(then);
  });
}
