import type { Member } from '../../live/protocol';
import type { Texts } from '../../text/text';
import { nameOf } from '../BoardContext';
import type { Passes } from '../filter';
import type { Card, Column, Lanes, Priority } from '../model';

/** A row of the board. */
export interface Lane {
  /** The person, label or priority; empty for cards without one. */
  readonly key: string;
  readonly title: string;
  /** Its cards in each column, by the column's id. */
  readonly cells: ReadonlyMap<string, readonly Card[]>;
  readonly cards: number;
}

/** What a board is divided by. */
export type Divided = Exclude<Lanes, ''>;

const priorities: readonly Priority[] = ['urgent', 'high', '', 'low'];

/** In which lanes a card is: with several people or labels in each of theirs. */
export function keysOf(card: Card, by: Divided): readonly string[] {
  if (by === 'priority') return [card.priority];
  const members = by === 'assignee' ? card.assignees : card.labels;
  return members.length > 0 ? members : [''];
}

/** Sorts the cards of a board into lanes, in the order in which they are shown. */
export function lanesOf(
  columns: readonly Column[],
  by: Divided,
  on: { passes: Passes | null; members: ReadonlyMap<string, Member>; t: Texts },
): readonly Lane[] {
  const cells = new Map<string, Map<string, Card[]>>();
  if (by === 'priority')
    for (const priority of priorities) cells.set(priority, new Map<string, Card[]>());
  else cells.set('', new Map<string, Card[]>());
  for (const column of columns) {
    for (const card of column.cards) {
      if (on.passes && !on.passes(card)) continue;
      for (const key of keysOf(card, by)) {
        let lane = cells.get(key);
        if (!lane) cells.set(key, (lane = new Map<string, Card[]>()));
        const list = lane.get(column.id);
        if (list) list.push(card);
        else lane.set(column.id, [card]);
      }
    }
  }
  const lanes = [...cells].map(([key, lane]) => ({
    key,
    title: titleOf(key, by, on),
    cells: lane,
    cards: [...lane.values()].reduce((sum, cards) => sum + cards.length, 0),
  }));
  if (by === 'priority') return lanes;
  // Those without a person or label come last.
  return lanes.sort(
    (a, b) => Number(a.key === '') - Number(b.key === '') || a.title.localeCompare(b.title),
  );
}

function titleOf(
  key: string,
  by: Divided,
  { members, t }: { members: ReadonlyMap<string, Member>; t: Texts },
): string {
  if (by === 'assignee') return key ? nameOf(key, members, t) : t.laneNobody;
  if (by === 'label') return key || t.laneNoLabel;
  return (
    {
      urgent: t.priorityUrgent,
      high: t.priorityHigh,
      low: t.priorityLow,
    }[key] ?? t.priorityNormal
  );
}

/** A change of a card that brings it from one lane to another. */
export interface LaneChange {
  assign?: string[];
  unassign?: string[];
  label?: string[];
  unlabel?: string[];
  priority?: Priority;
}

/**
 * What moving a card between lanes changes; null where that is not clear: a card of several people
 * has no way to be nobody's by leaving one of them.
 */
export function laneChange(card: Card, by: Divided, from: string, to: string): LaneChange | null {
  if (by === 'priority') return { priority: to as Priority };
  if (to === '' && keysOf(card, by).length > 1) return null;
  const off = from === '' ? [] : [from];
  const on = to === '' || keysOf(card, by).includes(to) ? [] : [to];
  return by === 'assignee' ? { assign: on, unassign: off } : { label: on, unlabel: off };
}
