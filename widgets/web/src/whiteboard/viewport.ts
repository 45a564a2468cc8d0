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

/** Has the person see what is on the whiteboard, if it is nowhere in what they see. */
export function findContent(api: ExcalidrawImperativeAPI): void {
  const elements = api.getSceneElements();
  const view = viewOf(api.getAppState());
  const seen = elements.some(
    ({ x, y, width, height }) =>
      x < view.x + view.width &&
      x + width > view.x &&
      y < view.y + view.height &&
      y + height > view.y,
  );
  if (elements.length > 0 && !seen) api.scrollToContent(elements, { fitToContent: true });
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
