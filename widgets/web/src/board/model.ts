import type { FieldValue, Item } from '../live/protocol';
import { partsOf, type CardParts } from './cardParts';

/** How urgent a card is; empty is normal. */
export type Priority = 'urgent' | 'high' | '' | 'low';

/** A card as the board shows it. */
export interface Card extends CardParts {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly column: string;
  readonly rank: string;
  /** YYYY-MM-DD, or empty. */
  readonly start: string;
  /** YYYY-MM-DD, or empty. */
  readonly due: string;
  readonly priority: Priority;
  /** When it comes again (RRULE), or empty. */
  readonly repeat?: string;
  /** Short number, such as "12"; empty until the server has given one. */
  readonly number: string;
  /** The card that it is a part of, or empty. */
  readonly parent: string;
  /** Put aside: it stands in no column. */
  readonly archived: boolean;
  /** Event id of the card's message in the room, or empty. */
  readonly message: string;
  /** Event id of the message that it was made from, or empty. */
  readonly source: string;
  /** RFC 3339, or empty. */
  readonly created: string;
  readonly createdBy: string;
}

/** A column with its cards in order. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly rank: string;
  /** Cards moved here are finished. */
  readonly done: boolean;
  readonly cards: readonly Card[];
}

const day = /^\d{4}-\d{2}-\d{2}$/;

function dayOf(value: FieldValue | undefined): string {
  return day.test(textOf(value)) ? textOf(value) : '';
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function priorityOf(value: FieldValue | undefined): Priority {
  return value === 'urgent' || value === 'high' || value === 'low' ? value : '';
}

/** Reads a card from its item; null if it is none or was deleted. */
export function cardOf(item: Item): Card | null {
  const f = item.fields;
  if (item.kind !== 'card' || f.deleted === true) return null;
  return {
    id: item.id,
    title: textOf(f.title),
    description: textOf(f.description),
    column: textOf(f.column),
    rank: textOf(f.rank),
    due: dayOf(f.due),
    start: dayOf(f.start),
    priority: priorityOf(f.priority),
    repeat: textOf(f.repeat),
    number: textOf(f.number),
    ...partsOf(f),
    parent: textOf(f.parent),
    archived: f.archived === true,
    message: textOf(f.message),
    source: textOf(f.source),
    created: textOf(f.created),
    createdBy: textOf(f.created_by),
  };
}

/** Reads a column from its item, without cards; null if it is none or was deleted. */
export function columnOf(item: Item): Column | null {
  const f = item.fields;
  if (item.kind !== 'column' || f.deleted === true) return null;
  return {
    id: item.id,
    title: textOf(f.title),
    rank: textOf(f.rank),
    done: f.done === true,
    cards: [],
  };
}

/** The order of cards in a column and of columns: by rank, bytewise; a tie goes by id. */
export function byRank(
  a: { readonly rank: string; readonly id: string },
  b: { readonly rank: string; readonly id: string },
): number {
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Below and above every character that a rank is made of. */
const below = 0x20;
const above = 0x7f;

/**
 * A rank that lies between two others, for showing a move before the server has ranked it. It is
 * never sent. `after` empty means no lower bound, `before` null no upper one.
 */
export function rankBetween(after: string, before: string | null): string {
  let upper = before;
  let rank = '';
  for (let i = 0; i <= after.length + (before?.length ?? 0); i += 1) {
    const low = i < after.length ? after.charCodeAt(i) : below;
    const high = upper === null ? above : i < upper.length ? upper.charCodeAt(i) : below;
    if (high - low > 1) return rank + String.fromCharCode((low + high) >> 1);
    if (high < low && upper !== null) break;
    rank += String.fromCharCode(low);
    // From here on every continuation stays below the upper bound.
    if (high > low) upper = null;
  }
  return after + 'O';
}
