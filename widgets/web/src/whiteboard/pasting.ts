import type { BinaryFiles } from '@excalidraw/excalidraw/types';
import { newID } from '../live/ids';
import { cardOf, mayBeSent, type Element } from './elements';

/** What Excalidraw takes as a picture; readPicture makes each of them one that the server keeps. */
const pictureTypes: readonly string[] = [
  'image/svg+xml',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
  'image/x-icon',
  'image/avif',
];

/** The first of the files that are pasted or dropped, if it is for the page and not for Excalidraw. */
export function fileForUs(data: DataTransfer | null): File | null {
  const file = data?.files[0];
  return file && !pictureTypes.includes(file.type) ? file : null;
}

/** What is pasted from a whiteboard, of this room or of anybody's. */
export interface Pasted {
  elements?: readonly Element[];
  files?: BinaryFiles;
}

/** What of this room may be shown. */
export interface Here {
  hasCard: (id: string) => boolean;
  hasPicture: (id: string) => boolean;
}

/**
 * Leaves out of what is pasted what nobody else would get, and makes its pictures new ones here.
 * @returns whether something was left out
 */
export function fitPasted(data: Pasted, here: Here): boolean {
  if (!data.elements) return false;
  const files: BinaryFiles = {};
  const names = new Map<string, string>();
  const kept: Element[] = [];
  for (const element of data.elements) {
    if (typeof element !== 'object') continue;
    const fitting = fit(element, here);
    if (!fitting || !mayBeSent({ ...fitting, id: 'a' })) continue;
    if (fitting.type !== 'image' || here.hasPicture(fitting.fileId ?? '')) {
      kept.push(fitting);
      continue;
    }
    const file = data.files?.[fitting.fileId ?? ''];
    if (!file) continue; // its picture is on another whiteboard
    const id = (names.get(file.id) ?? newID()) as typeof file.id;
    names.set(file.id, id);
    files[id] = { ...file, id };
    kept.push({ ...fitting, fileId: id, status: 'pending' });
  }
  const left = kept.length < data.elements.length;
  data.elements = kept;
  data.files = { ...data.files, ...files };
  return left;
}

function fit(element: Element, here: Here): Element | null {
  const card = cardOf(element);
  const known = card !== null && here.hasCard(card);
  if (element.type === 'embeddable') return known ? element : null;
  const { card: _, ...own } = element.customData ?? {};
  return {
    ...element,
    customData: known ? { ...own, card } : own,
    link: isWebAddress(element.link) ? element.link : null,
  };
}

function isWebAddress(link: string | null): boolean {
  if (typeof link !== 'string' || link.length > 2000 || link.includes(' ')) return false;
  try {
    const { protocol, username } = new URL(link);
    return /^https?:$/.test(protocol) && username === '';
  } catch {
    return false;
  }
}
