import { exportToBlob, exportToSvg, serializeAsJSON } from '@excalidraw/excalidraw';
import type { ExcalidrawFrameLikeElement, NonDeleted } from '@excalidraw/excalidraw/element/types';
import type { ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { withCardsDrawn } from './drawnCards';
import type { Element } from './elements';
import type { CardWords } from './shownCard';
import { slidesOf } from './slides';

/** The kinds of files that a whiteboard can become. */
export const fileKinds = ['png', 'svg', 'pdf', 'excalidraw'] as const;

export type FileKind = (typeof fileKinds)[number];

/** The longest side of a picture. */
const longest = 8_000;
const padding = 24;
/** Points of a page of a PDF for each unit of the scene. */
const points = 0.75;

interface Exportable {
  readonly elements: readonly NonDeleted<Element>[];
  readonly files: ReturnType<ExcalidrawImperativeAPI['getFiles']>;
  readonly exportingFrame: NonDeleted<ExcalidrawFrameLikeElement> | null;
  readonly exportPadding: number;
  readonly appState: {
    exportBackground: true;
    viewBackgroundColor: string;
    exportWithDarkMode: false;
    exportScale: number;
  };
}

/** What is written on the cards that are shown. */
export type WordsOf = (card: string) => CardWords;

/** What is exported: the whole whiteboard, or a frame of it. Always on white, as on paper. */
async function exportable(
  api: ExcalidrawImperativeAPI,
  frame: string | null,
  wordsOf: WordsOf,
): Promise<Exportable> {
  const elements = await withCardsDrawn(api.getSceneElements(), wordsOf);
  const exportingFrame =
    elements.find((element) => element.type === 'frame' && element.id === frame) ?? null;
  return {
    elements,
    files: api.getFiles(),
    exportingFrame: exportingFrame as Exportable['exportingFrame'],
    exportPadding: exportingFrame ? 0 : padding,
    appState: {
      exportBackground: true,
      viewBackgroundColor: '#ffffff',
      exportWithDarkMode: false,
      exportScale: 2,
    },
  };
}

// The library's own types of these lead into a package that it does not bring along.
const toBlob = exportToBlob as (
  options: Exportable & {
    mimeType: string;
    getDimensions: (
      width: number,
      height: number,
    ) => { width: number; height: number; scale: number };
  },
) => Promise<Blob>;
const toSvg = exportToSvg as (options: Exportable) => Promise<SVGSVGElement>;

/** A picture of the whiteboard or of one of its frames. */
export async function pictureOf(
  api: ExcalidrawImperativeAPI,
  frame: string | null,
  wordsOf: WordsOf,
): Promise<Blob> {
  return toBlob({
    ...(await exportable(api, frame, wordsOf)),
    mimeType: 'image/png',
    getDimensions: (width, height) => {
      const scale = Math.min(2, longest / Math.max(width, height, 1));
      return { width: width * scale, height: height * scale, scale };
    },
  });
}

/** The whiteboard, or a frame of it, as a file. */
export async function fileOf(
  api: ExcalidrawImperativeAPI,
  kind: FileKind,
  frame: string | null,
  title: string,
  wordsOf: WordsOf,
): Promise<Blob> {
  if (kind === 'png') return pictureOf(api, frame, wordsOf);
  if (kind === 'svg') {
    const svg = await toSvg(await exportable(api, frame, wordsOf));
    return new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
  }
  if (kind === 'pdf') return pdfOf(api, frame, title, wordsOf);
  const json = serializeAsJSON(
    api.getSceneElements(),
    { viewBackgroundColor: '#ffffff' },
    api.getFiles(),
    'local',
  );
  return new Blob([json], { type: 'application/vnd.excalidraw+json' });
}

/** The frames as pages, in their order; the whole whiteboard on one if there are none. */
async function pdfOf(
  api: ExcalidrawImperativeAPI,
  frame: string | null,
  title: string,
  wordsOf: WordsOf,
): Promise<Blob> {
  const { PDFDocument } = await import('pdf-lib');
  const file = await PDFDocument.create();
  file.setTitle(title, { showInWindowTitleBar: true });
  file.setProducer('Werkraum');
  const slides = slidesOf(api.getSceneElements()).map(({ id }) => id);
  const pages = frame === null ? (slides.length > 0 ? slides : [null]) : [frame];
  for (const page of pages) {
    const picture = await pictureOf(api, page, wordsOf);
    const image = await file.embedPng(await picture.arrayBuffer());
    const [width, height] = [(image.width * points) / 2, (image.height * points) / 2];
    file.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height });
  }
  return new Blob([Uint8Array.from(await file.save())], { type: 'application/pdf' });
}

/** A name for a file of that title that every system takes. */
export function fileName(title: string, kind: string): string {
  const plain = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '')
    .trim()
    .slice(0, 80);
  return `${plain || 'whiteboard'}.${kind}`;
}
