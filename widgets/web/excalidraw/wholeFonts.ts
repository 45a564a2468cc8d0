/**
 * Stands for Excalidraw's cutting of fonts to the letters that a picture needs: that is 1.8 MB of
 * WebAssembly, which the page's policy does not let run. Our fonts are small; a picture gets them
 * whole.
 */
export const Commands = {};

/** A font as a data address; the letters that are needed make no difference. */
export function subsetToBase64(font: ArrayBuffer): Promise<string> {
  return Promise.resolve(toBase64(font));
}

export function subsetToBinary(font: ArrayBuffer): Promise<ArrayBuffer> {
  return Promise.resolve(font);
}

export function toBase64(font: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(font)) text += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(text)}`;
}
