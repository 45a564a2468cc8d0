import MarkdownIt, { type Token } from 'markdown-it';
import { safeAddress } from './cardParts';
import { descriptionLimit } from './limits';

/** The elements that a description can have; there is nothing else, whatever is written. */
export type MarkdownTag =
  | 'p'
  | 'ul'
  | 'ol'
  | 'li'
  | 'blockquote'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'em'
  | 'strong'
  | 'del'
  | 'code'
  | 'pre'
  | 'hr'
  | 'br'
  | 'a';

/** A part of a text in Markdown: plain text, or an element with what is in it. */
export type MarkdownNode = string | MarkdownElement;

/** An element of a text in Markdown. */
export interface MarkdownElement {
  readonly tag: MarkdownTag;
  readonly children: MarkdownNode[];
  /** Where a link leads; only addresses that may be opened. */
  readonly href?: string;
  /** The first number of an ordered list. */
  readonly start?: number;
  /** An entry of a task list, and whether it is ticked off. */
  task?: boolean;
}

/** Nobody nests so deep; what does is shown as it was typed. */
const deepest = 40;

const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: deepest })
  // A picture would tell another server who reads the card.
  .disable(['image', 'reference', 'table', 'html_block', 'html_inline']);
parser.validateLink = (address) => safeAddress(address) !== null;
// "amt.de" and "Protokoll.md" are words of a text, not addresses.
parser.linkify.set({ fuzzyLink: false });

const tags: Readonly<Record<string, MarkdownTag>> = {
  paragraph: 'p',
  bullet_list: 'ul',
  ordered_list: 'ol',
  list_item: 'li',
  blockquote: 'blockquote',
  em: 'em',
  strong: 'strong',
  s: 'del',
  link: 'a',
};

/** Headings begin below those of the dialog, which end with h3. */
const headings = { 4: 'h4', 5: 'h5', 6: 'h6' } as const;

/**
 * Reads a text in Markdown as a tree of a few elements. HTML in it is text like any other, so
 * there is nothing to be cleaned afterwards. Null if it is better shown as it was typed.
 */
export function readMarkdown(text: string): readonly MarkdownNode[] | null {
  if (text.length > descriptionLimit) return null;
  const tokens = parser.parse(text, {});
  if (tokens.some(({ level }) => level >= deepest - 2)) return null;
  const tree = treeOf(tokens);
  for (const node of tree) markTasks(node);
  return tree;
}

function treeOf(tokens: readonly Token[]): MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const open: MarkdownNode[][] = [root];
  let level = 3;
  for (const token of tokens) {
    const into = open.at(-1) ?? root;
    if (token.type === 'heading_open') {
      const here = levelOf(Number(token.tag.slice(1)), level);
      const heading: MarkdownElement = { tag: headings[here], children: [] };
      level = here;
      into.push(heading);
      open.push(heading.children);
    } else if (token.nesting === 1) {
      const element = token.hidden ? null : elementOf(token);
      if (element) into.push(element);
      // What is not shown as an element lets its content through.
      open.push(element?.children ?? into);
    } else if (token.nesting === -1) {
      open.pop();
    } else {
      into.push(...leafOf(token));
    }
  }
  return root;
}

/** The level of a heading after another: none is left out on the way down. */
function levelOf(written: number, before: number): 4 | 5 | 6 {
  const level = Math.min(3 + written, before + 1, 6);
  return level === 4 || level === 5 ? level : 6;
}

function elementOf(token: Token): MarkdownElement | null {
  const tag = tags[token.type.replace(/_open$/u, '')];
  if (!tag) return null;
  if (tag === 'a') {
    const href = safeAddress(String(token.attrGet('href') ?? ''));
    return href === null ? null : { tag, href, children: [] };
  }
  if (tag === 'ol') {
    const start = Number(token.attrGet('start') ?? 1);
    return { tag, start, children: [] };
  }
  return { tag, children: [] };
}

function leafOf(token: Token): MarkdownNode[] {
  switch (token.type) {
    case 'inline':
      return treeOf(token.children ?? []);
    case 'code_inline':
      return [{ tag: 'code', children: [token.content] }];
    case 'fence':
    case 'code_block':
      return [{ tag: 'pre', children: [token.content.replace(/\n$/u, '')] }];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    // Who types a new line in a card means one.
    case 'softbreak':
    case 'hardbreak':
      return [{ tag: 'br', children: [] }];
    default:
      return token.content ? [token.content] : [];
  }
}

/** Entries of lists that begin with "[ ]" or "[x]" are tasks. */
function markTasks(node: MarkdownNode): void {
  if (typeof node === 'string') return;
  if (node.tag === 'li') {
    const first = node.children[0];
    const words = typeof first === 'object' && first.tag === 'p' ? first.children : node.children;
    const box = typeof words[0] === 'string' ? /^\[([ xX])\]\s+/u.exec(words[0]) : null;
    if (box && typeof words[0] === 'string') {
      node.task = box[1] !== ' ';
      words[0] = words[0].slice(box[0].length);
    }
  }
  for (const child of node.children) markTasks(child);
}
