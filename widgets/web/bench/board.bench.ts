// @vitest-environment node
import { bench, describe } from 'vitest';
import { BoardIndex } from '../src/board/boardIndex';
import { everything, passing } from '../src/board/filter';
import { SearchTexts } from '../src/board/search';
import { sortCards } from '../src/board/sort';
import { Items } from '../src/live/items';
import type { Item } from '../src/live/protocol';

// What the page itself does with a board of 10,000 cards; `make bench` reports the medians.
const many = 10_000;
const today = '2026-11-25';
const columns = ['open', 'doing', 'done'];
const words = ['Angebot', 'Möbel', 'Straße', 'Termin', 'Vergabe', 'Bescheid', 'Umzug', 'Haushalt'];

function word(n: number): string {
  return words[n % words.length] ?? '';
}

const cards: readonly Item[] = Array.from({ length: many }, (_, n) => ({
  id: `card${String(n)}`,
  kind: 'card',
  fields: {
    title: `${word(n)} ${word(n >> 3)} ${String(n)}`,
    description: `${word(n >> 1)} für den ${word(n >> 2)} einholen und mit dem Amt abstimmen.`,
    column: columns[n % columns.length] ?? '',
    rank: `d${String(n).padStart(5, '0')}`,
    number: String(n + 1),
    due: `2026-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`,
    [`assignee/@k${String(n % 40)}:amt.example`]: true,
    [`label/${word(n >> 4)}`]: true,
  },
}));

function filled(): Items {
  const items = new Items();
  items.startSnapshot();
  items.addPage(
    columns.map((id, n) => ({
      id,
      kind: 'column',
      fields: { title: id, rank: `a${String(n)}` },
    })),
    false,
  );
  items.addPage(cards, true);
  items.refresh();
  return items;
}

describe('a board of 10,000 cards', () => {
  const items = filled();
  const index = new BoardIndex(items);
  const all = index.view.columns.flatMap((column) => column.cards);
  const texts = new SearchTexts('de-DE');
  const around = { members: new Map(), today, texts, isDone: () => false };
  const shown = (filter: object): number =>
    all.filter(passing({ ...everything, ...filter }, around)).length;
  shown({ text: 'x' }); // every card's text is folded once

  bench('put in order from the snapshot', () => {
    new BoardIndex(filled());
  });
  let title = 0;
  bench('a change of one card taken over', () => {
    title += 1;
    items.commit([{ item: 'card5000', kind: 'card', set: { title: `Neu ${String(title)}` } }]);
    index.apply(items.refresh());
  });
  bench('searched for two words', () => {
    shown({ text: 'strasse angebot' });
  });
  bench('searched for the first time', () => {
    const fresh = { ...around, texts: new SearchTexts('de-DE') };
    all.filter(passing({ ...everything, text: 'strasse' }, fresh));
  });
  bench('filtered by person, label and due date', () => {
    shown({ people: ['@k7:amt.example'], labels: ['Vergabe'], due: 'overdue' });
  });
  bench('sorted by title', () => {
    sortCards(
      all,
      { by: 'title', down: false },
      { columns: index.view.columns, nameOf: (user) => user, locale: 'de-DE' },
    );
  });
});
