import { useSyncExternalStore } from 'react';

/** How many cards can be changed at once, as the server has it. */
export const bulkLimit = 500;

/**
 * The cards that are chosen to be changed together. Kept apart from what is drawn, so that
 * choosing one card among thousands draws only that one anew.
 */
export class Selection {
  private chosen: ReadonlySet<string> = new Set();
  private last: string | null = null;
  private readonly listeners = new Set<() => void>();

  get ids(): ReadonlySet<string> {
    return this.chosen;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Chooses a card, or no longer. */
  toggle(id: string): void {
    const ids = new Set(this.chosen);
    if (!ids.delete(id)) ids.add(id);
    this.last = id;
    this.take(ids);
  }

  /** Chooses what lies between the card chosen last and this one, in the order that is shown. */
  reach(id: string, order: readonly string[]): void {
    const from = this.last === null ? -1 : order.indexOf(this.last);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      this.toggle(id);
      return;
    }
    this.take([...this.chosen, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]);
  }

  /** Chooses all of these. */
  all(ids: readonly string[]): void {
    this.take(ids);
  }

  clear(): void {
    this.last = null;
    this.take([]);
  }

  /** Forgets cards that are no longer there. */
  keep(isThere: (id: string) => boolean): void {
    if ([...this.chosen].every(isThere)) return;
    this.take([...this.chosen].filter(isThere));
  }

  private take(ids: Iterable<string>): void {
    this.chosen = new Set([...ids].slice(0, bulkLimit));
    for (const listener of this.listeners) listener();
  }
}

/** Whether a card is chosen. */
export function useSelected(selection: Selection, id: string): boolean {
  return useSyncExternalStore(
    (listener) => selection.subscribe(listener),
    () => selection.has(id),
  );
}

/** The chosen cards. */
export function useSelection(selection: Selection): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => selection.subscribe(listener),
    () => selection.ids,
  );
}
