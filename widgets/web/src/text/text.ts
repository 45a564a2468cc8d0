import { createContext, useContext } from 'react';
import type { Lang } from '../live/protocol';
import { de } from './de';
import { en } from './en';

/** All texts of one language: a sentence each, or a function that makes one. */
export type Texts = {
  readonly [K in keyof typeof en]: (typeof en)[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : string;
};

/** Characters that are written from right to left, and those that change the direction. */
const rightToLeft =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name or title as it may stand in a sentence: in its own direction, without turning round what
 * stands beside it (Unicode's isolates). What is written like our languages stays as it is.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** Isolates whatever is put into a sentence, so that no sentence has to think of it. */
function isolating(texts: Texts): Texts {
  const made = Object.entries(texts).map(([key, text]) => {
    if (typeof text === 'string') return [key, text];
    const sentence = text as (...parts: unknown[]) => string;
    return [
      key,
      (...parts: unknown[]) =>
        sentence(...parts.map((part) => (typeof part === 'string' ? isolated(part) : part))),
    ];
  });
  return Object.fromEntries(made) as Texts;
}

const languages: Record<Lang, Texts> = { de: isolating(de), en: isolating(en) };

/** The texts of a language. */
export function textsOf(lang: Lang): Texts {
  return languages[lang];
}

/** The locale for dates: day first in both languages. */
export function localeOf(lang: Lang): string {
  return lang === 'de' ? 'de-DE' : 'en-GB';
}

/** The language of the page; set once at its start. */
export const LanguageContext = createContext<Lang>('de');

/** The texts of the page's language. */
export function useTexts(): Texts {
  return textsOf(useContext(LanguageContext));
}

/** The language of the page. */
export function useLang(): Lang {
  return useContext(LanguageContext);
}
