import { useEffect, useRef } from 'react';
import type { Selection } from './selection';

/**
 * Ctrl and a press choose a card instead of opening it, Shift reaches to it; in every view, for
 * in all of them a card is marked alike.
 */
export function useSelectionClicks(
  selection: Selection,
  canEdit: boolean,
  order: () => readonly string[],
): void {
  const latest = useRef(order);
  useEffect(() => {
    latest.current = order;
  });
  useEffect(() => {
    if (!canEdit) return;
    const clicked = (event: MouseEvent): void => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey) || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      const face = target?.closest('[data-card-face]');
      const id = face?.closest<HTMLElement>('[data-card-id]')?.dataset.cardId;
      if (id === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey) selection.reach(id, latest.current());
      else selection.toggle(id);
    };
    document.addEventListener('click', clicked, true);
    return () => {
      document.removeEventListener('click', clicked, true);
    };
  }, [selection, canEdit]);
}
