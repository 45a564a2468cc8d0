import { useState, type PointerEvent } from 'react';
import { followPointer } from '../pointerDrag';
import type { Card } from '../model';

/** A card that is being dragged over days. */
export interface CardDrag {
  readonly card: Card;
  readonly x: number;
  readonly y: number;
  /** The day below it, empty over the list without dates; null over neither. */
  readonly over: string | null;
}

/** Lets cards be dragged onto elements with `data-day`. */
export function useCardDrag(onDrop: (card: Card, day: string) => void): {
  readonly drag: CardDrag | null;
  readonly onPointerDown: (event: PointerEvent, card: Card) => void;
} {
  const [drag, setDrag] = useState<CardDrag | null>(null);
  const onPointerDown = (event: PointerEvent, card: Card): void => {
    followPointer(event, {
      onMove: (x, y) => {
        setDrag({ card, x, y, over: dayAt(x, y) });
      },
      onDrop: (x, y) => {
        setDrag(null);
        const day = dayAt(x, y);
        if (day !== null && day !== card.due) onDrop(card, day);
      },
      onCancel: () => {
        setDrag(null);
      },
    });
  };
  return { drag, onPointerDown };
}

function dayAt(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const day = element instanceof HTMLElement ? element.dataset.day : undefined;
    if (day !== undefined) return day;
  }
  return null;
}
