import type { ExcalidrawElement } from '@excalidraw/excalidraw/element/types';
import type { FieldValue, Fields, Item, Op } from '../live/protocol';

/** An element of Excalidraw's as it is here: only what all have in common is known to the types. */
export type Element = ExcalidrawElement;

/** The largest number of bytes that an element's data may have. */
export const largestData = 32 * 1024;

/** So long may the ID of an element be. */
const elementID = /^[A-Za-z0-9_-]{1,43}$/;

/** What can be on a whiteboard; everything else that Excalidraw could make is not taken. */
const types: ReadonlySet<string> = new Set([
  'rectangle',
  'diamond',
  'ellipse',
  'arrow',
  'line',
  'freedraw',
  'text',
  'image',
  'frame',
  'embeddable',
]);

/** What stands in the item's own fields, or is nobody else's business. */
const notData: ReadonlySet<string> = new Set(['version', 'versionNonce', 'updated', 'isDeleted']);

/** These need more than two decimals to be where they were. */
const fine: ReadonlySet<string> = new Set(['angle', 'focus', 'fixedPoint', 'scale', 'lineHeight']);

/** The ID of the item that an element of a whiteboard is. */
export function itemID(whiteboard: string, element: string): string {
  return `${whiteboard}-${element}`;
}

/** The ID of the element that an item of a whiteboard is; null for an item of another one. */
export function elementIDOf(whiteboard: string, item: string): string | null {
  return item.startsWith(`${whiteboard}-`) ? item.slice(whiteboard.length + 1) : null;
}

/** Whether an element may be on a whiteboard, as far as the page can tell. */
export function mayBeSent(element: Element): boolean {
  if (!types.has(element.type) || !elementID.test(element.id)) return false;
  return element.type !== 'embeddable' || cardOf(element) !== null;
}

/** The card that an element shows or has become, if any. */
export function cardOf(element: Element): string | null {
  const card: unknown = element.customData?.card;
  return typeof card === 'string' ? card : null;
}

/** What an element is like, without what changes by itself: text that can be compared and sent. */
export function dataOf(element: Element): string {
  return JSON.stringify(roundedObject(element));
}

/** An element as the server is told of it. */
export function sentOf(element: Element): Record<string, unknown> {
  return {
    ...roundedObject(element),
    version: element.version,
    versionNonce: element.versionNonce,
    isDeleted: element.isDeleted,
  };
}

/** What drawing an element is expected to do. */
export function effectOf(whiteboard: string, element: Element): Op {
  return {
    item: itemID(whiteboard, element.id),
    kind: 'element',
    set: {
      data: dataOf(element),
      version: element.version,
      nonce: element.versionNonce,
      deleted: element.isDeleted ? true : null,
    },
  };
}

function roundedObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rounded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    if (notData.has(name) || value === undefined) continue;
    rounded[name] = round(value, fine.has(name) ? 1e4 : 1e2);
  }
  return rounded;
}

/** Rounds every number in a value. */
function round(value: unknown, to: number): unknown {
  if (typeof value === 'number') return Math.round(value * to) / to;
  if (Array.isArray(value)) return value.map((entry) => round(entry, to));
  if (typeof value !== 'object' || value === null) return value;
  const rounded: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (entry !== undefined) rounded[name] = round(entry, fine.has(name) ? 1e4 : to);
  }
  return rounded;
}

/** What every element has; the server leaves out what is empty. */
const common = {
  x: 0,
  y: 0,
  width: 0,
  height: 0,
  angle: 0,
  strokeColor: '#1e1e1e',
  backgroundColor: 'transparent',
  fillStyle: 'solid',
  strokeWidth: 2,
  strokeStyle: 'solid',
  roughness: 1,
  opacity: 100,
  groupIds: [],
  frameId: null,
  index: null,
  roundness: null,
  seed: 1,
  boundElements: null,
  link: null,
  locked: false,
};

const linear = {
  points: [
    [0, 0],
    [0, 0],
  ],
  lastCommittedPoint: null,
  startBinding: null,
  endBinding: null,
  startArrowhead: null,
  endArrowhead: null,
};

/** What an element of a type has beside. */
const byType: Readonly<Record<string, object>> = {
  arrow: { ...linear, elbowed: false },
  line: linear,
  freedraw: {
    points: [[0, 0]],
    pressures: [],
    simulatePressure: true,
    lastCommittedPoint: null,
  },
  text: {
    text: '',
    originalText: '',
    fontSize: 20,
    fontFamily: 5,
    textAlign: 'left',
    verticalAlign: 'top',
    containerId: null,
    autoResize: true,
    lineHeight: 1.25,
  },
  image: { fileId: null, status: 'saved', scale: [1, 1], crop: null },
  frame: { name: null },
};

/** The element that an item holds; null if it holds none that can be shown. */
export function elementOf(whiteboard: string, item: Item): Element | null {
  const id = elementIDOf(whiteboard, item.id);
  if (item.kind !== 'element' || id === null) return null;
  const data = parsed(item.fields);
  if (!data) return null;
  const element = shaped({ ...data, id });
  if (!element) return null;
  return {
    ...element,
    version: whole(item.fields.version),
    versionNonce: whole(item.fields.nonce),
    isDeleted: item.fields.deleted === true,
    locked: element.locked || item.fields.locked === true,
  };
}

/**
 * An element of Excalidraw's made of data from outside: what is missing is filled in, and what
 * would break the drawing is not taken. Null if it is none.
 */
export function shaped(data: Readonly<Record<string, unknown>>): Element | null {
  const { type, id } = data;
  if (typeof type !== 'string' || !types.has(type)) return null;
  if (typeof id !== 'string' || !elementID.test(id)) return null;
  const element: Record<string, unknown> = {
    version: 1,
    versionNonce: 0,
    isDeleted: false,
    ...common,
    ...byType[type],
    ...data,
    updated: 1,
  };
  const numbers = ['x', 'y', 'width', 'height', 'angle'].every((name) =>
    Number.isFinite(element[name]),
  );
  if (!numbers || !Array.isArray(element.groupIds)) return null;
  if ('points' in element && !arePoints(element.points)) return null;
  if (type === 'text' && (typeof element.text !== 'string' || !isText(element.originalText))) {
    return null;
  }
  if (type === 'line' || type === 'arrow') {
    if ((element.points as unknown[]).length < 2) return null;
  }
  return element as unknown as Element;
}

/** Whether an element is locked by its own word, not by a moderator's. */
export function ownLockOf(item: Item): boolean {
  return parsed(item.fields)?.locked === true;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function arePoints(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (point) =>
        Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1] as unknown),
    )
  );
}

function parsed(fields: Fields): Record<string, unknown> | null {
  if (typeof fields.data !== 'string') return null;
  try {
    const data: unknown = JSON.parse(fields.data);
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? (data as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function whole(value: FieldValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** How elements lie over each other: by their index, then by their ID, byte by byte. */
export function byIndex(a: Element, b: Element): number {
  const [x, y] = [a.index ?? '', b.index ?? ''];
  if (x !== y) return x < y ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
