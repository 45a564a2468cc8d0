// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { joinPast, type Past } from './past';
import type { PastChange, PastPage } from './protocol';

function entry(seq: number, undo = false): PastChange {
  const rest = { name: 'A', via: 'widget', fresh: false, undoes: false, items: 1 };
  return { seq, change: `c${String(seq)}`, by: '@a:x', at: 1, undo, set: {}, before: {}, ...rest };
}

function page(seqs: readonly number[], more = false, before: number | null = null): PastPage {
  return { t: 'history', card: 'c', before, more, entries: seqs.map((seq) => entry(seq)) };
}

function seqs(past: Past): number[] {
  return past.entries.map(({ seq }) => seq);
}

describe('joinPast', () => {
  it('adds older changes at the end', () => {
    const first = joinPast(undefined, page([9, 8], true));
    const both = joinPast(first, page([5, 3], false, 8));
    expect(seqs(both)).toEqual([9, 8, 5, 3]);
    expect(both.more).toBe(false);
  });

  it('puts new ones in front and takes the newer word on those known', () => {
    const known = joinPast(joinPast(undefined, page([9, 8], true)), page([5], true, 8));
    const come = { ...page([12, 9, 8], true), entries: [entry(12), entry(9, true), entry(8)] };
    const past = joinPast(known, come);
    expect(seqs(past)).toEqual([12, 9, 8, 5]);
    expect(past.entries[1]?.undo).toBe(true);
    expect(past.more).toBe(true);
  });

  it('keeps no gap: what is not joined to the newest goes', () => {
    const past = joinPast(joinPast(undefined, page([9, 8])), page([30, 20], true));
    expect(seqs(past)).toEqual([30, 20]);
    expect(past.more).toBe(true);
  });

  it('leaves out older changes that do not follow on what is known', () => {
    const known = joinPast(undefined, page([9, 8], true));
    expect(seqs(joinPast(known, page([3], false, 5)))).toEqual([9, 8]);
  });

  it('knows when the log has ended', () => {
    expect(joinPast(joinPast(undefined, page([9])), page([]))).toEqual({
      entries: [],
      more: false,
    });
  });
});
