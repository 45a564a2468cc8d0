import { expect, it } from 'vitest';
import { copyOfDrawn } from './drawn';

const known = (item: string) =>
  item === 'w-old'
    ? { id: item, kind: 'element', fields: { data: '{"originalText":"wie es war"}' } }
    : undefined;
const offered = (...elements: object[]) => copyOfDrawn({ whiteboard: 'w', elements }, known);

it('offers the texts that the room has not got, and no others', () => {
  expect(
    offered(
      { id: 'a', type: 'text', text: 'neu\nund lang', originalText: 'neu und lang' },
      { id: 'old', type: 'text', text: 'anders' },
      { id: 'f', type: 'frame', name: 'Woche 1' },
    ),
  ).toEqual({ kind: 'copy', text: 'neu und lang\n\nanders\n\nWoche 1' });
  expect(
    offered(
      { id: 'old', type: 'text', originalText: 'wie es war', text: 'wie es\nwar' },
      { id: 'gone', type: 'text', text: 'weg', isDeleted: true },
      { id: 'box', type: 'rectangle' },
    ),
  ).toBeNull();
  expect(copyOfDrawn({ card: 'c', title: 'x' }, known)).toBeNull();
});
