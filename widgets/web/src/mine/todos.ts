import { byRank, cardOf, columnOf } from '../board/model';
import type { LiveClient } from '../live/client';
import { newID } from '../live/ids';
import type { FieldChanges, FieldValue, Item } from '../live/protocol';

/** A personal to-do: a card of the person's direct chat with the bot. */
export interface Todo {
  readonly id: string;
  readonly title: string;
  /** YYYY-MM-DD, or empty. */
  readonly due: string;
  readonly done: boolean;
}

/** Reads the to-dos from the items of the direct chat, in their order. */
export function todosOf(items: Iterable<Item>): readonly Todo[] {
  const all = [...items];
  const done = new Set<string>();
  for (const item of all) {
    const column = columnOf(item);
    if (column?.done) done.add(column.id);
  }
  return all
    .filter((item) => item.fields.archived !== true)
    .map(cardOf)
    .filter((card) => card !== null)
    .sort(byRank)
    .map(({ id, title, due, column }) => ({ id, title, due, done: done.has(column) }));
}

/** The to-dos as they are to be shown, for React to follow. */
export class TodoList {
  private list: readonly Todo[];

  constructor(private readonly client: LiveClient) {
    this.list = todosOf(client.items.all.values());
  }

  get shown(): readonly Todo[] {
    return this.list;
  }

  follow(listener: () => void): () => void {
    const read = (): void => {
      this.list = todosOf(this.client.items.all.values());
      listener();
    };
    read();
    return this.client.onItems(read);
  }
}

/**
 * What a person can do with their to-dos. Each sends an act and shows its expected effect at once;
 * each returns the act's id, by which it can be undone.
 */
export class TodoActs {
  constructor(private readonly client: LiveClient) {}

  add(title: string, due: string): string {
    const card = newID();
    const set = { title, rank: '~', ...(due && { due }) };
    return this.act('card.add', card, { title, ...(due && { due }) }, set);
  }

  edit(card: string, change: { title: string; due: string }): string {
    return this.act('card.edit', card, change, { ...change, due: change.due || null });
  }

  finish(card: string): string {
    return this.act('card.done', card, {}, this.into(true));
  }

  reopen(card: string): string {
    const column = this.column(false) ?? 'open';
    return this.act('card.move', card, { column }, { column });
  }

  remove(card: string): string {
    return this.act('card.delete', card, {}, { deleted: true });
  }

  undo(act?: string): void {
    this.client.undo(act);
  }

  private act(name: string, card: string, args: object, set: FieldChanges): string {
    return this.client.act(name, { card, ...args }, [{ item: card, kind: 'card', set }]);
  }

  private into(done: boolean): Record<string, FieldValue> {
    const column = this.column(done);
    return column === undefined ? {} : { column };
  }

  private column(done: boolean): string | undefined {
    return [...this.client.items.all.values()]
      .map(columnOf)
      .filter((column) => column?.done === done)
      .sort((a, b) => (a && b ? byRank(a, b) : 0))[0]?.id;
  }
}
