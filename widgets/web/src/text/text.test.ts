// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addDays, dueState, showDay, today } from './dates';
import { de } from './de';
import { en } from './en';
import { isolated, textsOf } from './text';

const src = join(import.meta.dirname, '..');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|text[\\/](de|en)\.ts/.test(name))
  .map((name) => readFileSync(join(src, name), 'utf8'))
  .join('\n');

describe.each([
  ['de', de],
  ['en', en],
])('the texts in %s', (_, texts) => {
  it('are never empty and take what they are given', () => {
    for (const [key, text] of Object.entries(texts)) {
      const made =
        typeof text === 'string'
          ? text
          : (text as (...args: unknown[]) => string)('«eins»', '«zwei»', '«drei»', '«vier»');
      expect(made.trim(), key).not.toBe('');
      expect(made, key).not.toContain('undefined');
      if (typeof text !== 'string' && text.length > 0) expect(made, key).toContain('«');
    }
  });
});

describe('the texts', () => {
  it('are all used', () => {
    const unused = Object.keys(en).filter((key) => !new RegExp(`\\bt\\.${key}\\b`).test(sources));
    expect(unused).toEqual([]);
  });

  it('differ between the languages', () => {
    const alike = Object.entries(en)
      .filter(([key, text]) => typeof text === 'string' && text === de[key as keyof typeof de])
      .map(([key]) => key);
    expect(alike).toEqual([
      'board',
      'filter',
      'movePosition',
      'priorityNormal',
      'links',
      'labelOrange',
      'whiteboard',
    ]);
  });
});

describe('a title in a sentence', () => {
  it('turns nothing round that is written in another direction', () => {
    const { didMove, you } = textsOf('de');
    expect(didMove('מסמך (1)', 'Offen')).toBe('„\u2068מסמך (1)\u2069“ nach Offen verschoben');
    expect(you('أنس')).toBe('\u2068أنس\u2069 (Sie)');
    expect(isolated('\u202eevil')).toBe('\u2068\u202eevil\u2069');
  });

  it('stays as it is otherwise', () => {
    expect(textsOf('en').didMove('Möbel 🪑 für Ωmega', 'Done')).toBe(
      'Moved “Möbel 🪑 für Ωmega” to Done',
    );
    expect(textsOf('en').dragLifted('Möbel', 1, 3)).toBe('Picked up Möbel, position 1 of 3.');
  });
});

describe('dates', () => {
  it('are written as people in the language do, with the year only where it differs', () => {
    expect(showDay('2026-11-20', 'de', '2026-11-22')).toBe('20. Nov.');
    expect(showDay('2027-01-05', 'de', '2026-11-22')).toBe('5. Jan. 2027');
    expect(showDay('2026-11-20', 'en', '2026-11-22')).toBe('20 Nov');
    expect(showDay('2026-99-99', 'en')).toBe('2026-99-99');
  });

  it('count in days, also over a change of the clock', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });

  it.each([
    ['2026-11-21', 'overdue'],
    ['2026-11-22', 'today'],
    ['2026-11-23', 'tomorrow'],
    ['2026-11-24', 'later'],
  ])('%s is %s', (due, state) => {
    expect(dueState(due, '2026-11-22')).toBe(state);
  });
});
