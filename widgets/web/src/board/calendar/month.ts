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

/** How high the line with a day's date is, and a card's line below it, in pixels. */
export const headHeight = 25;
export const chipHeight = 25;

/** The names of the weekdays, and the least that a week has: as in the style sheet. */
const namesHeight = 26;
const leastHeight = 80;

/** How many cards fit below each other where so many weeks share a height. */
export function fitting(height: number, weeks: number): number {
  const week = Math.max(leastHeight, (height - namesHeight) / weeks);
  return Math.floor((week - headHeight) / chipHeight);
}

/**
 * Which cards of a week are shown where so many fit below each other. The last line of a day on
 * which not all fit says how many there are more; elsewhere it holds a card.
 */
export function shownIn(
  placed: readonly PlacedCard[],
  fit: number,
): { shown: PlacedCard[]; hidden: PlacedCard[] } {
  const over = placed.filter(({ lane }) => lane >= fit);
  const shown: PlacedCard[] = [];
  const hidden: PlacedCard[] = [];
  for (const one of placed) {
    const fits =
      one.lane < fit - 1 ||
      (one.lane < fit && !over.some(({ first, last }) => first <= one.last && last >= one.first));
    (fits ? shown : hidden).push(one);
  }
  return { shown, hidden };
}

/** How many of the cards lie on a day of the week. */
export function lieOn(day: number, cards: readonly PlacedCard[]): number {
  return cards.filter(({ first, last }) => first <= day && last >= day).length;
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
