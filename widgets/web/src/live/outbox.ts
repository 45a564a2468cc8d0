import type { FieldChanges, FieldValue, Item, Op } from './protocol';

/** A change of the person's that the server has not acknowledged. */
export interface PendingAct {
  readonly id: string;
  readonly act: string;
  args: object;
  /** What it is expected to do, shown until the server says what it did. */
  effect: readonly Op[];
  /** Whether it went out on the present line. */
  sent: boolean;
  /** Whether it may have reached the server, on this line or an earlier one. */
  everSent: boolean;
  /** It was sent once more after an interruption. */
  repeated: boolean;
  /** The person took it back before the answer came. */
  takeBack: boolean;
}

/** A change of the person's that can be undone. */
export interface Undoable {
  readonly act: string;
  /** The change's id on the server. */
  readonly change: string;
  /** What undoing it is expected to do. */
  readonly inverse: readonly Op[];
}

const remembered = 100;

/** Acts about comments are said in the room: they change no work and cannot be undone. */
export function isTalk(act: string): boolean {
  return act.startsWith('comment.');
}

/** What is drawn is undone by the drawing program, which knows its own strokes. */
export function isDrawing(act: string): boolean {
  return act.startsWith('whiteboard.draw');
}

/**
 * The person's own changes: those under way, in order, and those that can still be undone.
 */
export class Outbox {
  private readonly queue = new Map<string, PendingAct>();
  private readonly undoable: Undoable[] = [];
  private readonly ownCommits = new Map<number, { change: string; inverse: readonly Op[] }>();

  get size(): number {
    return this.queue.size;
  }

  /** Acts not acknowledged, the earliest first. */
  pending(): IterableIterator<PendingAct> {
    return this.queue.values();
  }

  add(act: PendingAct): void {
    this.queue.set(act.id, act);
  }

  /** Takes an act out: it was acknowledged, refused, or never sent. */
  remove(id: string): PendingAct | undefined {
    const act = this.queue.get(id);
    this.queue.delete(id);
    return act;
  }

  find(id: string): PendingAct | undefined {
    return this.queue.get(id);
  }

  /** Remembers a commit of the person's own until its acknowledgement names it. */
  noteOwnCommit(seq: number, change: string, inverse: readonly Op[]): void {
    this.ownCommits.set(seq, { change, inverse });
    const oldest = this.ownCommits.keys().next();
    if (this.ownCommits.size > remembered && !oldest.done) this.ownCommits.delete(oldest.value);
  }

  /** An act became a commit: from now on it can be undone. */
  acknowledged(act: PendingAct, seq: number): Undoable {
    const commit = this.ownCommits.get(seq) ?? { change: act.id, inverse: [] };
    this.ownCommits.delete(seq);
    const done = { act: act.id, ...commit };
    if (act.act !== 'undo' && !isTalk(act.act) && !isDrawing(act.act)) {
      this.undoable.push(done);
      if (this.undoable.length > remembered) this.undoable.shift();
    }
    return done;
  }

  /** Takes out what can be undone: the act named, or else the latest. */
  takeUndoable(act?: string): Undoable | undefined {
    const at =
      act === undefined
        ? this.undoable.length - 1
        : this.undoable.findIndex((done) => done.act === act);
    return at < 0 ? undefined : this.undoable.splice(at, 1)[0];
  }
}

/** The changes that would bring items back to what they are before these ops. */
export function inverseOf(ops: readonly Op[], before: (id: string) => Item | undefined): Op[] {
  return ops.map(({ item, kind, set }) => {
    const known = before(item);
    if (!known) return { item, kind, set: { deleted: true } };
    const back: Record<string, FieldValue | null> = {};
    for (const name of Object.keys(set)) back[name] = known.fields[name] ?? null;
    return { item, kind, set: back satisfies FieldChanges };
  });
}
