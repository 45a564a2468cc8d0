// @vitest-environment node
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Fields } from '../live/protocol';
import { passing } from './filter';
import { cardOf, columnOf, type Card, type Column } from './model';
import { savedViewOf } from './savedViews';
import { SearchTexts } from './search';
import { sortCards } from './sort';

interface Table {
  readonly today: string;
  readonly people: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly finished: string;
  readonly cards: Readonly<Record<string, Fields>>;
  readonly cases: readonly { name: string; view: Fields; shows: string[] }[];
}

/** The server is held to the same (workspace/board/filter_test.go). */
const table = JSON.parse(
  readFileSync(new URL('../../../../workspace/board/testdata/views.json', import.meta.url), 'utf8'),
) as Table;

const members = new Map(
  Object.entries(table.people).map(([user, name]) => [user, { user_id: user, name }]),
);

function must<T>(made: T | null, what: string): T {
  if (made === null) throw new Error(`${what} is none`);
  return made;
}

const columns: Column[] = table.columns.map((id) =>
  must(columnOf({ id, kind: 'column', fields: { title: id, rank: id } }), id),
);
const cards: Card[] = Object.entries(table.cards).map(([id, fields]) =>
  must(cardOf({ id, kind: 'card', fields }), id),
);

it.each(table.cases)('shows: $name', ({ name, view, shows }) => {
  const saved = must(
    savedViewOf({ id: 'v', kind: 'view', fields: { title: name, rank: 'a', ...view } }),
    name,
  );
  for (const locale of ['de-DE', 'en-GB']) {
    const passes = passing(saved.view.filter, {
      members,
      today: table.today,
      texts: new SearchTexts(locale),
      isDone: ({ column }) => column === table.finished,
    });
    const shown = sortCards(cards.filter(passes), saved.view.sort, {
      columns,
      nameOf: (user) => members.get(user)?.name ?? user,
      locale,
    });
    expect(shown.map(({ id }) => id)).toEqual(shows);
  }
});
