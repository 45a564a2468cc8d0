import type { ReactNode } from 'react';
import styles from './Avatar.module.css';

/** One of six colours, always the same for the same user id; Element chooses likewise. */
export function colorOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum += text.charCodeAt(i);
  return sum % 6;
}

/** One of six colours for a label; unlike people's, no other program chooses the same. */
function labelColor(label: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < label.length; i += 1)
    hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 16)) >>> 0) % 6;
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first character of a word that is a letter or a digit, else the first one. */
function initialOf(word: string): string {
  const all = Array.from(characters.segment(word), (part) => part.segment);
  const first = all.find((part) => /^[\p{L}\p{N}]/u.test(part)) ?? all[0] ?? '';
  // “ß” becomes two letters.
  return Array.from(characters.segment(first.toUpperCase()), (part) => part.segment)[0] ?? '';
}

/**
 * The initials of a name: of its first and last word, or of its only one. What stands in brackets
 * (a department) and words without letters count only if there is nothing else. Of a user id it is
 * the first letter.
 */
export function initialsOf(name: string): string {
  const plain = name.slice(0, 300).replace(/^@([^:]*):.*$/u, '$1');
  const outside = plain.replace(/[([{][^)\]}]*[)\]}]/gu, ' ');
  const words = (outside.trim() === '' ? plain : outside).split(/\s+/u).filter((w) => w !== '');
  const spoken = words.filter((word) => /[\p{L}\p{N}]/u.test(word));
  const all = spoken.length > 0 ? spoken : words.slice(0, 1);
  const initials = all.length > 1 ? [all[0], all.at(-1)] : all;
  // Letters of joined scripts (Arabic) must not flow together.
  return initials.map((word) => initialOf(word ?? '')).join('\u200c') || '?';
}

/**
 * A person as coloured initials. Decoration: say the name in text beside it. The letters are drawn
 * by the style sheet, since in a button they are not part of what it is called (WCAG 2.5.3).
 */
export function Avatar(props: { user: string; name: string; small?: boolean }): ReactNode {
  const initials = initialsOf(props.name);
  const size = props.small ? (styles.small ?? '') : '';
  return (
    <span
      aria-hidden="true"
      className={`${styles.avatar ?? ''} ${size} ${initials.includes('\u200c') ? (styles.two ?? '') : ''}`}
      data-color={colorOf(props.user)}
      data-initials={initials}
      title={props.name}
    />
  );
}

/** A label as a coloured chip; without a colour of its own it has one by its name. */
export function LabelChip(props: { label: string; color?: string | undefined }): ReactNode {
  return (
    <span className={styles.chip} data-color={props.color ?? labelColor(props.label)} dir="auto">
      {props.label}
    </span>
  );
}

/** A spot in one of the colours that labels can have. Decoration: say the colour's name too. */
export function ColorSpot({ color }: { color: string }): ReactNode {
  return <span aria-hidden="true" className={styles.spot} data-color={color} />;
}
