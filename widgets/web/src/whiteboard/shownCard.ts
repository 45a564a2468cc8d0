import type { Items } from '../live/items';
import type { Member } from '../live/protocol';
import type { Texts } from '../text/text';

/** What is shown of a card on the whiteboard. */
export interface ShownCard {
  readonly number: string;
  readonly title: string;
  readonly column: string;
  readonly done: boolean;
  readonly due: string;
  readonly people: readonly string[];
}

/** A card of the board as it is now; null if there is none any more. */
export function shownCard(items: Items, id: string): ShownCard | null {
  const item = items.get(id);
  if (item?.kind !== 'card' || item.fields.deleted === true) return null;
  const { number, title, column, due } = item.fields;
  const fields = items.get(typeof column === 'string' ? column : '')?.fields;
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return {
    number: text(number),
    title: text(title),
    column: text(fields?.title),
    done: fields?.done === true,
    due: text(due),
    people: Object.keys(item.fields).flatMap((name) =>
      name.startsWith('assignee/') ? [name.slice('assignee/'.length)] : [],
    ),
  };
}

/** A card in words: its title, and what stands below. */
export interface CardWords {
  readonly title: string;
  readonly lines: readonly string[];
  readonly done: boolean;
}

/** What is written on a card that is shown. */
export function wordsOf(
  card: ShownCard | null,
  members: ReadonlyMap<string, Member>,
  t: Texts,
): CardWords {
  if (!card) return { title: t.cardGone, lines: [], done: false };
  const people = card.people.map((user) => members.get(user)?.name ?? user);
  const lines = [t.cardOnBoard(card.number, card.column), card.due, people.join(', ')];
  return { title: card.title, lines: lines.filter((line) => line !== ''), done: card.done };
}
