// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { Items } from '../live/items';
import type { Fields, Item } from '../live/protocol';
import { BoardIndex } from './boardIndex';
import { cardOf, rankBetween } from './model';

function item(kind: string, id: string, fields: Fields): Item {
  return { id, kind, fields };
}

describe('rankBetween', () => {
  it('lies between its bounds, also between ranks it made itself', () => {
    let low = '';
    let high: string | null = null;
    for (let i = 0; i < 200; i += 1) {
      const middle: string = rankBetween(low, high);
      expect(middle > low).toBe(true);
      if (high !== null) expect(middle < high).toBe(true);
      if (i % 3 === 0) low = middle;
      else high = middle;
    }
  });

  it.each([
    ['', '0'],
    ['', '!'],
    ['a', 'a!'],
    ['a', 'b'],
    ['az', 'b'],
    ['~~', null],
    ['', null],
    ['9', 'A'],
  ])('finds room between %j and %j', (low, high) => {
    const middle = rankBetween(low, high);
    expect(middle > low).toBe(true);
    if (high !== null) expect(middle < high).toBe(true);
  });

  it('gives something usable for bounds in the wrong order', () => {
    expect(rankBetween('b', 'a') > 'b').toBe(true);
  });
});

describe('cardOf', () => {
  it('reads assignees and labels from their registers and refuses a strange date', () => {
    const card = cardOf(
      item('card', 'c', {
        title: 'T',
        due: 'soon',
        'assignee/@b:x': true,
        'assignee/@a:x': true,
        'label/eilt': true,
        'label/alt': false,
      }),
    );
    expect(card).toMatchObject({ assignees: ['@a:x', '@b:x'], labels: ['eilt'], due: '' });
  });

  it('reads checklist, links and relations, and leaves out what makes no sense', () => {
    const card = cardOf(
      item('card', 'c', {
        'check/b/title': 'zweitens',
        'check/b/rank': '2',
        'check/a/title': 'erstens',
        'check/a/rank': '1',
        'check/a/done': true,
        'check/weg/rank': '0',
        'check/weg/done': true,
        'link/1/url': 'https://amt.example/',
        'link/1/title': 'Amt',
        'link/2/url': 'javascript:alert(1)',
        'link/3/title': 'ohne Adresse',
        'blocks/x': true,
        'relates/y': true,
        parent: 'z',
        start: '2026-11-30',
        priority: 'sofort',
        '__proto__/x': true,
        'constructor/x': true,
      }),
    );
    expect(card).toMatchObject({
      checklist: [
        { id: 'a', title: 'erstens', done: true },
        { id: 'b', title: 'zweitens', done: false },
      ],
      links: [{ id: '1', url: 'https://amt.example/', title: 'Amt' }],
      blocks: ['x'],
      relates: ['y'],
      parent: 'z',
      start: '2026-11-30',
      priority: '',
      archived: false,
    });
  });

  it('is nothing for deleted cards and other kinds', () => {
    expect(cardOf(item('card', 'c', { deleted: true }))).toBeNull();
    expect(cardOf(item('note', 'c', {}))).toBeNull();
  });
});

describe('BoardIndex', () => {
  function board(cards: number): { items: Items; index: BoardIndex } {
    const items = new Items();
    items.startSnapshot();
    items.addPage(
      [
        item('column', 'b', { title: 'B', rank: '2' }),
        item('column', 'a', { title: 'A', rank: '1' }),
        ...Array.from({ length: cards }, (_, i) =>
          item('card', `c${String(i)}`, { column: 'a', rank: String(i).padStart(6, '0') }),
        ),
      ],
      true,
    );
    items.refresh();
    return { items, index: new BoardIndex(items) };
  }

  it('orders by rank and breaks ties by id', () => {
    const { items, index } = board(0);
    items.commit([
      { item: 'z', kind: 'card', set: { column: 'a', rank: '5' } },
      { item: 'y', kind: 'card', set: { column: 'a', rank: '5' } },
      { item: 'x', kind: 'card', set: { column: 'a', rank: '4' } },
    ]);
    index.apply(items.refresh());
    expect(index.view.columns.map((c) => c.id)).toEqual(['a', 'b']);
    expect(index.view.columns[0]?.cards.map((c) => c.id)).toEqual(['x', 'y', 'z']);
  });

  it('leaves untouched columns the same objects', () => {
    const { items, index } = board(3);
    const before = index.view.columns[1];
    items.commit([{ item: 'c0', kind: 'card', set: { title: 'new' } }]);
    index.apply(items.refresh());
    expect(index.view.columns[1]).toBe(before);
    expect(index.view.columns[0]?.cards[0]?.title).toBe('new');
  });

  it('shows what came during a drag only after it', () => {
    const { items, index } = board(3);
    index.hold();
    items.commit([{ item: 'c1', kind: 'card', set: { deleted: true } }]);
    index.apply(items.refresh());
    expect(index.view.cards).toBe(3);
    index.release();
    expect(index.view.cards).toBe(2);
  });

  it('finds the cards of a column that comes after them', () => {
    const { items, index } = board(0);
    items.commit([{ item: 'k', kind: 'card', set: { column: 'late', rank: '1' } }]);
    index.apply(items.refresh());
    expect(index.view.cards).toBe(0);
    items.commit([{ item: 'late', kind: 'column', set: { title: 'L', rank: '3' } }]);
    index.apply(items.refresh());
    expect(index.view.columns[2]?.cards.map((c) => c.id)).toEqual(['k']);
  });

  it('keeps cards that were put aside out of every column', () => {
    const { items, index } = board(3);
    items.commit([{ item: 'c1', kind: 'card', set: { archived: true } }]);
    index.apply(items.refresh());
    expect(index.view.columns[0]?.cards.map((c) => c.id)).toEqual(['c0', 'c2']);
    const { archived } = index.view;
    expect(archived.map((c) => c.id)).toEqual(['c1']);
    items.commit([{ item: 'c0', kind: 'card', set: { title: 'x' } }]);
    index.apply(items.refresh());
    expect(index.view.archived).toBe(archived);
    // Read anew, it is the same.
    expect(new BoardIndex(items).view).toEqual(index.view);
  });

  it('agrees with itself however the changes arrive', () => {
    const many = board(500);
    const one = board(0);
    for (let i = 499; i >= 0; i -= 1) {
      one.items.commit([
        {
          item: `c${String(i)}`,
          kind: 'card',
          set: { column: 'a', rank: String(i).padStart(6, '0') },
        },
      ]);
      one.index.apply(one.items.refresh());
    }
    expect(one.index.view).toEqual(many.index.view);
  });
});
