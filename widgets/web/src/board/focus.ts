import type { Card, Column } from './model';

/**
 * Puts the focus on a card after it has been moved by other means than dragging: its element in
 * the old column is gone, and with it the focus.
 */
export function focusCard(card: string): void {
  focusLater(`[data-card-id="${CSS.escape(card)}"] [data-card-face]`);
}

/** Puts the focus on a column's title, for example after it was renamed. */
export function focusColumn(column: string): void {
  focusLater(`[data-column-id="${CSS.escape(column)}"] h2 [role="button"]`);
}

/** Puts the focus beside a card that is about to disappear. */
export function focusBeside(card: Card, column: Column): void {
  const at = column.cards.findIndex(({ id }) => id === card.id);
  const neighbour = column.cards[at + 1] ?? column.cards[at - 1];
  if (neighbour) focusCard(neighbour.id);
  else focusColumn(column.id);
}

/** Waits until the page is drawn anew and a closing menu or dialog has given the focus back. */
function focusLater(selector: string): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const element = document.querySelector<HTMLElement>(selector);
      element?.focus();
      element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  });
}
