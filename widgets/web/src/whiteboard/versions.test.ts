import { expect, test } from 'vitest';
import { Items } from '../live/items';
import { elementsIn, versionsOf } from './versions';

test('the versions of a whiteboard, the newest first', () => {
  const items = new Items();
  const version = (id: string, created: string, more: object = {}): void => {
    items.commit([
      {
        item: id,
        kind: 'version',
        set: { whiteboard: 'w', created, title: id, created_by: '@anna:x', ...more },
      },
    ]);
  };
  version('alt', '2026-11-25T10:00:00Z');
  version('von-selbst', '2026-11-26T10:00:00Z', { auto: true, title: null, created_by: null });
  version('weg', '2026-11-26T09:00:00Z', { deleted: true });
  version('anderswo', '2026-11-26T09:00:00Z', { whiteboard: 'other' });
  items.refresh();
  expect(versionsOf(items, 'w')).toEqual([
    { id: 'von-selbst', title: '', created: '2026-11-26T10:00:00Z', by: '' },
    { id: 'alt', title: 'alt', created: '2026-11-25T10:00:00Z', by: '@anna:x' },
  ]);
});

test('of an answer that which can be drawn is taken', () => {
  const rectangle = { type: 'rectangle', x: 1, y: 2, width: 3, height: 4, isDeleted: false };
  const answer = {
    elements: [
      { ...rectangle, id: 'oben', index: 'a2' },
      { ...rectangle, id: 'unten', index: 'a1' },
      { ...rectangle, id: 'weit', x: 'left' },
      { ...rectangle, id: 'weg', isDeleted: true },
      { id: 'was', type: 'iframe' },
      7,
    ],
  };
  expect(elementsIn(answer).map(({ id }) => id)).toEqual(['unten', 'oben']);
  for (const none of [null, 7, {}, { elements: 'x' }]) expect(elementsIn(none)).toEqual([]);
});
