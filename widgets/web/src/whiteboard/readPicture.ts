/** The largest picture that is read, in bytes; it is made smaller then. */
export const largestRead = 30 * 1024 * 1024;

/** The largest drawing that is read: it takes much longer to paint than its size tells. */
const largestDrawing = 2 * 1024 * 1024;

/** The largest picture that is kept, in bytes. */
const largestKept = 4 * 1024 * 1024;

/** The longest side of a picture on a whiteboard, in pixels. */
const longest = 1440;

/** What the server keeps. */
const kept: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

const svg = 'image/svg+xml';

/** Why something cannot be a picture on a whiteboard; the message is the reason. */
export class NoPicture extends Error {
  constructor(readonly reason: 'picture-unknown' | 'picture-large' | 'picture-broken') {
    super(reason);
  }
}

/**
 * Makes of what somebody pastes, drops or chooses a picture as the server keeps it: a drawing (SVG)
 * is painted here. As an image it is shut in: none of its scripts runs, and it fetches nothing.
 */
export async function readPicture(file: File): Promise<File> {
  if (!file.type.startsWith('image/')) throw new NoPicture('picture-unknown');
  const drawn = file.type === svg;
  if (file.size > (drawn ? largestDrawing : largestRead)) throw new NoPicture('picture-large');
  const image = await (drawn ? painted(file) : decoded(file));
  const factor = Math.min(1, longest / Math.max(image.width, image.height));
  if (factor === 1 && kept.includes(file.type) && file.size <= largestKept) return file;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * factor));
  canvas.height = Math.max(1, Math.round(image.height * factor));
  const context = canvas.getContext('2d');
  if (!context) throw new NoPicture('picture-broken');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image.source, 0, 0, canvas.width, canvas.height);
  const type = file.type === 'image/jpeg' ? file.type : 'image/png';
  const blob = await new Promise<Blob | null>((take) => {
    canvas.toBlob(take, type, 0.9);
  });
  if (!blob) throw new NoPicture('picture-broken');
  if (blob.size > largestKept) throw new NoPicture('picture-large');
  return new File([blob], file.name, { type });
}

interface Shown {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

async function decoded(file: File): Promise<Shown> {
  try {
    const source = await createImageBitmap(file);
    return { source, width: source.width, height: source.height };
  } catch {
    throw new NoPicture('picture-broken');
  }
}

/** A drawing, twice as large as it wants to be, for lines stay sharp. */
async function painted(file: File): Promise<Shown> {
  const source = new Image();
  try {
    // A data address and no other: what a drawing embeds would keep the canvas from being read.
    source.src = `data:${svg};base64,${await toBase64(file)}`;
    await source.decode();
  } catch {
    throw new NoPicture('picture-broken');
  }
  const { naturalWidth, naturalHeight } = source;
  if (naturalWidth === 0 || naturalHeight === 0) throw new NoPicture('picture-broken');
  return { source, width: naturalWidth * 2, height: naturalHeight * 2 };
}

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
