// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { everything, filters, nobody, passing, type Filter } from './filter';
import { testCard } from '../../tests/cards';
import type { Card } from './model';
import { SearchTexts } from './search';

const anna = '@anna:amt.example';
const jens = '@jens:amt.example';
/** A Wednesday. */
const today = '2026-11-25';

function card(change: Partial<Card>): Card {
  return testCard('c', {
    title: 'Möbel für die Straße',
    description: 'Café Groß fragen',
    number: '12',
    assignees: [jens],
    labels: ['Vergabe'],
    ...change,
  });
}

function passes(filter: Partial<Filter>, change: Partial<Card> = {}, locale = 'de-DE'): boolean {
  return passing(
    { ...everything, ...filter },
    {
      today,
      texts: new SearchTexts(locale),
      members: new Map([[jens, { user_id: jens, name: 'Jens Müller' }]]),
      isDone: ({ column }) => column === 'done',
    },
  )(card(change));
}

describe('the text of a filter', () => {
  it.each([
    'möbel',
    'MÖBEL',
    'moebel',
    'mobel',
    'strasse',
    'STRASSE',
    'straße',
    'cafe',
    'groß',
    'vergabe',
    'mueller',
    'müller jens',
    '#12',
    '12',
    '  straße   möbel ',
  ])('finds %j', (text) => {
    expect(passes({ text })).toBe(true);
    expect(passes({ text }, {}, 'en-GB')).toBe(true);
  });

  it('finds umlauts where they were spelled out, and combined characters', () => {
    expect(passes({ text: 'möbel' }, { title: 'Moebel' })).toBe(true);
    expect(passes({ text: 'mo\u0308bel' })).toBe(true);
    expect(passes({ text: 'möbel' }, { title: 'Mo\u0308bel' })).toBe(true);
  });

  it.each(['möbel tisch', '#1', '#123', 'moobel'])('does not find %j', (text) => {
    expect(passes({ text })).toBe(false);
  });

  it('finds what stands in a checklist', () => {
    const checklist = [{ id: 'e', title: 'Türschild', rank: 'a', done: true }];
    expect(passes({ text: 'tuerschild' }, { checklist })).toBe(true);
  });

  it('follows a person who has another name now', () => {
    const texts = new SearchTexts('de-DE');
    const one = card({});
    const named = (name: string) =>
      passing(
        { ...everything, text: 'schmidt' },
        { today, texts, isDone: () => false, members: new Map([[jens, { user_id: jens, name }]]) },
      )(one);
    expect(named('Jens Müller')).toBe(false);
    expect(named('Jens Schmidt')).toBe(true);
  });
});

describe('what is chosen', () => {
  it('adds up within a kind and narrows between kinds', () => {
    expect(passes({ people: [anna, jens] })).toBe(true);
    expect(passes({ people: [anna] })).toBe(false);
    expect(passes({ people: [nobody] })).toBe(false);
    expect(passes({ people: [nobody, anna] }, { assignees: [] })).toBe(true);
    expect(passes({ labels: ['Vergabe', 'Bau'] })).toBe(true);
    expect(passes({ labels: ['Bau'] })).toBe(false);
    expect(passes({ priorities: ['normal'] })).toBe(true);
    expect(passes({ priorities: ['urgent'] })).toBe(false);
    expect(passes({ priorities: ['urgent'] }, { priority: 'urgent' })).toBe(true);
    expect(passes({ people: [jens], labels: ['Bau'] })).toBe(false);
  });

  it.each([
    ['overdue', '2026-11-24', true],
    ['overdue', today, false],
    ['overdue', '', false],
    ['today', today, true],
    ['today', '2026-11-26', false],
    ['week', '2026-11-23', true],
    ['week', '2026-11-29', true],
    ['week', '2026-11-22', false],
    ['week', '2026-11-30', false],
    ['month', '2026-11-01', true],
    ['month', '2026-11-30', true],
    ['month', '2026-12-01', false],
    ['month', '2025-11-25', false],
    ['none', '', true],
    ['none', today, false],
  ] as const)('due %s with %j is %s', (due, date, shown) => {
    expect(passes({ due }, { due: date })).toBe(shown);
  });

  it('calls nothing overdue that is finished', () => {
    expect(passes({ due: 'overdue' }, { due: '2026-11-01', column: 'done' })).toBe(false);
  });

  it('is told from nothing', () => {
    expect(filters(everything)).toBe(false);
    expect(filters({ ...everything, text: '  ' })).toBe(false);
    expect(filters({ ...everything, due: 'none' })).toBe(true);
  });
});

it('searches ten thousand cards again without folding them again', () => {
  const texts = new SearchTexts('de-DE');
  const around = { today, texts, members: new Map(), isDone: () => false };
  const cards = Array.from({ length: 10_000 }, (_, i) =>
    card({ id: String(i), title: `Vorgang ${String(i)}`, description: 'Größe '.repeat(50) }),
  );
  const count = (text: string): number =>
    cards.filter(passing({ ...everything, text }, around)).length;
  expect(count('vorgang')).toBe(10_000);
  const fold = vi.spyOn(String.prototype, 'normalize');
  expect(count('vorgang 77')).toBe(cards.filter(({ title }) => title.includes('77')).length);
  expect(fold.mock.calls.length).toBeLessThan(20);
});
