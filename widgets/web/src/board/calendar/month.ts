import { addDays } from '../../text/dates';
import { addMonths, daysBetween, monthOf, weekOf } from '../days';
import type { Card } from '../model';
import { firstDayOf } from '../schedule';

/** How much the calendar shows. */
export type CalendarScale = 'month' | 'week';

/** The first days of the weeks that are shown: those that a month touches, or one. */
export function weeksShown(anchor: string, scale: CalendarScale, locale: string): string[] {
  if (scale === 'week') return [weekOf(anchor, locale)];
  const last = addDays(addMonths(monthOf(anchor), 1), -1);
  const weeks = [];
  for (let week = weekOf(monthOf(anchor), locale); week <= last; week = addDays(week, 7)) {
    weeks.push(week);
  }
  return weeks;
}

/** The days of a week. */
export function daysOf(week: string): string[] {
  return Array.from({ length: 7 }, (_, i) => addDays(week, i));
}

/** A card in a week. */
export interface PlacedCard {
  readonly card: Card;
  /** The first and last of the week's days that it touches: 0 to 6. */
  readonly first: number;
  readonly last: number;
  /** Which line it lies in, from above. */
  readonly lane: number;
  /** Whether it began before this week, or goes on after it. */
  readonly earlier: boolean;
  readonly later: boolean;
}

/** Lays a week's cards so that none lies on another; the longest lie on top. */
export function placeWeek(week: string, cards: readonly Card[]): PlacedCard[] {
  const end = addDays(week, 6);
  const here = cards
    .filter((card) => card.due !== '' && card.due >= week && firstDayOf(card) <= end)
    .map((card) => {
      const first = daysBetween(week, firstDayOf(card));
      const last = daysBetween(week, card.due);
      return { card, first: Math.max(0, first), last: Math.min(6, last), from: first, to: last };
    })
    .sort((a, b) => a.first - b.first || b.last - a.last);
  const free: number[] = [];
  return here.map(({ card, first, last, from, to }) => {
    let lane = free.findIndex((day) => day <= first);
    if (lane < 0) lane = free.length;
    free[lane] = last + 1;
    return { card, first, last, lane, earlier: from < 0, later: to > 6 };
  });
}

/** How many cards of a day lie below so many lines. */
export function hiddenOn(day: number, placed: readonly PlacedCard[], lanes: number): number {
  return placed.filter(({ first, last, lane }) => lane >= lanes && first <= day && last >= day)
    .length;
}

/** A period later or earlier. */
export function turn(anchor: string, scale: CalendarScale, by: 1 | -1): string {
  return scale === 'week' ? addDays(anchor, 7 * by) : addMonths(monthOf(anchor), by);
}

/** Whether a day is among those shown. */
export function isShown(day: string, weeks: readonly string[]): boolean {
  const first = weeks[0] ?? '';
  return day >= first && day <= addDays(weeks.at(-1) ?? first, 6);
}
