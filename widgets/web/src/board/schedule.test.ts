// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { testCard } from '../../tests/cards';
import { dueOn, endBy, firstDayOf, moveBy, startBy } from './schedule';

const long = testCard('long', { start: '2026-03-27', due: '2026-03-30' });
const short = testCard('short', { due: '2028-02-28' });
const undated = testCard('undated');
/** Two people have set start and due apart. */
const crossed = testCard('crossed', { start: '2026-05-10', due: '2026-05-05' });

describe('a card that is put on another day', () => {
  it('keeps its length, also over a change of the clock and a leap day', () => {
    expect(dueOn(long, '2026-04-01')).toEqual({ start: '2026-03-29', due: '2026-04-01' });
    expect(moveBy(long, -3)).toEqual({ start: '2026-03-24', due: '2026-03-27' });
    expect(moveBy(short, 1)).toEqual({ due: '2028-02-29' });
    expect(moveBy(short, 2)).toEqual({ due: '2028-03-01' });
  });

  it('never begins after it ends', () => {
    expect(dueOn(testCard('c', { start: '2026-05-10' }), '2026-05-01')).toEqual({
      start: '2026-05-01',
      due: '2026-05-01',
    });
    expect(dueOn(testCard('c', { start: '2026-05-10' }), '2026-05-20')).toEqual({
      due: '2026-05-20',
    });
    expect(dueOn(crossed, '2026-05-06')).toEqual({ start: '2026-05-06', due: '2026-05-06' });
  });

  it('stays where it is when it moves by nothing or has no date', () => {
    expect(moveBy(long, 0)).toBeNull();
    expect(moveBy(undated, 1)).toBeNull();
  });
});

describe('an end of a bar', () => {
  it('moves alone, and not past the other end', () => {
    expect(endBy(long, 2)).toEqual({ due: '2026-04-01' });
    expect(endBy(long, -2)).toEqual({ due: '2026-03-28' });
    expect(endBy(long, -9)).toEqual({ due: '2026-03-27' });
    expect(startBy(long, -1)).toEqual({ start: '2026-03-26' });
    expect(startBy(long, 9)).toEqual({ start: '2026-03-30' });
  });

  it('makes a bar of a dot', () => {
    expect(startBy(short, -2)).toEqual({ start: '2028-02-26' });
    expect(endBy(short, -1)).toEqual({ due: '2028-02-27' });
    expect(firstDayOf(short)).toBe('2028-02-28');
    expect(firstDayOf(crossed)).toBe('2026-05-05');
  });
});
