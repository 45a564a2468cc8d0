import type { FieldChanges, Fields, FieldValue, Item, Op } from './protocol';

/** Merges changes into fields and returns new fields; null removes one. */
export function mergeFields(fields: Fields, set: FieldChanges): Fields {
  const merged = Object.create(null) as Record<string, FieldValue>;
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(set, name)) merged[name] = value;
  }
  for (const [name, value] of Object.entries(set)) if (value !== null) merged[name] = value;
  return merged;
}

/** Whether an item is on a whiteboard: these come when it is opened. */
function isDrawn({ kind }: Item): boolean {
  return kind === 'element' || kind === 'picture';
}

const nothing: Fields = Object.freeze(Object.create(null) as Fields);

/**
 * The items as the server has told them, with the person's own unacknowledged changes laid over.
 * What is shown is always `base + overlay`: a change shows at once, and disappears by itself when
 * it is refused. Items are immutable; an item that did not change stays the same object.
 */
export class Items {
  private base = new Map<string, Item>();
  private overlay = new Map<string, { kind: string; set: Record<string, FieldValue | null> }>();
  private readonly shown = new Map<string, Item>();
  private changed = new Set<string>();
  private times = 0;
  /** Changes that came while a snapshot was still arriving: later pages must not undo them. */
  private sinceSnapshot: Map<string, FieldChanges> | null = null;
  /** The same, while what is on a whiteboard was still arriving. */
  private sinceOpened: Map<string, FieldChanges> | null = null;

  /** How often something was to be shown otherwise. */
  get version(): number {
    return this.times;
  }

  /** Every item as it is to be shown. */
  get all(): ReadonlyMap<string, Item> {
    return this.shown;
  }

  /** One item as it is to be shown. */
  get(id: string): Item | undefined {
    return this.shown.get(id);
  }

  /** One item as the server knows it. */
  known(id: string): Item | undefined {
    return this.base.get(id);
  }

  /**
   * A new snapshot begins: everything known is replaced by what follows, but for what is on a
   * whiteboard, which comes by itself.
   */
  startSnapshot(): void {
    const kept = new Map<string, Item>();
    for (const [id, item] of this.base) {
      if (isDrawn(item)) kept.set(id, item);
      else this.changed.add(id);
    }
    this.base = kept;
    this.sinceSnapshot = new Map();
  }

  /** What is on whiteboards is forgotten: it is closed, or all of it comes anew. */
  dropDrawn(): void {
    for (const [id, item] of this.base) {
      if (!isDrawn(item)) continue;
      this.base.delete(id);
      this.changed.add(id);
    }
    this.sinceOpened = new Map();
  }

  /** One page of what is on the whiteboard that was opened; `last` ends it. */
  addDrawn(items: readonly Item[], last: boolean): void {
    for (const item of items) {
      const later = this.sinceOpened?.get(item.id);
      this.base.set(item.id, later ? { ...item, fields: mergeFields(item.fields, later) } : item);
      this.changed.add(item.id);
    }
    if (last) this.sinceOpened = null;
  }

  /** One page of a snapshot; `last` ends it. */
  addPage(items: readonly Item[], last: boolean): void {
    for (const item of items) {
      const later = this.sinceSnapshot?.get(item.id);
      this.base.set(item.id, later ? { ...item, fields: mergeFields(item.fields, later) } : item);
      this.changed.add(item.id);
    }
    if (last) this.sinceSnapshot = null;
  }

  /** Merges a commit of the server. */
  commit(ops: readonly Op[]): void {
    for (const { item: id, kind, set } of ops) {
      const before = this.base.get(id);
      this.base.set(id, { id, kind, fields: mergeFields(before?.fields ?? nothing, set) });
      this.sinceSnapshot?.set(id, { ...this.sinceSnapshot.get(id), ...set });
      if (kind === 'element' || kind === 'picture') {
        this.sinceOpened?.set(id, { ...this.sinceOpened.get(id), ...set });
      }
      this.changed.add(id);
    }
  }

  /** Replaces the overlay by these changes, the earliest first. */
  setOverlay(pending: Iterable<readonly Op[]>): void {
    for (const id of this.overlay.keys()) this.changed.add(id);
    this.overlay = new Map();
    for (const ops of pending) {
      for (const { item: id, kind, set } of ops) {
        const laid = this.overlay.get(id);
        if (laid) Object.assign(laid.set, set);
        else this.overlay.set(id, { kind, set: { ...set } });
        this.changed.add(id);
      }
    }
  }

  /** Brings what is shown up to date; returns the ids of the items that look different now. */
  refresh(): ReadonlySet<string> {
    const changed = this.changed;
    this.changed = new Set();
    for (const id of changed) {
      const base = this.base.get(id);
      const laid = this.overlay.get(id);
      if (laid) {
        this.shown.set(id, {
          id,
          kind: laid.kind,
          fields: mergeFields(base?.fields ?? nothing, laid.set),
        });
      } else if (base) {
        if (this.shown.get(id) === base) changed.delete(id);
        else this.shown.set(id, base);
      } else {
        this.shown.delete(id);
      }
    }
    if (changed.size > 0) this.times += 1;
    return changed;
  }
}
