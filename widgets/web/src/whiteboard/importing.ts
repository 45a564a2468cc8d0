import {
  convertToExcalidrawElements,
  getCommonBounds,
  restoreElements,
} from '@excalidraw/excalidraw';
import type { BinaryFileData, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { newID } from '../live/ids';
import { mayBeSent, type Element } from './elements';
import { newNonce } from './drawing';
import { readNeoBoard } from './nwb';

/** The largest file that is read, in bytes. */
export const largestFile = 30 * 1024 * 1024;

/** So many elements a file may have. */
const mostElements = 25_000;

/** Why a file was not taken. */
export class BadFile extends Error {
  constructor(readonly reason: 'large' | 'unknown' | 'many' | 'empty') {
    super(reason);
  }
}

/** What a file brings to a whiteboard. */
export interface Imported {
  readonly elements: readonly Element[];
  readonly files: readonly BinaryFileData[];
}

/** Reads a file of Excalidraw's or NeoBoard's. */
export async function readFile(file: File, api: ExcalidrawImperativeAPI): Promise<Imported> {
  if (file.size > largestFile) throw new BadFile('large');
  const text = await file.text();
  const read = /\.nwb$/i.test(file.name) ? fromNeoBoard(text) : fromExcalidraw(text);
  if (read.elements.length > mostElements) throw new BadFile('many');
  if (read.elements.length === 0) throw new BadFile('empty');
  return beside(renamed(read), api.getSceneElements());
}

function fromNeoBoard(text: string): Imported {
  const { skeletons, pictures } = readNeoBoard(text);
  const elements = convertToExcalidrawElements(
    skeletons as unknown as Parameters<typeof convertToExcalidrawElements>[0],
    { regenerateIds: false },
  );
  // What is written on a shape lies in the shape's frame.
  const frames = new Map(elements.map(({ id, frameId }) => [id, frameId]));
  const framed = restoreElements(elements, null).map((element) =>
    element.type === 'text' && element.containerId !== null
      ? { ...element, frameId: frames.get(element.containerId) ?? null }
      : element,
  );
  return { elements: framed, files: pictures.map(({ id, dataURL }) => fileOf(id, dataURL)) };
}

function fromExcalidraw(text: string): Imported {
  let scene: unknown;
  try {
    scene = JSON.parse(text);
  } catch {
    throw new BadFile('unknown');
  }
  if (!isRecord(scene) || scene.type !== 'excalidraw' || !Array.isArray(scene.elements)) {
    throw new BadFile('unknown');
  }
  if (scene.elements.length > mostElements) throw new BadFile('many');
  const elements = restoreElements(scene.elements as Element[], null, { repairBindings: true });
  const files = isRecord(scene.files) ? Object.entries(scene.files) : [];
  return {
    elements: elements.filter((element) => !element.isDeleted && mayBeSentAnywhere(element)),
    files: files.flatMap(([id, file]) =>
      isRecord(file) && typeof file.dataURL === 'string' ? [fileOf(id, file.dataURL)] : [],
    ),
  };
}

/** Cards are of one room; what shows one of another room is not taken over. */
function mayBeSentAnywhere(element: Element): boolean {
  return element.type !== 'embeddable' && mayBeSent({ ...element, id: 'a' });
}

function fileOf(id: string, dataURL: string): BinaryFileData {
  const type = /^data:(image\/(?:png|jpeg|gif|webp|svg\+xml));base64,/.exec(dataURL)?.[1];
  return {
    id: id as BinaryFileData['id'],
    mimeType: (type ?? 'application/octet-stream') as BinaryFileData['mimeType'],
    dataURL: dataURL as BinaryFileData['dataURL'],
    created: Date.now(),
  };
}

/**
 * Everything gets a new ID, so that the same file can be taken over twice and nothing of it
 * replaces what is there; versions begin anew.
 */
function renamed({ elements, files }: Imported): Imported {
  const usable = files.filter(({ mimeType }) => mimeType.startsWith('image/'));
  const names = new Map<string, string>();
  const called = (id: string): string => {
    const name = names.get(id) ?? newID();
    names.set(id, name);
    return name;
  };
  for (const { id } of elements) called(id);
  const known = (id: string | null | undefined): string | null =>
    id === null || id === undefined ? null : (names.get(id) ?? null);
  const pictures = new Map(usable.map((file) => [file.id as string, newID()]));
  const made = elements.flatMap((element): Element[] => {
    const picture = element.type === 'image' ? pictures.get(element.fileId ?? '') : '';
    if (picture === undefined) return []; // its picture is not in the file
    const customData = {
      ...(element.customData?.note === true && { note: true }),
      ...(typeof element.customData?.slide === 'number' && {
        slide: Math.max(0, Math.min(10_000, Math.round(element.customData.slide))),
      }),
    };
    const changed: Record<string, unknown> = {
      ...element,
      id: called(element.id),
      version: 1,
      versionNonce: newNonce(),
      index: null,
      link: /^https?:\/\//.test(element.link ?? '') ? element.link : null,
      groupIds: element.groupIds.map(called),
      frameId: known(element.frameId),
      boundElements:
        element.boundElements?.flatMap((bound) => {
          const id = known(bound.id);
          return id === null ? [] : [{ ...bound, id }];
        }) ?? null,
      customData,
    };
    if (element.type === 'text') changed.containerId = known(element.containerId);
    if (element.type === 'arrow' || element.type === 'line') {
      for (const end of ['startBinding', 'endBinding'] as const) {
        const id = known(element[end]?.elementId);
        changed[end] = id === null ? null : { ...element[end], elementId: id };
      }
    }
    if (element.type === 'image') Object.assign(changed, { fileId: picture, status: 'pending' });
    return [changed as unknown as Element];
  });
  return {
    elements: made,
    files: usable.map((file) => ({
      ...file,
      id: pictures.get(file.id) as BinaryFileData['id'],
    })),
  };
}

/** To the right of what is there already. */
function beside({ elements, files }: Imported, there: readonly Element[]): Imported {
  if (there.length === 0) return { elements, files };
  const [left, top] = getCommonBounds(elements);
  const [, above, right] = getCommonBounds(there);
  const [dx, dy] = [right + 200 - left, above - top];
  return { elements: elements.map((e) => ({ ...e, x: e.x + dx, y: e.y + dy })), files };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
