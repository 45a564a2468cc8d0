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

/** The first letter of a name, or of a user id without its sign. */
export function initialOf(name: string): string {
  const [first = '?'] = name.replace(/^[@#!]/, '');
  return first.toUpperCase();
}

/** A person as a coloured initial. Decoration: say the name in text beside it. */
export function Avatar(props: { user: string; name: string; small?: boolean }): ReactNode {
  return (
    <span
      aria-hidden="true"
      className={`${styles.avatar ?? ''} ${props.small ? (styles.small ?? '') : ''}`}
      data-color={colorOf(props.user)}
      title={props.name}
    >
      {initialOf(props.name)}
    </span>
  );
}

/** A label as a coloured chip. */
export function LabelChip({ label }: { label: string }): ReactNode {
  return (
    <span className={styles.chip} data-color={labelColor(label)} dir="auto">
      {label}
    </span>
  );
}
