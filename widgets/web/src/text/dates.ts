import type { Lang } from '../live/protocol';
import { localeOf } from './text';

/** Today where the person is, as YYYY-MM-DD. */
export function today(now: Date = new Date()): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A day so many days later; both as YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** A day as people write it: the year only if it is not this year. */
export function showDay(day: string, lang: Lang, now: string = today()): string {
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return new Intl.DateTimeFormat(localeOf(lang), {
    day: 'numeric',
    month: 'short',
    ...(day.slice(0, 4) !== now.slice(0, 4) && { year: 'numeric' }),
    timeZone: 'UTC',
  }).format(date);
}

/** A moment with its time of day, where the person is. */
export function showMoment(moment: number | string, lang: Lang): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(localeOf(lang), {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(date);
}

/** How a due date stands to today. */
export type DueState = 'overdue' | 'today' | 'tomorrow' | 'later';

/** Compares a due date with today; both as YYYY-MM-DD. */
export function dueState(due: string, now: string): DueState {
  if (due < now) return 'overdue';
  if (due === now) return 'today';
  return due === addDays(now, 1) ? 'tomorrow' : 'later';
}
