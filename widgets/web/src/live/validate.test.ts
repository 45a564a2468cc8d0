// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { BadMessage, readMessage } from './validate';

const good = {
  welcome: {
    t: 'welcome',
    seq: 4,
    epoch: 'e',
    resumed: false,
    total: 2,
    room: { id: '!r:x', name: 'R', lang: 'de' },
    me: { user_id: '@a:x', name: 'A', can: { edit: true, configure: false } },
    members: [{ user_id: '@a:x', name: 'A' }],
    viewers: ['@a:x'],
  },
  items: { t: 'items', items: [{ id: 'c1', kind: 'card', fields: { title: 'T' } }], more: false },
  commit: {
    t: 'commit',
    seq: 5,
    id: 'x',
    by: '@a:x',
    via: 'widget',
    ops: [{ item: 'c1', kind: 'card', set: { title: 'U', due: null } }],
  },
  ack: { t: 'ack', id: 'x', seq: 5 },
  no: { t: 'no', id: 'x', error: { kind: 'forbidden', message: 'Nein.' } },
  viewers: { t: 'viewers', viewers: [] },
  member: { t: 'member', user_id: '@b:x', name: 'B', joined: true },
  you: { t: 'you', can: { edit: false, configure: false } },
  count: { t: 'count', card: 'c1', comments: 2 },
  comments: {
    t: 'comments',
    card: 'c1',
    comments: [{ event_id: '$e', by: '@a:x', name: 'A', body: 'hi', at: 1 }],
  },
  bye: { t: 'bye', reason: 'moved', message: 'm', room: '!n:x' },
  pong: { t: 'pong' },
};

/** Sets a value at a path such as "me.can.edit" in a copy. */
function patched(message: object, path: string, value: unknown): string {
  const copy = structuredClone(message) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return JSON.stringify(copy);
}

describe('readMessage', () => {
  it.each(Object.entries(good))('takes a good %s', (type, message) => {
    expect(readMessage(JSON.stringify(message))).toMatchObject({ t: type });
  });

  it.each([
    ['welcome', 'seq', '4'],
    ['welcome', 'seq', -1],
    ['welcome', 'seq', 1.5],
    ['welcome', 'seq', 2 ** 60],
    ['welcome', 'epoch', null],
    ['welcome', 'resumed', 'yes'],
    ['welcome', 'room', null],
    ['welcome', 'room.id', 7],
    ['welcome', 'me.user_id', {}],
    ['welcome', 'me.can', null],
    ['welcome', 'me.can.edit', 1],
    ['welcome', 'members', 'all'],
    ['welcome', 'members', [null]],
    ['welcome', 'viewers', [3]],
    ['items', 'items', {}],
    ['items', 'items', [[]]],
    ['items', 'items', [{ id: 'a b', kind: 'card', fields: {} }]],
    ['items', 'items', [{ id: 'a', kind: 1, fields: {} }]],
    ['items', 'items', [{ id: 'a', kind: 'card', fields: { title: {} } }]],
    ['items', 'items', [{ id: 'a', kind: 'card', fields: { n: 0.5 } }]],
    ['commit', 'ops', [{ item: '', kind: 'card', set: {} }]],
    ['commit', 'ops', [{ item: 'x'.repeat(65), kind: 'card', set: {} }]],
    ['commit', 'ops', [{ item: 'a', kind: 'card' }]],
    ['commit', 'ops', [{ item: 'a', kind: 'card', set: { title: ['x'] } }]],
    ['commit', 'seq', null],
    ['ack', 'id', 5],
    ['no', 'error', 'nope'],
    ['no', 'error', { kind: 'x' }],
    ['viewers', 'viewers', {}],
    ['member', 'joined', undefined],
    ['you', 'can', {}],
    ['count', 'card', '../x'],
    ['count', 'comments', '2'],
    ['comments', 'comments', [{ event_id: '$e', by: '@a:x', body: 1, at: 1 }]],
    ['bye', 'reason', 'because'],
  ] as const)('refuses %s with a bad %s', (type, path, value) => {
    expect(() => readMessage(patched(good[type], path, value))).toThrow(BadMessage);
  });

  it.each(['', 'null', '[]', '7', '{}', '{"t":5}', '{"t":', '"hello"'])('refuses %j', (json) => {
    expect(() => readMessage(json)).toThrow(BadMessage);
  });

  it('passes over types that it does not know, also those named like inherited ones', () => {
    expect(readMessage('{"t":"later"}')).toBeNull();
    expect(readMessage('{"t":"constructor"}')).toBeNull();
  });

  it('keeps a field named __proto__ a field', () => {
    const found = readMessage(
      '{"t":"items","items":[{"id":"a","kind":"card","fields":{"__proto__":"x"}}],"more":false}',
    );
    expect(found?.t === 'items' && Object.keys(found.items[0]?.fields ?? {})).toEqual([
      '__proto__',
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('takes null for an empty list and a missing name for the user id', () => {
    const found = readMessage(
      patched({ ...good.welcome, viewers: null, members: [{ user_id: '@a:x' }] }, 'me.name', ''),
    );
    expect(found).toMatchObject({
      viewers: [],
      members: [{ user_id: '@a:x', name: '@a:x' }],
      me: { name: '@a:x' },
    });
  });
});
