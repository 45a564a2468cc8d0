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

/** The board that every room has, whether there is an item of it or not. */
export const mainBoard = 'main';

/** By what a board's cards are sorted into rows; empty is not at all. */
export type Lanes = 'assignee' | 'label' | 'priority' | '';

/** A board of the room. */
export interface BoardItem {
  readonly id: string;
  /** Empty for the main board until somebody gives it a title. */
  readonly title: string;
  readonly rank: string;
  readonly lanes: Lanes;
  /** People see it; the others are in the archive, removed, or templates. */
  readonly state: 'seen' | 'archived' | 'removed' | 'template' | 'gone';
}

/** A column with its cards in order. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly rank: string;
  /** The board that it stands on. */
  readonly board: string;
  /** How many cards there should be at most; 0 for any number. */
  readonly limit: number;
  /** What would exceed the limit is refused. */
  readonly strict: boolean;
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
    board: textOf(f.board) || mainBoard,
    limit: typeof f.limit === 'number' ? f.limit : 0,
    strict: f.strict === true,
    done: f.done === true,
    cards: [],
  };
}

function lanesOf(value: FieldValue | undefined): Lanes {
  return value === 'assignee' || value === 'label' || value === 'priority' ? value : '';
}

function stateOf({ deleted, template, archived }: Item['fields']): BoardItem['state'] {
  if (template === true) return deleted === true ? 'gone' : 'template';
  if (deleted === true) return 'removed';
  return archived === true ? 'archived' : 'seen';
}

/** Reads a board from its item; null if it is none. */
export function boardOf(item: Item): BoardItem | null {
  if (item.kind !== 'board') return null;
  const f = item.fields;
  return {
    id: item.id,
    title: textOf(f.title),
    rank: textOf(f.rank),
    lanes: lanesOf(f.lanes),
    state: stateOf(f),
  };
}

/** Whether a column holds more cards than it should. */
export function isOverfull(column: Column): boolean {
  return column.limit > 0 && column.cards.length > column.limit;
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
