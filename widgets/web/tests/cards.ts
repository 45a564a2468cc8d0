import type { Card } from '../src/board/model';
import { cardOf } from '../src/board/model';

/** A card for tests, with what is said of it; nothing else. */
export function testCard(id: string, change: Partial<Card> = {}): Card {
  const card = cardOf({ id, kind: 'card', fields: { title: id, column: 'a', rank: id } });
  if (!card) throw new Error('no card');
  return { ...card, ...change };
}
