import { describe, expect, it } from 'vitest';
import { Items } from '../live/items';
import type { FieldChanges } from '../live/protocol';
import { BoardIndex } from './boardIndex';

/** An index over items that can be changed. */
function room(): {
  index: BoardIndex;
  set: (kind: string, item: string, set: FieldChanges) => void;
} {
  const items = new Items();
  const index = new BoardIndex(items);
  const set = (kind: string, item: string, fields: FieldChanges): void => {
    items.commit([{ item, kind, set: fields }]);
    index.apply(items.refresh());
  };
  set('column', 'open', { title: 'Offen', rank: 'a0' });
  set('column', 'b1', { title: 'Themen', rank: 'a0', board: 'b' });
  set('card', 'k1', { title: 'Eins', column: 'open', rank: 'a0' });
  set('card', 'k2', { title: 'Zwei', column: 'b1', rank: 'a0' });
  return { index, set };
}

const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);

describe('boards', () => {
  it('are the main one until there is another, whose columns are not seen before', () => {
    const { index, set } = room();
    expect(ids(index.view.boards)).toEqual(['main']);
    expect(ids(index.view.all)).toEqual(['open']);
    set('board', 'b', { title: 'Sitzung', rank: 'a0' });
    expect(ids(index.view.boards)).toEqual(['main', 'b']);
    expect(ids(index.view.columns)).toEqual(['open']);
    expect(ids(index.view.all)).toEqual(['open', 'b1']);
    index.show('b');
    expect(index.view.board.title).toBe('Sitzung');
    expect(ids(index.view.columns)).toEqual(['b1']);
    expect(index.view.cards).toBe(1);
  });

  it('give way to the first one when they are put away, and come back', () => {
    const { index, set } = room();
    set('board', 'b', { title: 'Sitzung', rank: 'a0' });
    index.show('b');
    set('board', 'b', { archived: true });
    expect(index.view.board.id).toBe('main');
    expect(ids(index.hidden('archived'))).toEqual(['b']);
    set('board', 'b', { archived: null, deleted: true });
    expect(ids(index.hidden('removed'))).toEqual(['b']);
    set('board', 'b', { deleted: null, template: true });
    expect(ids(index.hidden('template'))).toEqual(['b']);
    expect(ids(index.view.boards)).toEqual(['main']);
    set('board', 'b', { template: null });
    expect(index.view.board.id).toBe('b');
  });

  it('may all be put away', () => {
    const { index, set } = room();
    set('board', 'main', { archived: true });
    expect(index.view.boards).toEqual([]);
    expect(index.view.columns).toEqual([]);
  });
});

it('catches up with what came while nobody listened, and else leaves all as it is', () => {
  const items = new Items();
  const index = new BoardIndex(items);
  items.commit([{ item: 'open', kind: 'column', set: { title: 'Offen', rank: 'a0' } }]);
  items.refresh();
  expect(ids(index.view.columns)).toEqual([]);
  index.catchUp();
  expect(ids(index.view.columns)).toEqual(['open']);
  const { view } = index;
  index.catchUp();
  expect(index.view).toBe(view);
});
