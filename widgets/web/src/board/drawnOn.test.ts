import { expect, test } from 'vitest';
import { Items } from '../live/items';
import type { Item } from '../live/protocol';
import { whiteboardsOf } from './DrawnOn';

function whiteboard(id: string, fields: Item['fields']): Item {
  return { id, kind: 'whiteboard', fields };
}

test('a card knows the whiteboards that show it, each once', () => {
  const items = new Items();
  const [plan, sketch, gone] = ['a', 'b', 'c'].map((letter) => letter.repeat(20)) as [
    string,
    string,
    string,
  ];
  items.addPage(
    [
      whiteboard(sketch, { title: 'Skizze' }),
      whiteboard(plan, { title: 'Plan' }),
      whiteboard(gone, { title: 'Weg', deleted: true }),
      {
        id: 'card',
        kind: 'card',
        fields: {
          title: 'Angebot',
          [`drawn/${sketch}-x`]: true,
          [`drawn/${sketch}-y`]: true,
          [`drawn/${plan}-x`]: true,
          [`drawn/${gone}-x`]: true,
          [`drawn/${'d'.repeat(20)}-x`]: true,
        },
      },
    ],
    true,
  );
  items.refresh();
  expect(whiteboardsOf(items, 'card')).toEqual([
    { id: plan, title: 'Plan' },
    { id: sketch, title: 'Skizze' },
  ]);
  expect(whiteboardsOf(items, 'none')).toEqual([]);
});
