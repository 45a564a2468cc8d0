// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { initialsOf } from './Avatar';

/** Initials without the mark that keeps letters of joined scripts apart. */
const shown = (name: string): string => initialsOf(name).replaceAll('\u200c', '');

describe('the initials of a name', () => {
  it.each([
    ['Anna Schmidt', 'AS'],
    ['anna maria von der Heide', 'AH'],
    ['Anna', 'A'],
    ['Karl-Heinz', 'K'],
    ['Schmidt, Anna (Bauamt)', 'SA'],
    ['(Bauamt)', 'B'],
    ['Anna Schmidt 🌻', 'AS'],
    ['🚀 Team 4', 'T4'],
    ['🌻', '🌻'],
    ['👩🏽‍💻 👨‍👩‍👧', '👩🏽‍💻'],
    ['E\u0301mile Zola', 'E\u0301Z'],
    ['ßigrid İpek', 'Sİ'],
    ['أنا شميت', 'أش'],
    ['משה כהן', 'מכ'],
    ['王小明', '王'],
    ['\u{20000}\u{20001} 李', '\u{20000}李'],
    ['@anna:amt.example', 'A'],
    ['@anna', 'A'],
    ['  ', '?'],
    ['', '?'],
  ])('%s is %s', (name, initials) => {
    expect(shown(name)).toBe(initials);
  });
});
