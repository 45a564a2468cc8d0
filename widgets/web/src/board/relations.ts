import type { Card } from './model';

const nothing: ReadonlySet<string> = new Set();

/**
 * Relations as they are seen from the other end: a card says what it blocks, what it has to do
 * with and what it is a part of, and here stands which cards say that of a card.
 */
export class Relations {
  private readonly blocking = new Map<string, Set<string>>();
  private readonly relating = new Map<string, Set<string>>();
  private readonly parts = new Map<string, Set<string>>();

  /** Takes in what a card says. */
  add(card: Card): void {
    for (const other of card.blocks) put(this.blocking, other, card.id);
    for (const other of card.relates) put(this.relating, other, card.id);
    if (card.parent) put(this.parts, card.parent, card.id);
  }

  /** Forgets what a card said. */
  remove(card: Card): void {
    for (const other of card.blocks) this.blocking.get(other)?.delete(card.id);
    for (const other of card.relates) this.relating.get(other)?.delete(card.id);
    if (card.parent) this.parts.get(card.parent)?.delete(card.id);
  }

  /** The cards that block a card. */
  blockersOf(card: string): ReadonlySet<string> {
    return this.blocking.get(card) ?? nothing;
  }

  /** The cards that say that they have to do with a card. */
  relatingTo(card: string): ReadonlySet<string> {
    return this.relating.get(card) ?? nothing;
  }

  /** The cards that are parts of a card. */
  partsOf(card: string): ReadonlySet<string> {
    return this.parts.get(card) ?? nothing;
  }
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
