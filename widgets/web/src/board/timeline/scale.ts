import { addDays } from '../../text/dates';
import { addMonths, daysBetween, monthOf, weekOf } from '../days';
import type { Card } from '../model';
import { firstDayOf } from '../schedule';

/** How much time lies in how much room. */
export type TimelineScale = 'day' | 'week' | 'month';

/** The days that are drawn, and how wide each is. */
export interface Stretch {
  readonly first: string;
  /** Number of days. */
  readonly days: number;
  /** Pixels of a day. */
  readonly width: number;
}

const shapes: Readonly<Record<TimelineScale, { months: number; width: number }>> = {
  day: { months: 1, width: 36 },
  week: { months: 4, width: 14 },
  month: { months: 12, width: 4 },
};

/** The stretch of time around a day: whole months, as far as the scale goes to both sides. */
export function stretchAround(day: string, scale: TimelineScale): Stretch {
  const { months, width } = shapes[scale];
  const first = addMonths(monthOf(day), -months);
  return { first, days: daysBetween(first, addMonths(monthOf(day), months + 1)), width };
}

/** How far a step to an earlier or later stretch goes. */
export function stepOf(day: string, scale: TimelineScale, by: 1 | -1): string {
  return addMonths(monthOf(day), by * shapes[scale].months);
}

/** Where a card's bar lies, in pixels from the left; null if it lies outside. */
export interface Bar {
  readonly left: number;
  readonly width: number;
  /** It has no start: the one day on which it is due. */
  readonly dot: boolean;
  /** It began before what is drawn, or goes on after it. */
  readonly earlier: boolean;
  readonly later: boolean;
}

/** Lays a card's bar into a stretch. */
export function barOf(card: Card, stretch: Stretch): Bar | null {
  if (card.due === '') return null;
  const from = daysBetween(stretch.first, firstDayOf(card));
  const to = daysBetween(stretch.first, card.due);
  if (to < 0 || from >= stretch.days) return null;
  const left = Math.max(0, from);
  const right = Math.min(stretch.days - 1, to);
  return {
    left: left * stretch.width,
    width: (right - left + 1) * stretch.width,
    dot: card.start === '' || card.start > card.due,
    earlier: from < 0,
    later: to >= stretch.days,
  };
}

/** How many days a way in pixels is. */
export function daysIn(pixels: number, stretch: Stretch): number {
  // Never -0.
  return Math.round(pixels / stretch.width) + 0;
}

/** A mark in the head of the timeline. */
export interface Tick {
  readonly day: string;
  readonly left: number;
  readonly width: number;
}

/** The months that a stretch touches. */
export function monthTicks(stretch: Stretch): Tick[] {
  const ticks = [];
  const end = addDays(stretch.first, stretch.days);
  for (let day = stretch.first; day < end; day = addMonths(day, 1)) {
    ticks.push(tick(day, addMonths(day, 1), stretch));
  }
  return ticks;
}

/** The days, or the days on which weeks begin, of a stretch; none where they have no room. */
export function dayTicks(stretch: Stretch, scale: TimelineScale, locale: string): Tick[] {
  if (scale === 'month') return [];
  const step = scale === 'day' ? 1 : 7;
  const ticks = [];
  const end = addDays(stretch.first, stretch.days);
  let day = scale === 'day' ? stretch.first : weekOf(stretch.first, locale);
  if (day < stretch.first) day = addDays(day, step);
  for (; day < end; day = addDays(day, step)) {
    ticks.push(tick(day, addDays(day, step), stretch));
  }
  return ticks;
}

function tick(day: string, next: string, stretch: Stretch): Tick {
  const left = daysBetween(stretch.first, day);
  const right = Math.min(stretch.days, daysBetween(stretch.first, next));
  return { day, left: left * stretch.width, width: (right - left) * stretch.width };
}
