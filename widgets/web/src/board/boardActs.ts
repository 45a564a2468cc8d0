import type { LiveClient } from '../live/client';
import { newID } from '../live/ids';
import type { FieldChanges, Op } from '../live/protocol';
import type { BoardView } from './boardIndex';
import { rankBetween, type Lanes } from './model';

/**
 * What a person can do with whole boards. Like the acts on cards, each shows its expected effect
 * at once and returns the act's id, by which it can be undone.
 */
export class WholeBoardActs {
  constructor(
    private readonly client: LiveClient,
    private readonly view: () => BoardView,
  ) {}

  /** Makes a board after a template, or without one; its columns come from the server. */
  add(title: string, template: string): { readonly board: string; readonly act: string } {
    const board = newID();
    const rank = rankBetween(this.view().boards.at(-1)?.rank ?? '', null);
    const args = template ? { board, title, template } : { board, title };
    return { board, act: this.client.act('board.add', args, [boardOp(board, { title, rank })]) };
  }

  rename(board: string, title: string): string {
    return this.client.act('board.edit', { board, title }, [boardOp(board, { title })]);
  }

  /** Says for everybody by what the board's cards are sorted into rows. */
  divide(board: string, lanes: Lanes): string {
    const effect = boardOp(board, { lanes: lanes || null });
    return this.client.act('board.edit', { board, lanes }, [effect]);
  }

  /** Moves a board before another, or to the end. The server ranks; it shows a moment later. */
  move(board: string, before: string | null): string {
    return this.client.act('board.move', { board, before }, []);
  }

  archive(board: string): string {
    const effect = boardOp(board, { archived: true });
    return this.client.act('board.archive', { board, on: true }, [effect]);
  }

  /** Brings a board back that was archived or removed. */
  restore(board: string): string {
    const effect = boardOp(board, { archived: null, deleted: null });
    return this.client.act('board.archive', { board, on: false }, [effect]);
  }

  /** Removes a board, or a template. */
  remove(board: string): string {
    return this.client.act('board.remove', { board }, [boardOp(board, { deleted: true })]);
  }

  /** Makes a template of a board. */
  save(board: string, title: string, cards: boolean): string {
    return this.client.act('board.save', { board, template: newID(), title, cards }, []);
  }
}

function boardOp(item: string, set: FieldChanges): Op {
  return { item, kind: 'board', set };
}
