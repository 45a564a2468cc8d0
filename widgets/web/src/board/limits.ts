// What the server takes of a text. It checks that itself; here people are told before they lose
// what they typed.

/** Longest title of a card or a column, in characters. */
export const titleLimit = 300;

/** Longest label, in characters. */
export const labelLimit = 50;

/** Longest user id. */
export const userLimit = 255;

/** Longest address of a link, in characters; the server counts bytes. */
export const addressLimit = 2000;

/** Longest description, in bytes of UTF-8. */
export const descriptionLimit = 16 * 1024;

const encoder = new TextEncoder();

/** A description as the server will store it: without control characters and outer blanks. */
export function plainLines(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').trim();
}

/** How a description stands to its limit. */
export interface Room {
  /** So many characters more have room, if they are plain ones. */
  readonly left: number;
  /** So many characters at its end have none. */
  readonly beyond: number;
}

/** Measures a description. */
export function roomOf(description: string): Room {
  const text = plainLines(description);
  const { read, written } = encoder.encodeInto(text, new Uint8Array(descriptionLimit));
  return { left: descriptionLimit - written, beyond: Array.from(text.slice(read)).length };
}
