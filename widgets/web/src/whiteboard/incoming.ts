import type { AppState, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import type { Toasts } from '../hub/toasts';
import type { Texts } from '../text/text';
import { addElements } from './alter';
import { BadFile, readFile } from './importing';
import type { Pictures } from './pictures';
import { NoPicture } from './readPicture';

/** Where something goes that comes from outside. */
export interface Into {
  readonly api: ExcalidrawImperativeAPI;
  readonly pictures: Pictures;
  readonly toasts: Toasts;
  readonly t: Texts;
}

/** Puts beside what is there what a file holds, if it is one of Excalidraw's or NeoBoard's. */
export async function openFile(file: File, { api, pictures, toasts, t }: Into): Promise<void> {
  try {
    const { elements, files } = await readFile(file, api);
    api.addFiles([...files]);
    addElements(api, elements);
    for (const one of files) void pictures.store(one);
    api.scrollToContent(elements, { fitToContent: true });
    toasts.done(t.didImportElements(elements.length), null);
  } catch (error) {
    const reasons = {
      large: t.importLarge,
      unknown: t.importUnknown,
      many: t.importMany,
      empty: t.importEmpty,
    };
    toasts.refused(error instanceof BadFile ? reasons[error.reason] : t.importUnknown);
  }
}

/** Takes a file that was pasted or dropped and is no picture. */
export function takeFile(file: File, into: Into): void {
  if (/\.(excalidraw|nwb)$/i.test(file.name)) void openFile(file, into);
  else into.toasts.refused(into.t.pictureUnknown);
}

/** What is said of a picture that could not be taken; empty if there is nothing to say. */
export function whyNoPicture(reason: unknown, t: Texts): string {
  const reasons: Readonly<Record<string, string>> = {
    'picture-unknown': t.pictureUnknown,
    'picture-large': t.pictureLarge,
    'picture-broken': t.pictureBroken,
  };
  const name = reason instanceof NoPicture ? reason.reason : reason;
  return typeof name === 'string' ? (reasons[name] ?? '') : '';
}

/** Says as messages of the page are said what the drawing program would say in a window of its own. */
export function sayError(
  { errorMessage }: Pick<AppState, 'errorMessage'>,
  api: ExcalidrawImperativeAPI,
  toasts: Toasts,
  t: Texts,
): void {
  if (errorMessage === null) return;
  const own = whyNoPicture(errorMessage, t);
  toasts.refused(own || (typeof errorMessage === 'string' ? errorMessage : t.pictureRefused));
  api.updateScene({ appState: { errorMessage: null } });
}
