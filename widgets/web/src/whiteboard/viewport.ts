import { zoomToFitBounds } from '@excalidraw/excalidraw';
import type { AppState, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import type { Viewport } from '../live/protocol';

/** What the person sees of the scene. */
export function viewOf(
  state: Pick<AppState, 'scrollX' | 'scrollY' | 'zoom' | 'width' | 'height'>,
): Viewport {
  const zoom = state.zoom.value;
  return {
    x: Math.round(-state.scrollX),
    y: Math.round(-state.scrollY),
    width: Math.max(1, Math.round(state.width / zoom)),
    height: Math.max(1, Math.round(state.height / zoom)),
  };
}

/** Has the person see this part of the scene, as large as it fits. */
export function showView(api: ExcalidrawImperativeAPI, view: Viewport): void {
  const { appState } = zoomToFitBounds({
    bounds: [view.x, view.y, view.x + view.width, view.y + view.height],
    appState: api.getAppState(),
    fitToViewport: true,
    viewportZoomFactor: 1,
  });
  const { scrollX, scrollY, zoom } = appState;
  api.updateScene({ appState: { scrollX, scrollY, zoom } });
}
