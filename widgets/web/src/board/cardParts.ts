import type { Fields } from '../live/protocol';

/** An entry of a card's checklist. */
export interface CheckEntry {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  readonly rank: string;
}

/** A link of a card to a page or a message. */
export interface CardLink {
  readonly id: string;
  /** An address that may be opened; see `safeAddress`. */
  readonly url: string;
  /** What to call it, or empty. */
  readonly title: string;
}

/** What a card has several of. */
export interface CardParts {
  /** User ids, sorted. */
  readonly assignees: readonly string[];
  /** Names, sorted. */
  readonly labels: readonly string[];
  /** Cards that wait for this one. */
  readonly blocks: readonly string[];
  /** Cards that have to do with it; the others do not say so themselves. */
  readonly relates: readonly string[];
  /** From top to bottom. */
  readonly checklist: readonly CheckEntry[];
  /** In the order in which they were added. */
  readonly links: readonly CardLink[];
}

/**
 * Reads what a card has several of, in one pass over its fields: a board has thousands of cards.
 * An entry of a checklist exists as long as it has a title; a link that may not be opened is left
 * out.
 */
export function partsOf(fields: Fields): CardParts {
  const sets: Record<string, string[]> = { assignee: [], label: [], blocks: [], relates: [] };
  const checklist: CheckEntry[] = [];
  const links: CardLink[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const slash = name.indexOf('/');
    if (slash < 0) continue;
    const set = name.slice(0, slash);
    const rest = name.slice(slash + 1);
    if (value === true) {
      if (Object.hasOwn(sets, set)) sets[set]?.push(rest);
    } else if (typeof value === 'string' && value) {
      if (set === 'check' && rest.endsWith('/title')) {
        const id = rest.slice(0, -'/title'.length);
        const rank = fields[`check/${id}/rank`];
        const done = fields[`check/${id}/done`] === true;
        checklist.push({ id, title: value, done, rank: typeof rank === 'string' ? rank : '' });
      } else if (set === 'link' && rest.endsWith('/url')) {
        const id = rest.slice(0, -'/url'.length);
        const title = fields[`link/${id}/title`];
        const url = safeAddress(value);
        if (url) links.push({ id, url, title: typeof title === 'string' ? title : '' });
      }
    }
  }
  const { assignee = [], label = [], blocks = [], relates = [] } = sets;
  return {
    assignees: assignee.sort(),
    labels: label.sort(),
    blocks: blocks.sort(),
    relates: relates.sort(),
    checklist: checklist.sort((a, b) => compare(a.rank, b.rank) || compare(a.id, b.id)),
    links: links.sort((a, b) => compare(a.id, b.id)),
  };
}

/** Where a link that a person wrote may lead: to the web, or to a person's mailbox. */
const schemes = ['http:', 'https:', 'mailto:'];

/**
 * An address as it may stand in a link, or null. What people write reaches the page as they wrote
 * it, so this is where `javascript:` and its like end.
 */
export function safeAddress(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return schemes.includes(protocol) ? href : null;
}

/** What a link is called if nobody gave it a name: its address without what is alike in all. */
export function shortAddress(url: string): string {
  return url.replace(/^(https?:\/\/|mailto:)(www\.)?/u, '').replace(/\/$/u, '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
