import type { Column, Card } from '../model';
import { firstDayOf } from '../schedule';
import { barOf, type Bar, type Stretch } from './scale';

/** By what the cards of the timeline are put together. */
export type Grouping = 'column' | 'person';

/** A row: the head of a group, or a card. */
export type TimelineRow =
  | { readonly kind: 'group'; readonly id: string; readonly title: string; readonly cards: number }
  | { readonly kind: 'card'; readonly id: string; readonly card: Card; readonly bar: Bar };

/**
 * The rows of a timeline. A card of several people stands with each of them. Groups in which
 * nothing is to be seen are left out.
 */
export function timelineRows(
  columns: readonly Column[],
  shown: (card: Card) => boolean,
  by: Grouping,
  stretch: Stretch,
  names: { readonly of: (user: string) => string; readonly nobody: string },
): TimelineRow[] {
  const groups = new Map<string, { title: string; cards: { card: Card; bar: Bar }[] }>();
  const put = (id: string, title: string, card: Card, bar: Bar): void => {
    const group = groups.get(id);
    if (group) group.cards.push({ card, bar });
    else groups.set(id, { title, cards: [{ card, bar }] });
  };
  for (const column of columns) {
    for (const card of column.cards) {
      const bar = shown(card) ? barOf(card, stretch) : null;
      if (!bar) continue;
      if (by === 'column') put(column.id, column.title, card, bar);
      else if (card.assignees.length === 0) put('', names.nobody, card, bar);
      else for (const user of card.assignees) put(user, names.of(user), card, bar);
    }
  }
  const inOrder = [...groups];
  if (by === 'person') {
    inOrder.sort(([a, one], [b, other]) => {
      if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
      return one.title.localeCompare(other.title);
    });
  }
  return inOrder.flatMap(([id, { title, cards }]): TimelineRow[] => [
    { kind: 'group', id: `group:${id}`, title, cards: cards.length },
    ...cards
      .sort(
        (a, b) =>
          compare(firstDayOf(a.card), firstDayOf(b.card)) || compare(a.card.due, b.card.due),
      )
      .map(({ card, bar }): TimelineRow => ({ kind: 'card', id: `${id}:${card.id}`, card, bar })),
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
