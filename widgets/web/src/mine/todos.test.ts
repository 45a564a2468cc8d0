import { describe, expect, it } from 'vitest';
import type { Item } from '../live/protocol';
import { todosOf } from './todos';

const column = (id: string, fields: Item['fields']): Item => ({ id, kind: 'column', fields });
const card = (id: string, fields: Item['fields']): Item => ({ id, kind: 'card', fields });

describe('to-dos', () => {
  it('are the cards of the chat in their order, done where their column says so', () => {
    const items = [
      card('c', { title: 'Dritte', column: 'open', rank: 'c', due: '2026-12-01' }),
      card('a', { title: 'Erste', column: 'open', rank: 'a' }),
      card('b', { title: 'Fertig', column: 'done', rank: 'b' }),
      column('open', { title: 'Offen', rank: 'a' }),
      column('done', { title: 'Erledigt', rank: 'b', done: true }),
    ];
    expect(todosOf(items)).toEqual([
      { id: 'a', title: 'Erste', due: '', done: false },
      { id: 'b', title: 'Fertig', due: '', done: true },
      { id: 'c', title: 'Dritte', due: '2026-12-01', done: false },
    ]);
  });

  it('leave out what was deleted or archived, and are open while there is no column', () => {
    expect(
      todosOf([
        card('a', { title: 'Gelöscht', rank: 'a', deleted: true }),
        card('b', { title: 'Abgelegt', rank: 'b', archived: true }),
        card('c', { title: 'Neu', rank: 'c' }),
      ]),
    ).toEqual([{ id: 'c', title: 'Neu', due: '', done: false }]);
  });
});
