// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { descriptionLimit, plainLines, roomOf } from './limits';

describe('a description', () => {
  it('is measured in bytes, and what is beyond in characters', () => {
    expect(roomOf('')).toEqual({ left: descriptionLimit, beyond: 0 });
    expect(roomOf('ä€😀')).toEqual({ left: descriptionLimit - 9, beyond: 0 });
    expect(roomOf('ä'.repeat(descriptionLimit / 2))).toEqual({ left: 0, beyond: 0 });
    expect(roomOf('ä'.repeat(descriptionLimit / 2) + '😀!').beyond).toBe(2);
    // Half of a character is none.
    expect(roomOf('x' + '😀'.repeat(descriptionLimit / 4))).toEqual({ left: 3, beyond: 1 });
  });

  it('is stored without control characters and outer blanks, and measured so', () => {
    expect(plainLines(' \n a\tb\u0000\r\nc \n')).toBe('a\tb\nc');
    expect(roomOf(' '.repeat(descriptionLimit * 2) + 'x').beyond).toBe(0);
  });
});
