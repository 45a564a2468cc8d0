// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { addMonths, daysBetween, firstWeekday, isDay, monthOf, weekOf } from './days';

describe('days', () => {
  it('begin weeks as the locale does', () => {
    expect(firstWeekday('de-DE')).toBe(1);
    expect(firstWeekday('en-GB')).toBe(1);
    expect(weekOf('2026-11-25', 'de-DE')).toBe('2026-11-23');
    expect(weekOf('2026-11-23', 'de-DE')).toBe('2026-11-23');
    // A Sunday is the last day of its week, also over the turn of a year.
    expect(weekOf('2027-01-03', 'de-DE')).toBe('2026-12-28');
    expect(weekOf('2026-11-25', 'en-US')).toBe('2026-11-22');
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('%s and %i months are %s', (from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
  });

  it('are counted also where the clock changes and in leap years', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1);
    expect(daysBetween('2026-11-25', '2026-11-20')).toBe(-5);
    expect(monthOf('2026-11-25')).toBe('2026-11-01');
  });

  it('are known from what is none', () => {
    expect(isDay('2028-02-29')).toBe(true);
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2026-2-9')).toBe(false);
  });
});
