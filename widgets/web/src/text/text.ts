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

const languages: Record<Lang, Texts> = { de, en };

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
