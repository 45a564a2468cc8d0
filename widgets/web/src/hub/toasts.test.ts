// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { copyOfTyped, Toasts } from './toasts';

const texts = (toasts: Toasts): string[] => toasts.shown.map(({ text }) => text);

describe('the messages', () => {
  it('are the latest change and the latest refusals', () => {
    const toasts = new Toasts();
    toasts.done('added', null);
    toasts.refused('one');
    toasts.done('moved', null);
    for (const text of ['two', 'two', 'three', 'four']) toasts.refused(text);
    expect(texts(toasts)).toEqual(['two', 'three', 'four']);
    toasts.done('deleted', null);
    expect(texts(toasts)).toEqual(['two', 'three', 'four', 'deleted']);
  });

  it('keep what a person typed until it is dismissed', () => {
    const toasts = new Toasts();
    toasts.refused('too large', { kind: 'copy', text: 'Long' });
    for (const text of ['one', 'two', 'three', 'too large']) toasts.refused(text);
    expect(toasts.shown.at(-1)).toMatchObject({ offer: { kind: 'copy', text: 'Long' } });
    toasts.refused('four');
    toasts.refused('five');
    toasts.refused('six');
    expect(texts(toasts)).toEqual(['too large', 'four', 'five', 'six']);
  });

  it('hold the words of several refusals with the same sentence', () => {
    const toasts = new Toasts();
    for (const text of ['A', 'B', 'B']) toasts.refused('too fast', { kind: 'copy', text });
    expect(toasts.shown).toMatchObject([{ offer: { text: 'A\n\nB' } }]);
  });
});

describe('what was typed for an act', () => {
  it.each([
    [{ card: 'c', title: 'T' }, 'T'],
    [{ card: 'c', description: 'D' }, 'D'],
    [{ card: 'c', title: 'T', description: 'D' }, 'T\n\nD'],
    [{ card: 'c', description: '' }, null],
    [{ card: 'c', due: '2026-01-01' }, null],
  ])('%j is %j', (args, text) => {
    expect(copyOfTyped(args)).toEqual(text === null ? null : { kind: 'copy', text });
  });
});
