import { addDays } from '../text/dates';

/** How soon something is due. */
export type When = 'overdue' | 'today' | 'week' | 'later' | 'undated';

/** The groups in which work is shown, in their order. */
export const whens: readonly When[] = ['overdue', 'today', 'week', 'later', 'undated'];

/** When a day is, seen from today; both as YYYY-MM-DD, the day empty for none. */
export function whenOf(due: string, today: string): When {
  if (due === '') return 'undated';
  if (due < today) return 'overdue';
  if (due === today) return 'today';
  return due <= sundayOf(today) ? 'week' : 'later';
}

/** The last day of the week that a day is in. */
function sundayOf(day: string): string {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return addDays(day, (7 - weekday) % 7);
}
