import {
  CaptureUpdateAction,
  convertToExcalidrawElements,
  getCommonBounds,
  restoreElements,
} from '@excalidraw/excalidraw';
import type { ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import type { Viewport } from '../live/protocol';
import { newNonce } from './drawing';
import type { Element } from './elements';
import type { Slide } from './slides';
import { viewOf } from './viewport';

/** The side of a sticky note. */
const noteSize = 180;
const noteColor = '#ffec99';
const gap = 20;
/** Between a shape and what is written on it, above and below. */
const padding = 5;

/** Changes elements of the scene, as if the person had done so there: it is sent, and undone there. */
export function alterElements(
  api: ExcalidrawImperativeAPI,
  change: (element: Element) => object | null,
  undoable: 'undoable' | 'unseen' = 'undoable',
): void {
  const elements = api.getSceneElementsIncludingDeleted().map((element) => {
    const part = change(element);
    return part ? edited(element, part) : element;
  });
  const { IMMEDIATELY, NEVER } = CaptureUpdateAction;
  api.updateScene({ elements, captureUpdate: undoable === 'undoable' ? IMMEDIATELY : NEVER });
}

/** Puts elements into the scene, over all others. */
export function addElements(api: ExcalidrawImperativeAPI, added: readonly Element[]): void {
  const elements = [...api.getSceneElementsIncludingDeleted(), ...added];
  api.updateScene({ elements, captureUpdate: CaptureUpdateAction.IMMEDIATELY });
}

function edited(element: Element, part: object): Element {
  const version = element.version + 1;
  return { ...element, ...part, version, versionNonce: newNonce() };
}

/** Writes another text; what it is written on grows with it. */
export function writeText(api: ExcalidrawImperativeAPI, id: string, text: string): void {
  const all = api.getSceneElementsIncludingDeleted();
  const old = all.find((element) => element.id === id);
  if (old?.type !== 'text' || text === old.originalText) return;
  const shape = all.find((element) => element.id === old.containerId);
  const written = { ...old, text, originalText: text };
  const measured = measure(shape ? [shape, written] : [written]).find((one) => one.id === id);
  if (!measured) return;
  const height = Math.max(shape?.height ?? 0, measured.height + 2 * padding);
  const grown = shape && { ...shape, height };
  const placed = grown ? measure([grown, measured]).find((one) => one.id === id) : measured;
  alterElements(api, (element) => {
    if (element.id === id) return placed ?? measured;
    return element.id === shape?.id && height > shape.height ? { height } : null;
  });
}

/** Has the drawing program find out how large texts are, and where they are in their shapes. */
function measure(elements: readonly Element[]): Element[] {
  return restoreElements(elements, null, { refreshDimensions: true, repairBindings: false });
}

/** Takes a text away, with the note that it is written on. */
export function removeText(api: ExcalidrawImperativeAPI, id: string, on: string | null): void {
  alterElements(api, (element) =>
    element.id === id || element.id === on ? { isDeleted: true } : null,
  );
}

/** Adds a sticky note: into a frame, or beside what is there. */
export function addNote(
  api: ExcalidrawImperativeAPI,
  text: string,
  frame: Slide | null,
): readonly Element[] {
  const elements = api.getSceneElements();
  const inside = elements.filter(({ frameId }) => frame !== null && frameId === frame.id);
  const [x, y] = frame ? placeIn(frame, inside) : placeBeside(elements, viewOf(api.getAppState()));
  const note = convertToExcalidrawElements([
    {
      type: 'rectangle',
      x,
      y,
      width: noteSize,
      height: noteSize,
      backgroundColor: noteColor,
      fillStyle: 'solid',
      strokeColor: '#1e1e1e',
      strokeWidth: 1,
      roughness: 0,
      customData: { note: true },
      label: { text, fontSize: 20 },
    },
  ]).map((element) => ({ ...element, frameId: frame?.id ?? null }));
  addElements(api, note);
  return note;
}

/** The first place in a frame where nothing is yet; if it is full, over what is there. */
function placeIn(frame: Slide, inside: readonly Element[]): readonly [number, number] {
  for (let y = frame.y + gap; y + noteSize <= frame.y + frame.height; y += noteSize + gap) {
    for (let x = frame.x + gap; x + noteSize <= frame.x + frame.width; x += noteSize + gap) {
      const free = inside.every(
        (other) =>
          other.x >= x + noteSize ||
          other.x + other.width <= x ||
          other.y >= y + noteSize ||
          other.y + other.height <= y,
      );
      if (free) return [x, y];
    }
  }
  return [frame.x + gap, frame.y + gap];
}

/** To the right of what is there; the first one in the middle of what the person sees. */
function placeBeside(elements: readonly Element[], view: Viewport): readonly [number, number] {
  if (elements.length === 0) {
    return [
      view.x + Math.round((view.width - noteSize) / 2),
      view.y + Math.round((view.height - noteSize) / 2),
    ];
  }
  const [, top, right] = getCommonBounds(elements);
  return [right + 2 * gap, top];
}
