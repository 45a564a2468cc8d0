import type { PastChange, PastPage } from './protocol';

/** What is known of a card's history, the newest first. */
export interface Past {
  readonly entries: readonly PastChange[];
  /** There are older ones. */
  readonly more: boolean;
}

/**
 * Adds what has come to what is known: older changes at the end, the newest in place of those that
 * they overlap with. Where something may lie between, only the newest are kept.
 */
export function joinPast(known: Past | undefined, page: PastPage): Past {
  const come = { entries: page.entries, more: page.more };
  if (page.before !== null) {
    if (known?.entries.at(-1)?.seq !== page.before) return known ?? { entries: [], more: true };
    return { entries: [...known.entries, ...come.entries], more: come.more };
  }
  const oldest = come.entries.at(-1)?.seq;
  const newest = known?.entries[0]?.seq;
  if (!known || oldest === undefined || newest === undefined || oldest > newest) return come;
  const older = known.entries.filter(({ seq }) => seq < oldest);
  return { entries: [...come.entries, ...older], more: older.length > 0 ? known.more : come.more };
}
