// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Item } from '../live/protocol';
import { byIndex, dataOf, effectOf, elementOf, mayBeSent, sentOf, shaped } from './elements';
import { elementLike, whiteboard } from './testElements';

const item = (fields: Item['fields'], id = 'a'): Item => ({
  id: `${whiteboard}-${id}`,
  kind: 'element',
  fields,
});

describe('an element and its item', () => {
  it('are the same when it has gone through the room and come back', () => {
    const element = elementLike({ id: 'a', x: 10.123456, angle: 1.23456, version: 7 });
    const { set } = effectOf(whiteboard, element);
    const back = elementOf(whiteboard, item(set as Item['fields']));
    expect(back).toMatchObject({ id: 'a', x: 10.12, angle: 1.2346, version: 7, isDeleted: false });
    expect(dataOf(back ?? element)).toBe(dataOf(element));
  });

  it('keep version and deletion outside of the data', () => {
    const element = elementLike({ id: 'a', isDeleted: true, version: 3, versionNonce: 5 });
    expect(JSON.parse(dataOf(element))).not.toHaveProperty('version');
    expect(sentOf(element)).toMatchObject({ version: 3, versionNonce: 5, isDeleted: true });
    expect(effectOf(whiteboard, element).set).toMatchObject({
      version: 3,
      nonce: 5,
      deleted: true,
    });
  });

  it('show a moderator’s lock as Excalidraw’s own', () => {
    const data = dataOf(elementLike({ id: 'a' }));
    expect(elementOf(whiteboard, item({ data, version: 1, locked: true }))?.locked).toBe(true);
  });

  it.each([
    ['no data', {}],
    ['what is no JSON', { data: '{' }],
    ['an unknown type', { data: '{"type":"iframe","x":0,"y":0}' }],
    ['a place that is none', { data: '{"type":"rectangle","x":"1"}' }],
    ['a line without points', { data: '{"type":"line","points":[[0,0]]}' }],
    ['points that are none', { data: '{"type":"freedraw","points":[[0]]}' }],
  ])('of %s is not shown', (_, fields) => {
    expect(elementOf(whiteboard, item(fields))).toBeNull();
  });

  it('of another whiteboard is not shown', () => {
    const data = dataOf(elementLike({ id: 'a' }));
    const other = { id: 'zzzzzzzzzzzzzzzzzzzz-a', kind: 'element', fields: { data, version: 1 } };
    expect(elementOf(whiteboard, other)).toBeNull();
  });

  it('get what the server leaves out', () => {
    expect(shaped({ id: 'a', type: 'text', text: 'Hallo' })).toMatchObject({
      fontSize: 20,
      originalText: '',
      groupIds: [],
    });
  });
});

describe('what may be sent', () => {
  it('is no foreign content', () => {
    const embedded = { id: 'a', type: 'embeddable', link: 'https://evil.example' };
    expect(mayBeSent(elementLike(embedded))).toBe(false);
    expect(mayBeSent(elementLike({ ...embedded, customData: { card: 'c1' } }))).toBe(true);
    expect(mayBeSent(elementLike({ id: 'a', type: 'iframe' }))).toBe(false);
    expect(mayBeSent(elementLike({ id: 'not an id' }))).toBe(false);
  });
});

it('elements with the same index lie in the order of their IDs, everywhere', () => {
  const elements = [
    elementLike({ id: 'b', index: 'a1' }),
    elementLike({ id: 'c', index: 'a0' }),
    elementLike({ id: 'a', index: 'a1' }),
  ];
  expect(elements.sort(byIndex).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
});
