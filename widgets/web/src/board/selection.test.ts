// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { bulkLimit, Selection } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('a selection', () => {
  it('takes and drops single cards and reaches over several in either direction', () => {
    const selection = new Selection();
    selection.toggle('d');
    selection.reach('b', order);
    expect([...selection.ids].sort()).toEqual(['b', 'c', 'd']);
    selection.toggle('c');
    expect([...selection.ids].sort()).toEqual(['b', 'd']);
    selection.reach('e', order);
    expect([...selection.ids].sort()).toEqual(['b', 'c', 'd', 'e']);
  });

  it('reaches for a single card where there is nothing to begin from', () => {
    const selection = new Selection();
    selection.reach('b', order);
    expect([...selection.ids]).toEqual(['b']);
    selection.clear();
    selection.reach('c', order);
    expect([...selection.ids]).toEqual(['c']);
  });

  it('never holds more than the server takes, and forgets what has gone', () => {
    const selection = new Selection();
    let told = 0;
    selection.subscribe(() => (told += 1));
    selection.all(Array.from({ length: bulkLimit + 10 }, (_, i) => String(i)));
    expect(selection.ids.size).toBe(bulkLimit);
    selection.keep((id) => id === '3');
    expect([...selection.ids]).toEqual(['3']);
    selection.keep((id) => id === '3');
    expect(told).toBe(2);
  });
});
