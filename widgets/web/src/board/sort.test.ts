// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { testCard } from '../../tests/cards';
import type { Card, Column } from './model';
import { readSort, sortCards, sortKeys, spellSort, type Sort } from './sort';

function column(id: string): Column {
  return {
    id,
    title: id,
    rank: id,
    board: 'main',
    limit: 0,
    strict: false,
    done: false,
    cards: [],
  };
}

function sorted(cards: readonly Card[], sort: Sort): string[] {
  const around = {
    columns: [column('z'), column('a')],
    nameOf: (user: string) => user,
    locale: 'de-DE',
  };
  return sortCards(cards, sort, around).map(({ id }) => id);
}

describe('an order of cards', () => {
  it('by title is that of the language, with numbers as numbers', () => {
    const cards = ['Zoo', 'Äpfel', 'Apfel', 'Raum 10', 'Raum 9'].map((title) => testCard(title));
    expect(sorted(cards, { by: 'title', down: false })).toEqual([
      'Apfel',
      'Äpfel',
      'Raum 9',
      'Raum 10',
      'Zoo',
    ]);
  });

  it('has cards without a value last in both directions, and equals as on the board', () => {
    const cards = [
      testCard('none'),
      testCard('late', { due: '2026-12-01' }),
      testCard('early', { due: '2026-02-01' }),
      testCard('too', { due: '2026-02-01' }),
    ];
    expect(sorted(cards, { by: 'due', down: false })).toEqual(['early', 'too', 'late', 'none']);
    expect(sorted(cards, { by: 'due', down: true })).toEqual(['late', 'early', 'too', 'none']);
  });

  it('by priority begins with what is urgent; by column follows the board', () => {
    const cards = [
      testCard('low', { priority: 'low' }),
      testCard('normal'),
      testCard('urgent', { priority: 'urgent', column: 'z' }),
      testCard('high', { priority: 'high' }),
    ];
    expect(sorted(cards, { by: 'priority', down: false })).toEqual([
      'urgent',
      'high',
      'normal',
      'low',
    ]);
    expect(sorted(cards, { by: 'column', down: false })[0]).toBe('urgent');
  });

  it('counts short numbers', () => {
    const cards = ['10', '9', 'B2'].map((number) => testCard(number, { number }));
    expect(sorted(cards, { by: 'number', down: false })).toEqual(['9', '10', 'B2']);
  });

  it('is one word, which can be read again', () => {
    for (const by of sortKeys) {
      for (const down of [true, false])
        expect(readSort(spellSort({ by, down }))).toEqual({ by, down });
    }
    expect(readSort('whatever')).toEqual({ by: 'place', down: false });
  });
});
