// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { coverOf, filesOf, showSize } from './cardFiles';

const picture = {
  'file/a/name': 'Foto.png',
  'file/a/type': 'image',
  'file/a/size': 2_500_000,
  'file/a/event': '$e',
  'file/a/by': '@anna:amt.example',
};

describe('attachments', () => {
  it('are read from the fields of a card, whatever else is in them', () => {
    const files = filesOf({
      ...picture,
      'file/b/name': 'Angebot.pdf',
      'file/b/type': 'odd',
      'file/c/size': 12,
      'file/d/name': 7,
      'file/e/name/f': 'x',
      title: 'T',
    });
    expect(files.map(({ id, type, size, there }) => [id, type, size, there])).toEqual([
      ['b', 'file', 0, false],
      ['a', 'image', 2_500_000, true],
    ]);
  });

  it('give a cover only if they are a picture that is there', () => {
    expect(coverOf({ ...picture, cover: 'a' })?.id).toBe('a');
    expect(coverOf(picture)).toBeNull();
    expect(coverOf({ ...picture, cover: 'b' })).toBeNull();
    expect(coverOf({ ...picture, cover: 'a', 'file/a/type': 'file' })).toBeNull();
    expect(coverOf({ 'file/a/name': 'F.png', 'file/a/type': 'image', cover: 'a' })).toBeNull();
  });

  it('have a size that people can read', () => {
    expect(showSize(2_500_000, 'de-DE')).toBe('2,5 MB');
    expect(showSize(31_400_000, 'en-GB')).toMatch(/^31\s?MB$/);
    expect(showSize(12, 'de-DE')).toBe('0,1 kB');
  });
});
