import type { ReactNode } from 'react';

/** Where an address begins, and what may stand in it; quotes and brackets end it. */
const address = /https?:\/\/[^\s<>"'`“”„«»]{1,2000}/gi;

/** What ends a sentence is no part of an address in it, nor is a bracket that closes around it. */
function withoutEnd(found: string): string {
  let end = found.length;
  for (;;) {
    const last = found[end - 1] ?? '';
    const closes = last === ')' && !found.slice(0, end).includes('(');
    if (!closes && !'.,;:!?…*_'.includes(last)) return found.slice(0, end);
    end -= 1;
  }
}

/** Only addresses of the web, whatever is made to look like one. */
function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href, hostname } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && hostname ? href : null;
}

/** Plain text whose web addresses can be followed; nothing else in it means anything. */
export function Linked({ text }: { text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let after = 0;
  for (const { 0: match, index } of text.matchAll(address)) {
    const shown = withoutEnd(match);
    const href = webAddress(shown);
    if (!href) continue;
    parts.push(
      text.slice(after, index),
      <a key={index} href={href} target="_blank" rel="noopener noreferrer" dir="ltr">
        {shown}
      </a>,
    );
    after = index + shown.length;
  }
  parts.push(text.slice(after));
  return parts;
}
