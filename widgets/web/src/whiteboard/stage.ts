import type { ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { WhiteboardActs } from './acts';
import type { Element } from './elements';
import type { Whiteboard } from './model';
import type { Pictures } from './pictures';
import type { Presenting, PresentingState } from './presenting';
import type { Session } from './session';

/** What the parts beside the drawing area have at hand. */
export interface Stage {
  readonly api: ExcalidrawImperativeAPI;
  readonly session: Session;
  readonly whiteboard: Whiteboard;
  readonly acts: WhiteboardActs;
  /** Whether the person may draw here. */
  readonly canDraw: boolean;
  readonly scene: SceneWatch;
  readonly presenting: Presenting;
  readonly pictures: Pictures;
}

export const StageContext = createContext<Stage | null>(null);

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error('useStage outside of a whiteboard');
  return stage;
}

/** Tells the parts beside the drawing area that the scene has changed. */
export class SceneWatch {
  private list: readonly Element[] = [];
  private mark = '';
  private readonly listeners = new Set<() => void>();

  /** The elements of the scene, deleted ones not among them; the same list until they change. */
  get elements(): readonly Element[] {
    return this.list;
  }

  take(elements: readonly Element[]): void {
    let sum = 0;
    for (const { version, versionNonce, isDeleted } of elements) {
      // What is taken back goes in the version that it has.
      sum = (sum * 31 + version + versionNonce + (isDeleted ? 1 : 0)) | 0;
    }
    const mark = `${String(elements.length)}:${String(sum)}`;
    if (mark === this.mark) return;
    this.mark = mark;
    this.list = elements.filter((element) => !element.isDeleted).map((element) => ({ ...element }));
    for (const listener of this.listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** The elements of the scene as they change. */
export function useScene(): readonly Element[] {
  const { scene } = useStage();
  return useSyncExternalStore(scene.subscribe, () => scene.elements);
}

/** Who presents, as it changes. */
export function usePresenting(): PresentingState {
  const { presenting } = useStage();
  return useSyncExternalStore(presenting.subscribe, () => presenting.state);
}

/** The selected elements of the scene, as they change. */
export function useSelected(): readonly Element[] {
  const { api } = useStage();
  const elements = useScene();
  const selected = useSyncExternalStore(
    (listener) => api.onChange(listener),
    () => Object.keys(api.getAppState().selectedElementIds).sort().join(' '),
  );
  const ids = new Set(selected.split(' '));
  return elements.filter(({ id }) => ids.has(id));
}
