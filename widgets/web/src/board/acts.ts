import type { LiveClient } from '../live/client';
import { newID } from '../live/ids';
import type { FieldChanges, FieldValue, Op } from '../live/protocol';
import type { BoardView } from './boardIndex';
import { labelKey, type LabelColor } from './labels';
import { mainBoard, rankBetween, type Card, type Column, type Priority } from './model';
import { viewArguments, viewFields } from './savedViews';
import type { ViewState } from './viewState';

/** What a new card is made of. */
export interface NewCard {
  readonly title: string;
  readonly column: string;
  /** YYYY-MM-DD. */
  readonly start?: string;
  /** YYYY-MM-DD. */
  readonly due?: string;
  readonly priority?: Priority;
}

/** What can be written on a card. */
export interface CardChange {
  title?: string;
  description?: string;
  due?: string;
  start?: string;
  priority?: Priority;
}

/** How a card can stand to another. */
export type RelationName = 'blocks' | 'relates' | 'parent';

/** One change on several cards; what is left out stays as it is. */
export interface BulkChange {
  column?: string;
  assign?: readonly string[];
  unassign?: readonly string[];
  label?: readonly string[];
  unlabel?: readonly string[];
  start?: string;
  due?: string;
  priority?: Priority;
  archive?: boolean;
  delete?: boolean;
}

/** What can be changed of a column. */
export interface ColumnChange {
  title?: string;
  done?: boolean;
  limit?: number;
  strict?: boolean;
}

/**
 * What a person can do on the board. Each sends an act and shows its expected effect at once;
 * each returns the act's id, by which it can be undone.
 */
export class BoardActs {
  private lastID = 0;

  constructor(
    private readonly client: LiveClient,
    private readonly view: () => BoardView,
  ) {}

  addCard(card: NewCard): string {
    const id = newID();
    const { column, ...more } = card;
    const set = { ...more, column, rank: this.rankBefore(column, id, null) };
    return this.client.act('card.add', { card: id, column, ...more }, [
      { item: id, kind: 'card', set },
    ]);
  }

  /** Changes what is written on a card; empty text takes a date or a priority away. */
  editCard(card: string, change: CardChange): string {
    const set: Record<string, FieldValue | null> = { ...change };
    for (const name of ['due', 'start', 'priority'] as const) {
      if (change[name] === '') set[name] = null;
    }
    return this.client.act('card.edit', { card, ...change }, [cardOp(card, set)]);
  }

  /** Moves a card before another of a column, or to its end. */
  moveCard(card: string, column: string, before: string | null): string {
    const rank = this.rankBefore(column, card, before);
    return this.client.act('card.move', { card, column, before }, [cardOp(card, { column, rank })]);
  }

  assign(card: string, user: string, on: boolean): string {
    return this.client.act('card.assign', { card, user, on }, [
      cardOp(card, { [`assignee/${user}`]: on ? true : null }),
    ]);
  }

  label(card: string, label: string, on: boolean): string {
    return this.client.act('card.label', { card, label, on }, [
      cardOp(card, { [`label/${label}`]: on ? true : null }),
    ]);
  }

  /** Says when a card comes again (RRULE); empty means never. */
  repeat(card: string, rule: string): string {
    return this.client.act('card.repeat', { card, rule }, [cardOp(card, { repeat: rule || null })]);
  }

  /** Makes the same change on several cards, as one that is undone as one. */
  changeCards(cards: readonly string[], change: BulkChange): string {
    let last = this.column(change.column ?? '')?.cards.at(-1)?.rank ?? '';
    const effect = cards.map((card) => {
      const set: Record<string, FieldValue | null> = {};
      const there = this.column(change.column ?? '');
      if (there && !there.cards.some(({ id }) => id === card)) {
        last = rankBetween(last, null);
        set.column = there.id;
        set.rank = last;
      }
      for (const user of change.assign ?? []) set[`assignee/${user}`] = true;
      for (const user of change.unassign ?? []) set[`assignee/${user}`] = null;
      for (const label of change.label ?? []) set[`label/${label}`] = true;
      for (const label of change.unlabel ?? []) set[`label/${label}`] = null;
      for (const name of ['start', 'due', 'priority'] as const) {
        if (change[name] !== undefined) set[name] = change[name] || null;
      }
      if (change.archive !== undefined) set.archived = change.archive || null;
      if (change.delete) set.deleted = true;
      return cardOp(card, set);
    });
    return this.client.act('cards', { cards, change }, effect);
  }

  /** Takes an attachment off a card, and with it the cover that it is. */
  removeFile(card: string, file: string, isCover: boolean): string {
    const set = { [`file/${file}/name`]: null, ...(isCover && { cover: null }) };
    return this.client.act('card.unfile', { card, file }, [cardOp(card, set)]);
  }

  /** Puts an attached picture on the card's face; empty takes it away. */
  setCover(card: string, file: string): string {
    return this.client.act('card.cover', { card, file }, [cardOp(card, { cover: file || null })]);
  }

  deleteCard(card: string): string {
    return this.client.act('card.delete', { card }, [cardOp(card, { deleted: true })]);
  }

  /** Puts a card aside, or back where it was. */
  archiveCard(card: string, on: boolean): string {
    return this.client.act('card.archive', { card, on }, [
      cardOp(card, { archived: on ? true : null }),
    ]);
  }

  /** Adds an entry at the end of a card's checklist. */
  addCheck(card: Card, title: string): string {
    const entry = newID();
    const rank = rankBetween(card.checklist.at(-1)?.rank ?? '', null);
    return this.client.act('card.check', { card: card.id, entry, title }, [
      cardOp(card.id, checkFields(entry, { title, rank })),
    ]);
  }

  /** Ticks an entry of a checklist off, or calls it something else. */
  editCheck(card: string, entry: string, change: { title?: string; done?: boolean }): string {
    const { title, done } = change;
    const set: Record<string, FieldValue | null> = {};
    if (title !== undefined) set.title = title;
    if (done !== undefined) set.done = done ? true : null;
    return this.client.act('card.check', { card, entry, ...change }, [
      cardOp(card, checkFields(entry, set)),
    ]);
  }

  /** Moves an entry of a checklist before another, or to the end. */
  moveCheck(card: Card, entry: string, before: string | null): string {
    const rank = rankIn(card.checklist, entry, before);
    return this.client.act('card.check', { card: card.id, entry, before: before ?? '' }, [
      cardOp(card.id, checkFields(entry, { rank })),
    ]);
  }

  removeCheck(card: string, entry: string): string {
    return this.client.act('card.check', { card, entry, title: '' }, [
      cardOp(card, checkFields(entry, { title: null, done: null, rank: null })),
    ]);
  }

  /** Says that a card stands so to another, or no more. */
  relate(card: string, relation: RelationName, other: string, on: boolean): string {
    const set =
      relation === 'parent'
        ? { parent: on ? other : null }
        : { [`${relation}/${other}`]: on ? true : null };
    return this.client.act('card.relate', { card, relation, other, on }, [cardOp(card, set)]);
  }

  /** Adds a link to a card, or changes one of its links. */
  setLink(card: string, link: string | null, url: string, title: string): string {
    const id = link ?? this.laterID();
    return this.client.act('card.link', { card, link: id, url, title }, [
      cardOp(card, { [`link/${id}/url`]: url, [`link/${id}/title`]: title || null }),
    ]);
  }

  removeLink(card: string, link: string): string {
    return this.client.act('card.link', { card, link, url: '' }, [
      cardOp(card, { [`link/${link}/url`]: null, [`link/${link}/title`]: null }),
    ]);
  }

  /** Gives a label a colour on all cards of the room, or takes it away. */
  colorLabel(label: string, color: LabelColor | null): string {
    return this.client.act('label.edit', { label, color: color ?? '' }, [
      this.labelOp(label, { title: label, color }),
    ]);
  }

  /** Calls a label something else, on all cards of the room. */
  renameLabel(label: string, rename: string): string {
    const { colors } = this.view();
    const color = (colors.get(labelKey(rename)) ?? colors.get(labelKey(label)))?.color ?? null;
    const effect = this.relabelled(label, rename);
    if (labelKey(rename) !== labelKey(label)) effect.push(this.labelOp(label, { color: null }));
    effect.push(this.labelOp(rename, { title: rename, color }));
    return this.client.act('label.edit', { label, rename }, effect);
  }

  /** Takes a label off all cards of the room. */
  removeLabel(label: string): string {
    return this.client.act('label.remove', { label }, [
      ...this.relabelled(label, null),
      this.labelOp(label, { color: null }),
    ]);
  }

  addColumn(title: string): string {
    const id = newID();
    const rank = rankBetween(this.view().columns.at(-1)?.rank ?? '', null);
    const board = this.view().board.id;
    return this.client.act('column.add', { column: id, title, before: null, board }, [
      columnOp(id, { title, rank, ...(board === mainBoard ? {} : { board }) }),
    ]);
  }

  /** Changes a column; a limit of 0 takes the limit away. */
  editColumn(column: string, change: ColumnChange): string {
    const set: Record<string, FieldValue | null> = { ...change };
    if (change.limit === 0) set.limit = null;
    return this.client.act('column.edit', { column, ...change }, [columnOp(column, set)]);
  }

  /** Moves a column before another, or to the end. */
  moveColumn(column: string, before: string | null): string {
    const rank = rankIn(this.view().columns, column, before);
    return this.client.act('column.move', { column, before }, [columnOp(column, { rank })]);
  }

  /** Removes a column; its cards go to the end of another. */
  removeColumn(column: string, into: string | null): string {
    const effect: Op[] = [columnOp(column, { deleted: true })];
    const cards = this.column(column)?.cards ?? [];
    if (into !== null) {
      let last = this.column(into)?.cards.at(-1)?.rank ?? '';
      for (const card of cards) {
        last = rankBetween(last, null);
        effect.push(cardOp(card.id, { column: into, rank: last }));
      }
    }
    const args = into === null ? { column } : { column, into };
    return this.client.act('column.remove', args, effect);
  }

  /** Saves a view of a board: a new one, or what it shows instead of what it showed. */
  saveView(known: string | null, title: string, board: string, shown: ViewState): string {
    const view = known ?? newID();
    const args = viewArguments(title, board, shown);
    const set = viewFields(args);
    const there = this.view().views.find(({ id }) => id === view);
    if (there) {
      const { people, labels, priorities } = there.view.filter;
      const held = [
        ...people.map((user) => `assignee/${user}`),
        ...labels.map((label) => `label/${label}`),
        ...priorities.map((priority) => `priority/${priority}`),
      ];
      for (const name of held) set[name] ??= null;
    } else {
      set.rank = rankBetween(this.view().views.at(-1)?.rank ?? '', null);
    }
    return this.client.act('view.save', { view, ...args }, [{ item: view, kind: 'view', set }]);
  }

  removeView(view: string): string {
    return this.client.act('view.remove', { view }, [
      { item: view, kind: 'view', set: { deleted: true } },
    ]);
  }

  undo(act?: string): void {
    this.client.undo(act);
  }

  /** Takes back a change from the history of a card, which it gave these values instead. */
  undoChange(change: string, card: string, before: FieldChanges): string {
    return this.client.act('undo', { change }, [cardOp(card, before)]);
  }

  private column(id: string): Column | undefined {
    return this.view().all.find((column) => column.id === id);
  }

  /**
   * What a label's item is to hold. The id of one that does not exist yet is a hash of its name,
   * which is for the server to make; until that is here, one with a name of its own says the same.
   */
  private labelOp(label: string, set: FieldChanges): Op {
    const item = this.view().colors.get(labelKey(label))?.id ?? `label:${labelKey(label)}`;
    return { item, kind: 'label', set };
  }

  /** An id that comes after those made before: a card's links stand in the order of their ids. */
  private laterID(): string {
    this.lastID = Math.max(Date.now(), this.lastID + 1);
    return this.lastID.toString(36).padStart(9, '0') + newID().slice(0, 11);
  }

  /** What becomes of the cards that carry a label, in whatever spelling, when it is another. */
  private relabelled(label: string, name: string | null): Op[] {
    const { all, archived } = this.view();
    const ops: Op[] = [];
    for (const card of [...all.flatMap(({ cards }) => cards), ...archived]) {
      const old = card.labels.filter((has) => labelKey(has) === labelKey(label));
      if (old.length === 0) continue;
      const set = Object.fromEntries(old.map((has) => [`label/${has}`, null]));
      ops.push(cardOp(card.id, name === null ? set : { ...set, [`label/${name}`]: true }));
    }
    return ops;
  }

  private rankBefore(column: string, card: string, before: string | null): string {
    return rankIn(this.column(column)?.cards ?? [], card, before);
  }
}

function rankIn(list: readonly Ranked[], moved: string, before: string | null): string {
  const others = list.filter((entry) => entry.id !== moved);
  const at = before === null ? -1 : others.findIndex((entry) => entry.id === before);
  const next = at < 0 ? others.length : at;
  return rankBetween(others[next - 1]?.rank ?? '', others[next]?.rank ?? null);
}

/** What stands in an order. */
interface Ranked {
  readonly id: string;
  readonly rank: string;
}

function checkFields(entry: string, set: FieldChanges): FieldChanges {
  return Object.fromEntries(
    Object.entries(set).map(([part, value]) => [`check/${entry}/${part}`, value]),
  );
}

function cardOp(item: string, set: FieldChanges): Op {
  return { item, kind: 'card', set };
}

function columnOp(item: string, set: FieldChanges): Op {
  return { item, kind: 'column', set };
}
