import type { BoardIndex } from './boardIndex';
import type { Card } from './model';

/** How another card stands to a card, as seen from that. */
export type RelationKind = 'blocks' | 'blockedBy' | 'parent' | 'parts' | 'relates';

/** The cards that stand to a card in one way. */
export interface RelatedGroup {
  readonly kind: RelationKind;
  readonly cards: readonly Card[];
}

/**
 * The cards that a card is related to, by how. What it says itself and what others say of it are
 * one; cards that were deleted are left out, and come back with them.
 */
export function relationsOf(card: Card, index: BoardIndex): readonly RelatedGroup[] {
  const others = index.seenFromOthers;
  const found: Record<RelationKind, Iterable<string>> = {
    blockedBy: others.blockersOf(card.id),
    blocks: card.blocks,
    parent: card.parent ? [card.parent] : [],
    parts: others.partsOf(card.id),
    relates: new Set([...card.relates, ...others.relatingTo(card.id)]),
  };
  return (Object.keys(found) as RelationKind[])
    .map((kind) => ({
      kind,
      cards: [...found[kind]]
        .map((id) => index.card(id))
        .filter((other) => other !== undefined)
        .sort((a, b) => Number(a.number) - Number(b.number)),
    }))
    .filter(({ cards }) => cards.length > 0);
}
