/**
 * Remembers what has the focus, so that it can be given back later. A card that moves into another
 * column is drawn anew; then the same control of the new drawing is meant.
 */
export function wayBackTo(element: HTMLElement): () => void {
  const card = element.closest<HTMLElement>('[data-card-id]');
  const at = card ? controlsOf(card).indexOf(element) : -1;
  return () => {
    if (element.isConnected || !card) {
      element.focus();
      return;
    }
    const selector = `[data-card-id="${CSS.escape(card.dataset.cardId ?? '')}"]`;
    const anew = document.querySelector<HTMLElement>(selector);
    if (anew) controlsOf(anew)[at]?.focus();
  };
}

function controlsOf(card: HTMLElement): HTMLElement[] {
  return [...card.querySelectorAll<HTMLElement>('button, [role="button"]')];
}
