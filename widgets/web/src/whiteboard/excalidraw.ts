import '@excalidraw/excalidraw/index.css';

declare global {
  interface Window {
    /** Where Excalidraw looks for its fonts; it has to be known before it begins. */
    EXCALIDRAW_ASSET_PATH?: string | string[];
  }
}

window.EXCALIDRAW_ASSET_PATH = '/assets/excalidraw/';
