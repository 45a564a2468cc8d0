import type { Card, Column } from './model';

/** What cards can be put in order by. */
export const sortKeys = [
  'place',
  'number',
  'title',
  'column',
  'assignees',
  'labels',
  'priority',
  'start',
  'due',
  'created',
] as const;

/** `place` is the order of the board. */
export type SortKey = (typeof sortKeys)[number];

/** An order of cards. */
export interface Sort {
  readonly by: SortKey;
  readonly down: boolean;
}

export const boardOrder: Sort = { by: 'place', down: false };

/** An order as one word, as it is saved: `due`, `-due`. */
export function spellSort(sort: Sort): string {
  return `${sort.down ? '-' : ''}${sort.by}`;
}

/** Reads it again; what is none is the order of the board. */
export function readSort(text: string): Sort {
  const down = text.startsWith('-');
  const by = sortKeys.find((key) => key === text.slice(down ? 1 : 0));
  return by ? { by, down } : boardOrder;
}

const urgency = { urgent: 0, high: 1, '': 2, low: 3 } as const;

/** What comes after all others, in either direction: there is nothing to put it in order by. */
type SortValue = string | number | null;

/**
 * Puts cards in order. Cards are given in the order of the board, which decides between equals;
 * those without a value come last in both directions.
 */
export function sortCards(
  cards: readonly Card[],
  sort: Sort,
  around: {
    readonly columns: readonly Column[];
    readonly nameOf: (user: string) => string;
    readonly locale: string;
  },
): readonly Card[] {
  if (sort.by === 'place') return sort.down ? [...cards].reverse() : cards;
  const places = new Map(around.columns.map(({ id }, place) => [id, place]));
  const valueOf = (card: Card): SortValue => {
    switch (sort.by) {
      case 'number':
        return card.number || null;
      case 'column':
        return places.get(card.column) ?? null;
      case 'assignees':
        return card.assignees.map(around.nameOf).join(', ') || null;
      case 'labels':
        return card.labels.join(', ') || null;
      case 'priority':
        return urgency[card.priority];
      default:
        return card[sort.by as 'title' | 'start' | 'due' | 'created'] || null;
    }
  };
  const collator = new Intl.Collator(around.locale, { numeric: true });
  const plain = sort.by === 'due' || sort.by === 'start' || sort.by === 'created';
  const turn = sort.down ? -1 : 1;
  const rows = cards.map((card, place) => ({ card, place, value: valueOf(card) }));
  rows.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return a.value === b.value ? a.place - b.place : a.value === null ? 1 : -1;
    }
    let order: number;
    if (typeof a.value === 'number' && typeof b.value === 'number') order = a.value - b.value;
    else if (plain) order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    else order = collator.compare(String(a.value), String(b.value));
    return order === 0 ? a.place - b.place : order * turn;
  });
  return rows.map(({ card }) => card);
}
