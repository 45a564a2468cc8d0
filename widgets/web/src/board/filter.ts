import type { Member } from '../live/protocol';
import type { Card } from './model';

/** What the person wants to see; empty text and person null mean everything. */
export interface Filter {
  readonly text: string;
  /** A user id, 'nobody', or null for everybody. */
  readonly person: string | null;
}

export const everything: Filter = { text: '', person: null };

/** Whether a filter hides anything at all. */
export function filters(filter: Filter): boolean {
  return filter.text.trim() !== '' || filter.person !== null;
}

/**
 * Whether a card is shown: every word has to occur in its title, its description, its labels, the
 * names of its people, or be its number ("#12").
 */
export function passes(card: Card, filter: Filter, members: ReadonlyMap<string, Member>): boolean {
  if (filter.person === 'nobody' && card.assignees.length > 0) return false;
  if (filter.person !== null && filter.person !== 'nobody') {
    if (!card.assignees.includes(filter.person)) return false;
  }
  const words = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const people = card.assignees.map((user) => members.get(user)?.name ?? user);
  const text = [card.title, card.description, ...card.labels, ...people]
    .join('\n')
    .toLocaleLowerCase();
  return words.every((word) => text.includes(word) || word === `#${card.number}`);
}
