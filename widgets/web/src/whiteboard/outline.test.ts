// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { outlineOf } from './outline';
import { placesAfterMove, slidesOf } from './slides';
import { elementLike } from './testElements';

const frame = (id: string, x: number, y: number, slide?: number) =>
  elementLike({
    id,
    type: 'frame',
    name: id.toUpperCase(),
    x,
    y,
    width: 400,
    height: 300,
    ...(slide !== undefined && { customData: { slide } }),
  });

describe('slides', () => {
  it('stand as one reads, until somebody puts them in order', () => {
    const frames = [frame('c', 0, 500), frame('b', 500, 20), frame('a', 0, 0)];
    expect(slidesOf(frames).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const places = placesAfterMove(slidesOf(frames), 'c', 0);
    expect([...places]).toEqual([
      ['c', 0],
      ['a', 1],
      ['b', 2],
    ]);
    const ordered = frames.map(({ id, x, y }) => frame(id, x, y, places.get(id)));
    expect(slidesOf(ordered).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
    expect([...placesAfterMove(slidesOf(ordered), 'b', 1)]).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('are not what was deleted', () => {
    expect(slidesOf([{ ...frame('a', 0, 0), isDeleted: true }])).toEqual([]);
  });
});

describe('the outline', () => {
  it('lists the texts of each frame as one reads them, and those in none at the end', () => {
    const note = { customData: { note: true, card: 'c1' }, frameId: 'a', x: 10, y: 10 };
    const elements = [
      frame('a', 0, 0),
      elementLike({ id: 't2', type: 'text', text: 'Second', frameId: 'a', x: 10, y: 200 }),
      elementLike({ id: 'n', ...note }),
      elementLike({ id: 't1', type: 'text', text: 'First', containerId: 'n', x: 300, y: 250 }),
      elementLike({ id: 't3', type: 'text', text: 'Outside', x: 900, y: 0 }),
      elementLike({ id: 't4', type: 'text', text: 'Gone', isDeleted: true }),
    ];
    // What is written on a note is where the note is.
    const parts = outlineOf(elements);
    expect(parts.map(({ frame: f, texts }) => [f?.name, texts.map(({ text }) => text)])).toEqual([
      ['A', ['First', 'Second']],
      [undefined, ['Outside']],
    ]);
    expect(parts[0]?.texts[0]).toMatchObject({ id: 't1', on: 'n', note: true, card: 'c1' });
  });

  it('has a part for new notes on an empty whiteboard', () => {
    expect(outlineOf([])).toEqual([{ frame: null, texts: [] }]);
  });
});
