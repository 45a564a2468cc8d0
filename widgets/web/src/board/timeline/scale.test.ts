// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { testCard } from '../../../tests/cards';
import type { Column } from '../model';
import { timelineRows } from './rows';
import { barOf, dayTicks, daysIn, monthTicks, stretchAround, type Stretch } from './scale';

const march: Stretch = { first: '2026-03-01', days: 31, width: 10 };

describe('a stretch of time', () => {
  it('is of whole months to both sides', () => {
    expect(stretchAround('2026-03-31', 'day')).toEqual({
      first: '2026-02-01',
      days: 89,
      width: 36,
    });
    expect(stretchAround('2028-02-29', 'month')).toMatchObject({ first: '2027-02-01', days: 759 });
  });

  it('has ticks that fill it without a gap', () => {
    for (const scale of ['day', 'week', 'month'] as const) {
      const stretch = stretchAround('2028-02-29', scale);
      const months = monthTicks(stretch);
      let left = 0;
      for (const tick of months) {
        expect(tick.left).toBe(left);
        left += tick.width;
      }
      expect(left).toBe(stretch.days * stretch.width);
    }
    expect(dayTicks(march, 'week', 'de-DE').map(({ day }) => day)).toEqual([
      '2026-03-02',
      '2026-03-09',
      '2026-03-16',
      '2026-03-23',
      '2026-03-30',
    ]);
    expect(dayTicks(march, 'day', 'de-DE')).toHaveLength(31);
  });

  it('counts days of a way as the nearest ones', () => {
    expect([14, 16, -16, -3, 3].map((pixels) => daysIn(pixels, march))).toEqual([1, 2, -2, 0, 0]);
  });
});

describe('a bar', () => {
  it('reaches from the first to the end of the last day, also over a change of the clock', () => {
    const card = testCard('c', { start: '2026-03-27', due: '2026-03-30' });
    expect(barOf(card, march)).toEqual({
      left: 260,
      width: 40,
      dot: false,
      earlier: false,
      later: false,
    });
  });

  it('is a dot without a start, cut at the ends, and not there outside', () => {
    expect(barOf(testCard('c', { due: '2026-03-01' }), march)).toMatchObject({
      left: 0,
      width: 10,
      dot: true,
    });
    expect(barOf(testCard('c', { start: '2026-02-10', due: '2026-04-10' }), march)).toEqual({
      left: 0,
      width: 310,
      dot: false,
      earlier: true,
      later: true,
    });
    expect(barOf(testCard('c', { due: '2026-02-28' }), march)).toBeNull();
    expect(barOf(testCard('c', { start: '2026-04-01', due: '2026-04-02' }), march)).toBeNull();
    expect(barOf(testCard('c', { start: '2026-03-01' }), march)).toBeNull();
  });
});

describe('the rows', () => {
  const cards = [
    testCard('late', { due: '2026-03-20', assignees: ['@b:x', '@a:x'] }),
    testCard('early', { due: '2026-03-02' }),
    testCard('none'),
  ];
  const column = (id: string, of: typeof cards): Column => ({
    id,
    title: id,
    rank: id,
    board: 'main',
    limit: 0,
    strict: false,
    done: false,
    cards: of,
  });
  const rows = (by: 'column' | 'person') =>
    timelineRows([column('full', cards), column('empty', [])], () => true, by, march, {
      of: (user) => (user === '@a:x' ? 'Zoe' : 'Bert'),
      nobody: 'Niemand',
    }).map((row) => (row.kind === 'group' ? `[${row.title} ${String(row.cards)}]` : row.card.id));

  it('come by column, in the order of their days', () => {
    expect(rows('column')).toEqual(['[full 2]', 'early', 'late']);
  });

  it('come by person, with each of several, and nobody last', () => {
    expect(rows('person')).toEqual(['[Bert 1]', 'late', '[Zoe 1]', 'late', '[Niemand 1]', 'early']);
  });
});
