import { addDays } from '../text/dates';
import type { CardChange } from './acts';
import { daysBetween } from './days';
import type { Card } from './model';

/** The first day of a card: its start, or the day on which it is due. */
export function firstDayOf(card: Card): string {
  // Two people can have set them apart; then what counts is the day on which it is due.
  return card.start !== '' && card.start <= card.due ? card.start : card.due;
}

/** The change that makes a card due on another day; one that takes several days keeps as many. */
export function dueOn(card: Card, day: string): CardChange {
  if (card.start === '') return { due: day };
  if (card.due !== '' && card.start <= card.due) {
    return { start: addDays(card.start, daysBetween(card.due, day)), due: day };
  }
  return card.start > day ? { start: day, due: day } : { due: day };
}

/** The change that moves a card by so many days; null if it has no date. */
export function moveBy(card: Card, days: number): CardChange | null {
  return card.due === '' || days === 0 ? null : dueOn(card, addDays(card.due, days));
}

/** The change that makes a card end later or earlier, at the soonest on its first day. */
export function endBy(card: Card, days: number): CardChange | null {
  const due = addDays(card.due, days);
  const first = firstDayOf(card);
  const end = card.start !== '' && due < first ? first : due;
  return end === card.due ? null : { due: end };
}

/** The change that makes a card begin later or earlier, at the latest on the day it is due. */
export function startBy(card: Card, days: number): CardChange | null {
  const wanted = addDays(firstDayOf(card), days);
  const start = wanted > card.due ? card.due : wanted;
  return start === card.start ? null : { start };
}
