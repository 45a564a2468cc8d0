import { addDays } from '../text/dates';

/** Which day of the week it is: 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay();
}

/** What browsers that follow the newer standard know of a locale. */
type WithWeeks = Intl.Locale & {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
};

const monday = 1;

/** The weekday on which weeks begin for people of a locale: 0 is Sunday. */
export function firstWeekday(locale: string): number {
  const known: WithWeeks = new Intl.Locale(locale);
  const info = known.getWeekInfo?.() ?? known.weekInfo;
  // Where the browser does not say: as in both languages of the page.
  return (info?.firstDay ?? monday) % 7;
}

/** The first day of the week that a day lies in. */
export function weekOf(day: string, locale: string): string {
  return addDays(day, -((weekdayOf(day) - firstWeekday(locale) + 7) % 7));
}

/** The first day of the month that a day lies in. */
export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** So many months later; a day that the month does not have becomes its last one. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date ?? 1, last));
  return first.toISOString().slice(0, 10);
}

/** How many days lie between two days; negative if the second one is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000);
}

/** Whether a text is a day that there is. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
