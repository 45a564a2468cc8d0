// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { testCard } from '../../../tests/cards';
import { daysOf, fitting, isShown, lieOn, placeWeek, shownIn, turn, weeksShown } from './month';

describe('the weeks of a month', () => {
  it.each([
    // November 2026 begins on a Sunday and has six weeks; February 2027 fits into four.
    [
      '2026-11-25',
      ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23', '2026-11-30'],
    ],
    ['2027-02-01', ['2027-02-01', '2027-02-08', '2027-02-15', '2027-02-22']],
    ['2028-02-29', ['2028-01-31', '2028-02-07', '2028-02-14', '2028-02-21', '2028-02-28']],
  ])('around %s', (day, weeks) => {
    expect(weeksShown(day, 'month', 'de-DE')).toEqual(weeks);
  });

  it('begin where the locale begins them', () => {
    expect(weeksShown('2026-11-25', 'month', 'en-US')[0]).toBe('2026-11-01');
    expect(weeksShown('2026-11-25', 'week', 'de-DE')).toEqual(['2026-11-23']);
    expect(daysOf('2026-12-28').at(-1)).toBe('2027-01-03');
  });

  it('can be turned over, also from the end of a month', () => {
    expect(turn('2026-01-31', 'month', 1)).toBe('2026-02-01');
    expect(turn('2026-01-31', 'month', -1)).toBe('2025-12-01');
    expect(turn('2026-12-30', 'week', 1)).toBe('2027-01-06');
    expect(isShown('2026-11-30', ['2026-11-30'])).toBe(true);
    expect(isShown('2026-12-07', ['2026-11-30'])).toBe(false);
  });
});

describe('the cards of a week', () => {
  const week = '2026-11-23';
  const placed = placeWeek(week, [
    testCard('due', { due: '2026-11-25' }),
    testCard('long', { start: '2026-11-20', due: '2026-11-25' }),
    testCard('later', { start: '2026-11-26', due: '2026-12-02' }),
    testCard('before', { due: '2026-11-22' }),
    testCard('after', { due: '2026-11-30' }),
    testCard('crossed', { start: '2026-12-24', due: '2026-11-26' }),
    testCard('undated'),
  ]);
  const of = (id: string) => placed.find(({ card }) => card.id === id);

  it('lie on their days, cut where the week ends', () => {
    expect(placed.map(({ card }) => card.id).sort()).toEqual(['crossed', 'due', 'later', 'long']);
    expect(of('long')).toMatchObject({ first: 0, last: 2, earlier: true, later: false });
    expect(of('later')).toMatchObject({ first: 3, last: 6, earlier: false, later: true });
    expect(of('crossed')).toMatchObject({ first: 3, last: 3 });
  });

  it('never lie on one another, and use as few lines as they can', () => {
    const many = placeWeek(
      week,
      Array.from({ length: 60 }, (_, i) => {
        const from = i % 7;
        const to = Math.min(6, from + (i % 4));
        return testCard(`c${String(i)}`, {
          start: daysOf(week)[from] ?? '',
          due: daysOf(week)[to] ?? '',
        });
      }),
    );
    const taken = new Set<string>();
    for (const { first, last, lane } of many) {
      for (let day = first; day <= last; day += 1) {
        const spot = `${String(day)}/${String(lane)}`;
        expect(taken.has(spot), spot).toBe(false);
        taken.add(spot);
      }
    }
    const busiest = Math.max(
      ...daysOf(week).map(
        (_, day) => many.filter(({ first, last }) => first <= day && last >= day).length,
      ),
    );
    expect(Math.max(...many.map(({ lane }) => lane)) + 1).toBe(busiest);
  });

  it('are shown as far as their lines fit', () => {
    expect(fitting(626, 6)).toBe(3); // weeks of 100: the date's line and three of 25
    expect(fitting(625, 6)).toBe(2);
    expect(fitting(826, 4)).toBe(7);
    expect(fitting(300, 6)).toBe(2); // a week is never lower than 80, rather the month scrolls
  });

  it('that have no line are counted on each of their days', () => {
    const { shown, hidden } = shownIn(placed, 1);
    expect(shown).toEqual([]); // each day has two, and its only line says so
    expect(lieOn(2, hidden)).toBe(2);
    expect(lieOn(0, hidden)).toBe(1);
    expect(shownIn(placed, 2)).toEqual({ shown: placed, hidden: [] });
  });

  it('lie in the last line too, where no day needs it to say that there are more', () => {
    const days = (day: string, count: number) =>
      Array.from({ length: count }, (_, i) => testCard(`${day}-${String(i)}`, { due: day }));
    const few = placeWeek(week, [...days('2026-11-24', 3), ...days('2026-11-26', 4)]);
    const { shown, hidden } = shownIn(few, 3);
    const counts = (cards: typeof shown) => [1, 3].map((day) => lieOn(day, cards));
    expect(counts(shown)).toEqual([3, 2]);
    expect(counts(hidden)).toEqual([0, 2]);
  });
});
