import type { Card } from './model';

/**
 * Two ways to write a text without case and accents: bare (ä as a), and with the umlauts spelled
 * out as people do without a German keyboard (ä as ae).
 */
function folds(text: string, locale: string): readonly [string, string] {
  const lower = text.normalize('NFC').toLocaleLowerCase(locale).replace(/ß/gu, 'ss');
  const spelled = lower.replace(/[äöüæœø]/gu, (letter) => spelling[letter] ?? letter);
  return [bare(lower), bare(spelled)];
}

const spelling: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  æ: 'ae',
  œ: 'oe',
  ø: 'oe',
};

function bare(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '');
}

/** Text in which words can be found, however they are typed. */
export function foldText(text: string, locale: string): string {
  const [plain, spelled] = folds(text, locale);
  return plain === spelled ? plain : `${plain}\n${spelled}`;
}

/** A word that is looked for, in each way in which it may be found. */
export interface Sought {
  readonly forms: readonly string[];
  /** A short number, if it is one: with or without "#". */
  readonly number: string;
}

/** The words of what somebody typed. */
export function soughtWords(typed: string, locale: string): Sought[] {
  return typed
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => {
      const [plain, spelled] = folds(word, locale);
      const number = /^#?([a-z]?\d{1,18})$/iu.exec(word)?.[1]?.toUpperCase() ?? '';
      return { forms: plain === spelled ? [plain] : [plain, spelled], number };
    });
}

/** Whether a word stands in a folded text. */
export function stands(sought: Sought, text: string): boolean {
  return sought.forms.some((form) => text.includes(form));
}

/**
 * What is written on cards, folded once per card and not with every letter that is typed. A card
 * is never altered but replaced, so what is kept of one goes with it.
 */
export class SearchTexts {
  private readonly cards = new WeakMap<Card, string>();
  private readonly names = new Map<string, { name: string; folded: string }>();

  constructor(readonly locale: string) {}

  /** Title, description, labels and checklist of a card. */
  of(card: Card): string {
    let text = this.cards.get(card);
    if (text === undefined) {
      const checks = card.checklist.map(({ title }) => title);
      const written = [card.title, card.description, ...card.labels, ...checks];
      text = foldText(written.join('\n'), this.locale);
      this.cards.set(card, text);
    }
    return text;
  }

  /** A person's name. */
  ofName(user: string, name: string): string {
    const known = this.names.get(user);
    if (known?.name === name) return known.folded;
    const folded = foldText(name, this.locale);
    this.names.set(user, { name, folded });
    return folded;
  }
}
