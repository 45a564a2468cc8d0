import { addDays } from '../text/dates';
import type { Member } from '../live/protocol';
import type { Card } from './model';
import { SearchTexts, soughtWords, stands } from './search';
import { weekOf } from './days';

/** When cards are due that somebody wants to see; empty is whenever. */
export type DueChoice = '' | 'overdue' | 'today' | 'week' | 'month' | 'none';

/** A priority as it is chosen: `normal` is the one that a card without any has. */
export type PriorityChoice = 'urgent' | 'high' | 'normal' | 'low';

export const dueChoices = ['overdue', 'today', 'week', 'month', 'none'] as const;
export const priorityChoices = ['urgent', 'high', 'normal', 'low'] as const;

/** In the place of a user id: cards that are assigned to nobody. */
export const nobody = 'nobody';

/** What the person wants to see; what is empty hides nothing. */
export interface Filter {
  readonly text: string;
  /** User ids, and `nobody`: cards of any of them. */
  readonly people: readonly string[];
  /** Cards with any of these labels. */
  readonly labels: readonly string[];
  /** Cards of any of these priorities. */
  readonly priorities: readonly PriorityChoice[];
  readonly due: DueChoice;
}

export const everything: Filter = { text: '', people: [], labels: [], priorities: [], due: '' };

/** Whether a filter hides anything at all. */
export function filters(filter: Filter): boolean {
  return filter.text.trim() !== '' || choices(filter) > 0;
}

/** How many things are chosen beside the text. */
export function choices(filter: Filter): number {
  const { people, labels, priorities, due } = filter;
  return people.length + labels.length + priorities.length + (due === '' ? 0 : 1);
}

/** What has to be known to judge cards. */
export interface Around {
  readonly members: ReadonlyMap<string, Member>;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly texts: SearchTexts;
  /** Whether the card lies in a column of finished cards: such a one is not overdue. */
  readonly isDone: (card: Card) => boolean;
}

/** Tells of each card whether it is shown. */
export type Passes = (card: Card) => boolean;

/**
 * Reads a filter once, to be asked for many cards. Every word has to occur in the card's title,
 * description or labels, in the name of one of its people, or be its number ("#12").
 */
export function passing(filter: Filter, around: Around): Passes {
  const { members, texts } = around;
  const tests: Passes[] = [];
  const people = new Set(filter.people);
  if (people.size > 0) {
    tests.push(({ assignees }) =>
      assignees.length === 0 ? people.has(nobody) : assignees.some((user) => people.has(user)),
    );
  }
  const labels = new Set(filter.labels);
  if (labels.size > 0) tests.push((card) => card.labels.some((label) => labels.has(label)));
  const priorities = new Set(filter.priorities);
  if (priorities.size > 0) tests.push(({ priority }) => priorities.has(priority || 'normal'));
  if (filter.due !== '') tests.push(dueTest(filter.due, around));
  const words = soughtWords(filter.text, texts.locale);
  if (words.length > 0) {
    tests.push((card) =>
      words.every(
        (word) =>
          stands(word, texts.of(card)) ||
          (word.number !== '' && word.number === card.number) ||
          card.assignees.some((user) =>
            stands(word, texts.ofName(user, members.get(user)?.name ?? user)),
          ),
      ),
    );
  }
  return (card) => tests.every((test) => test(card));
}

function dueTest(due: Exclude<DueChoice, ''>, { today, texts, isDone }: Around): Passes {
  const between =
    (from: string, to: string): Passes =>
    (card) =>
      card.due >= from && card.due <= to;
  switch (due) {
    case 'none':
      return (card) => card.due === '';
    case 'overdue':
      return (card) => card.due !== '' && card.due < today && !isDone(card);
    case 'today':
      return (card) => card.due === today;
    case 'week': {
      const first = weekOf(today, texts.locale);
      return between(first, addDays(first, 6));
    }
    case 'month':
      return (card) => card.due.startsWith(today.slice(0, 7));
  }
}
