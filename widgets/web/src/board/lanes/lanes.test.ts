import { describe, expect, it } from 'vitest';
import { de } from '../../text/de';
import { cardOf, columnOf, type Card, type Column } from '../model';
import { keysOf, laneChange, lanesOf } from './lanes';

function card(id: string, fields: Record<string, string | true> = {}): Card {
  const made = cardOf({
    id,
    kind: 'card',
    fields: { title: id, column: 'open', rank: id, ...fields },
  });
  if (!made) throw new Error('no card');
  return made;
}

function column(id: string, cards: Card[]): Column {
  const made = columnOf({ id, kind: 'column', fields: { title: id, rank: id } });
  if (!made) throw new Error('no column');
  return { ...made, cards };
}

const members = new Map([
  ['@anna:x', { user_id: '@anna:x', name: 'Zoe' }],
  ['@ben:x', { user_id: '@ben:x', name: 'Ada' }],
]);
const on = { passes: null, members, t: de };

describe('lanes', () => {
  const both = card('both', { 'assignee/@anna:x': true, 'assignee/@ben:x': true, priority: 'low' });
  const alone = card('alone', { 'assignee/@anna:x': true });
  const nobody = card('nobody', { 'label/eilt': true });
  const columns = [column('a', [both, nobody]), column('b', [alone])];

  it('show a card of several people with each, by name, and nobody last', () => {
    const lanes = lanesOf(columns, 'assignee', on);
    expect(lanes.map(({ title, cards }) => [title, cards])).toEqual([
      ['Ada', 1],
      ['Zoe', 2],
      [de.laneNobody, 1],
    ]);
    expect(lanes[1]?.cells.get('a')).toEqual([both]);
    expect(lanes[1]?.cells.get('b')).toEqual([alone]);
  });

  it('show every priority, the highest first, also without cards', () => {
    const lanes = lanesOf(columns, 'priority', on);
    expect(lanes.map(({ key, cards }) => [key, cards])).toEqual([
      ['urgent', 0],
      ['high', 0],
      ['', 2],
      ['low', 1],
    ]);
  });

  it('leave out what a filter hides', () => {
    const lanes = lanesOf(columns, 'label', { ...on, passes: ({ id }) => id === 'nobody' });
    expect(lanes.map(({ key, cards }) => [key, cards])).toEqual([
      ['eilt', 1],
      ['', 0],
    ]);
  });

  it('change what a card is moved between, where that is clear', () => {
    expect(laneChange(alone, 'assignee', '@anna:x', '@ben:x')).toEqual({
      assign: ['@ben:x'],
      unassign: ['@anna:x'],
    });
    expect(laneChange(nobody, 'assignee', '', '@ben:x')).toEqual({
      assign: ['@ben:x'],
      unassign: [],
    });
    expect(laneChange(alone, 'assignee', '@anna:x', '')).toEqual({
      assign: [],
      unassign: ['@anna:x'],
    });
    expect(laneChange(both, 'assignee', '@anna:x', '')).toBeNull();
    expect(laneChange(both, 'assignee', '@anna:x', '@ben:x')).toEqual({
      assign: [],
      unassign: ['@anna:x'],
    });
    expect(laneChange(nobody, 'label', 'eilt', 'vergabe')).toEqual({
      label: ['vergabe'],
      unlabel: ['eilt'],
    });
    expect(laneChange(both, 'priority', 'low', '')).toEqual({ priority: '' });
    expect(keysOf(both, 'priority')).toEqual(['low']);
  });
});
