import type {
  BinaryFileData,
  BinaryFiles,
  DataURL,
  ExcalidrawImperativeAPI,
} from '@excalidraw/excalidraw/types';
import type { Asking } from '../session/files';
import { fetchPicture, sendPicture } from '../session/pictures';
import type { Element } from './elements';
import { readPicture } from './readPicture';

/** So long until a picture that could not be fetched is asked for again. */
const again = 5_000;

/** What Excalidraw can show, and the server stores. */
const types: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/**
 * Brings the pictures of a whiteboard into the scene, and those that the person puts there to the
 * server, before anybody hears of them.
 */
export class Pictures {
  private readonly asked = new Set<string>();
  private readonly sent = new Set<string>();
  private stopped = false;

  constructor(
    private readonly whiteboard: string,
    private readonly api: ExcalidrawImperativeAPI,
    private readonly by: () => Asking,
    /** A picture could not be stored; the elements that show it are to go. */
    private readonly onRefused: (file: string, error: unknown) => void,
    /** A picture is stored; the elements that show it can be told of. */
    private readonly onStored: (file: string) => void,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  /** Looks at what the scene has become. */
  take(elements: readonly Element[], files: BinaryFiles, mayDraw: boolean): void {
    for (const element of elements) {
      if (element.type !== 'image' || element.isDeleted || element.fileId === null) continue;
      const file = files[element.fileId];
      if (!file) void this.fetch(element.fileId);
      else if (element.status !== 'saved' && mayDraw) void this.store(file);
    }
  }

  /** Stores a picture, once. */
  async store(file: BinaryFileData): Promise<void> {
    if (this.sent.has(file.id)) return;
    this.sent.add(file.id);
    try {
      // What a file or another whiteboard brought along has not been looked at yet.
      const blob = blobOf(file.dataURL);
      const picture = await readPicture(new File([blob], '', { type: blob.type }));
      await sendPicture(this.by(), this.whiteboard, file.id, picture);
      if (!this.stopped) this.onStored(file.id);
    } catch (error) {
      this.sent.delete(file.id);
      if (!this.stopped) this.onRefused(file.id, error);
    }
  }

  private async fetch(id: BinaryFileData['id']): Promise<void> {
    if (this.asked.has(id)) return;
    this.asked.add(id);
    try {
      const file = await fileOf(this.by(), this.whiteboard, id);
      if (file && !this.stopped) this.api.addFiles([file]);
    } catch {
      // It may be on its way still, or the line is down.
      setTimeout(() => {
        this.asked.delete(id);
        if (!this.stopped) {
          this.take(this.api.getSceneElements(), this.api.getFiles(), false);
        }
      }, again);
    }
  }
}

/** Fetches a picture of a whiteboard for Excalidraw; null if that cannot show it. */
async function fileOf(
  by: Asking,
  whiteboard: string,
  id: BinaryFileData['id'],
): Promise<BinaryFileData | null> {
  const blob = await fetchPicture(by, whiteboard, id);
  const type = types.find((known) => known === blob.type);
  if (type === undefined) return null;
  const mimeType = type as BinaryFileData['mimeType'];
  return { id, mimeType, dataURL: await dataURLOf(blob), created: Date.now() };
}

/** Fetches the pictures that elements show, without those that cannot be had now. */
export async function filesOf(
  by: Asking,
  whiteboard: string,
  elements: readonly Element[],
  signal: AbortSignal,
): Promise<BinaryFiles> {
  const wanted = new Set<BinaryFileData['id']>();
  for (const element of elements) {
    if (element.type === 'image' && element.fileId !== null) wanted.add(element.fileId);
  }
  const files: BinaryFiles = {};
  for (const id of wanted) {
    if (signal.aborted) break;
    const file = await fileOf(by, whiteboard, id).catch(() => null);
    if (file) files[id] = file;
  }
  return files;
}

/** The bytes of a picture that is in a data address. */
export function blobOf(dataURL: string): Blob {
  const [head = '', body = ''] = dataURL.split(',', 2);
  const type = /^data:([^;,]+)/.exec(head)?.[1] ?? 'application/octet-stream';
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type });
}

/** A picture as a data address. */
export function dataURLOf(blob: Blob): Promise<DataURL> {
  return new Promise((take, fail) => {
    const reader = new FileReader();
    reader.onload = () => {
      take(reader.result as DataURL);
    };
    reader.onerror = () => {
      fail(new Error('no picture'));
    };
    reader.readAsDataURL(blob);
  });
}
