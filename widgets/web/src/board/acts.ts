import type { LiveClient } from '../live/client';
import { newID } from '../live/ids';
import type { FieldChanges, FieldValue, Op } from '../live/protocol';
import type { BoardView } from './boardIndex';
import { rankBetween, type Card, type Column, type Priority } from './model';

/** What a new card is made of. */
export interface NewCard {
  readonly title: string;
  readonly column: string;
}

/** What can be written on a card. */
export interface CardChange {
  title?: string;
  description?: string;
  due?: string;
  start?: string;
  priority?: Priority;
}

/**
 * What a person can do on the board. Each sends an act and shows its expected effect at once;
 * each returns the act's id, by which it can be undone.
 */
export class BoardActs {
  constructor(
    private readonly client: LiveClient,
    private readonly view: () => BoardView,
  ) {}

  addCard(card: NewCard): string {
    const id = newID();
    const { title, column } = card;
    const set = { title, column, rank: this.rankBefore(column, id, null) };
    return this.client.act('card.add', { card: id, title, column }, [
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

  deleteCard(card: string): string {
    return this.client.act('card.delete', { card }, [cardOp(card, { deleted: true })]);
  }

  addColumn(title: string): string {
    const id = newID();
    const rank = rankBetween(this.view().columns.at(-1)?.rank ?? '', null);
    return this.client.act('column.add', { column: id, title, before: null }, [
      columnOp(id, { title, rank }),
    ]);
  }

  editColumn(column: string, change: { title?: string; done?: boolean }): string {
    return this.client.act('column.edit', { column, ...change }, [columnOp(column, change)]);
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

  undo(act?: string): void {
    this.client.undo(act);
  }

  private column(id: string): Column | undefined {
    return this.view().columns.find((column) => column.id === id);
  }

  private rankBefore(column: string, card: string, before: string | null): string {
    return rankIn(this.column(column)?.cards ?? [], card, before);
  }
}

function rankIn(list: readonly (Card | Column)[], moved: string, before: string | null): string {
  const others = list.filter((entry) => entry.id !== moved);
  const at = before === null ? -1 : others.findIndex((entry) => entry.id === before);
  const next = at < 0 ? others.length : at;
  return rankBetween(others[next - 1]?.rank ?? '', others[next]?.rank ?? null);
}

function cardOp(item: string, set: FieldChanges): Op {
  return { item, kind: 'card', set };
}

function columnOp(item: string, set: FieldChanges): Op {
  return { item, kind: 'column', set };
}
