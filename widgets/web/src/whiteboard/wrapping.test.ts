import { expect, it } from 'vitest';
import { wrapped } from './wrapping';

const letters = (text: string): number => text.length;

it('breaks texts between words, and words that are too long', () => {
  expect(wrapped('Kartons bestellen und packen', 20, 17, letters)).toEqual([
    'Kartons bestellen',
    'und packen',
  ]);
  expect(wrapped('im Rathausumzug', 20, 8, letters)).toEqual(['im', 'Rathausu', 'mzug']);
  expect(wrapped('  ', 20, 8, letters)).toEqual([]);
});
