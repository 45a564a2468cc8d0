import { shaped, type Element } from './elements';

/** The whiteboard of the tests. */
export const whiteboard = 'abcdefghij0123456789';

/** An element for tests: a rectangle, but for what is given. */
export function elementLike(given: Readonly<Record<string, unknown>>): Element {
  const plain = { type: 'rectangle', x: 0, y: 0, width: 100, height: 50, version: 1 };
  return (shaped({ ...plain, ...given }) ?? { ...plain, ...given }) as Element;
}
