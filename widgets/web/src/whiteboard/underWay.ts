import type { AppState } from '@excalidraw/excalidraw/types';
import type { UnderWay } from './drawing';

const nothing: UnderWay = { ids: new Set(), moving: false };

/** The part of Excalidraw's state that tells what the person is doing. */
export type Doing = Pick<
  AppState,
  | 'newElement'
  | 'multiElement'
  | 'editingTextElement'
  | 'editingFrame'
  | 'resizingElement'
  | 'croppingElementId'
  | 'selectedElementsAreBeingDragged'
  | 'isResizing'
  | 'isRotating'
  | 'selectedLinearElement'
  | 'selectedElementIds'
>;

/** What is under way in the scene, so that changes from outside leave it alone. */
export function underWayIn(state: Doing): UnderWay {
  const made = [
    state.newElement?.id,
    state.multiElement?.id,
    state.editingTextElement?.id,
    state.editingFrame,
  ].filter((id) => typeof id === 'string');
  if (made.length > 0) return { ids: new Set(made), moving: false };
  if (state.selectedElementsAreBeingDragged || state.isResizing || state.isRotating) {
    return { ids: new Set(Object.keys(state.selectedElementIds)), moving: true };
  }
  if (state.selectedLinearElement?.isDragging) {
    return { ids: new Set([state.selectedLinearElement.elementId]), moving: true };
  }
  const other = state.croppingElementId ?? state.resizingElement?.id;
  return other === undefined ? nothing : { ids: new Set([other]), moving: true };
}
