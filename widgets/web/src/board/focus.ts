/**
 * Puts the focus on a card after it has been moved by other means than dragging: its element in
 * the old column is gone, and with it the focus. Waits for the closing menu to give focus back.
 */
export function focusCard(card: string): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const face = document.querySelector<HTMLElement>(
        `[data-card-id="${CSS.escape(card)}"] [data-card-face]`,
      );
      face?.focus();
      face?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  });
}
