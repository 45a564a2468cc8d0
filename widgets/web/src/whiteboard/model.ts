import { byRank } from '../board/model';
import type { Items } from '../live/items';

/** A whiteboard of the room. */
export interface Whiteboard {
  readonly id: string;
  readonly title: string;
  readonly rank: string;
  /** Moderators only may change what is on it. */
  readonly locked: boolean;
}

/** The whiteboards of the room, in order. */
export function whiteboardsOf(items: Items): readonly Whiteboard[] {
  const found: Whiteboard[] = [];
  for (const { id, kind, fields } of items.all.values()) {
    if (kind !== 'whiteboard' || fields.deleted === true) continue;
    found.push({
      id,
      title: typeof fields.title === 'string' ? fields.title : '',
      rank: typeof fields.rank === 'string' ? fields.rank : '',
      locked: fields.locked === true,
    });
  }
  return found.sort(byRank);
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A new random ID for a whiteboard: 20 small letters and digits. */
export function newWhiteboardID(): string {
  let id = '';
  while (id.length < 20) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < 252 && id.length < 20) id += alphabet[byte % 36] ?? '';
    }
  }
  return id;
}

/** What a new whiteboard can be made after; empty: nothing is on it. */
export const templates = [
  '',
  'brainstorm',
  'retro',
  'stakeholders',
  'process',
  'orgchart',
  'meeting',
] as const;

export type Template = (typeof templates)[number];
