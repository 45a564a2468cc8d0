/** A shape of Excalidraw's in short, from which it makes an element. */
export interface Skeleton {
  readonly type: string;
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly [field: string]: unknown;
}

/** What a file of NeoBoard holds, as Excalidraw can take it over. */
export interface NeoBoardContent {
  readonly skeletons: readonly Skeleton[];
  /** Pictures by the ID that the image elements name. */
  readonly pictures: readonly { readonly id: string; readonly dataURL: string }[];
}

/** The file is none of NeoBoard's, or is damaged. */
export class NotNeoBoard extends Error {}

/** The size of NeoBoard's slides, which become frames. */
const slideWidth = 1920;
const slideHeight = 1080;
const between = 160;
/** So many slides beside each other. */
const perRow = 4;

type Json = Readonly<Record<string, unknown>>;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Reads what NeoBoard exports (`.nwb`, versions 1 and 2). Each slide becomes a frame, one beside the
 * other in their order; frames of its endless canvas stay where they are.
 */
export function readNeoBoard(text: string): NeoBoardContent {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new NotNeoBoard();
  }
  if (!isRecord(file) || !isRecord(file.whiteboard)) throw new NotNeoBoard();
  const { version, whiteboard } = file;
  if (version !== 'net.nordeck.whiteboard@v1' && version !== 'net.nordeck.whiteboard@v2') {
    throw new NotNeoBoard();
  }
  const pictures = picturesOf(whiteboard.files);
  const endless = version === 'net.nordeck.whiteboard@v2';
  const skeletons = listOf(whiteboard.slides).flatMap((slide, at) => {
    const origin = endless
      ? { x: 0, y: 0 }
      : {
          x: (at % perRow) * (slideWidth + between),
          y: Math.floor(at / perRow) * (slideHeight + between),
        };
    return slideOf(isRecord(slide) ? slide : {}, at, origin, endless, pictures);
  });
  return { skeletons, pictures: [...pictures.values()] };
}

type Pictures = ReadonlyMap<string, { readonly id: string; readonly dataURL: string }>;

function slideOf(
  slide: Json,
  at: number,
  origin: Place,
  endless: boolean,
  pictures: Pictures,
): Skeleton[] {
  const prefix = `nwb${String(at)}`;
  const given = listOf(slide.elements).filter(isRecord);
  const ids = new Map(
    given.map((element, i) => [textOf(element.id), `${prefix}-${String(i)}`] as const),
  );
  const frame = endless ? null : `${prefix}-frame`;
  const elements = given.flatMap((element, i) => {
    const id = `${prefix}-${String(i)}`;
    const attached = ids.get(textOf(element.attachedFrame)) ?? null;
    const made = elementOf(element, id, origin, pictures, ids);
    return made ? [{ ...made, frameId: frame ?? attached }] : [];
  });
  const childrenOf = (id: string): string[] =>
    elements.flatMap((element) => (element.frameId === id ? [element.id] : []));
  if (frame === null) {
    return elements.map((element) =>
      element.type === 'frame' ? { ...element, children: childrenOf(element.id) } : element,
    );
  }
  return [
    ...elements,
    {
      type: 'frame',
      id: frame,
      ...origin,
      width: slideWidth,
      height: slideHeight,
      name: null,
      children: childrenOf(frame),
      customData: { slide: at },
    },
  ];
}

function elementOf(
  element: Json,
  id: string,
  origin: Place,
  pictures: Pictures,
  ids: ReadonlyMap<string, string>,
): Skeleton | null {
  const place = pointOf(element.position);
  if (!place) return null;
  const at = { id, x: origin.x + place.x, y: origin.y + place.y };
  const [width, height] = [sizeOf(element.width), sizeOf(element.height)];
  switch (element.type) {
    case 'shape':
      return shapeOf(element, { ...at, width, height });
    case 'path':
      return pathOf(element, at, ids);
    case 'image': {
      const picture = pictures.get(textOf(element.mxc));
      if (!picture) return null;
      return { type: 'image', ...at, width, height, fileId: picture.id, status: 'pending' };
    }
    case 'frame':
      return { type: 'frame', ...at, width, height, name: null };
    default:
      return null;
  }
}

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function shapeOf(element: Json, at: Box): Skeleton {
  const kinds: Readonly<Record<string, string>> = {
    circle: 'ellipse',
    ellipse: 'ellipse',
    triangle: 'diamond',
  };
  const fill = colorOf(element.fillColor, 'transparent');
  const text = typeof element.text === 'string' ? element.text.trim().slice(0, 10_000) : '';
  const stroke = colorOf(element.strokeColor, fill === 'transparent' ? 'transparent' : fill);
  const size = typeof element.textSize === 'number' ? element.textSize : fontSizeOf(text, at);
  const color = colorOf(element.textColor, '#1e1e1e');
  return {
    type: kinds[String(element.kind)] ?? 'rectangle',
    ...at,
    backgroundColor: fill,
    strokeColor: stroke,
    strokeWidth: typeof element.strokeWidth === 'number' ? Math.min(20, element.strokeWidth) : 1,
    fillStyle: 'solid',
    roughness: 0,
    roundness: Number(element.borderRadius) > 0 ? { type: 3 } : null,
    ...(text && { label: { text, fontSize: size, strokeColor: color, ...alignOf(element) } }),
  };
}

function alignOf({ textAlignment }: Json): object {
  return textAlignment === 'left' || textAlignment === 'right'
    ? { textAlign: textAlignment }
    : { textAlign: 'center' };
}

/** NeoBoard makes text as large as it fits; this comes near. */
function fontSizeOf(text: string, { width, height }: Box): number {
  const lines = text.split('\n');
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const byHeight = (height - 20) / (lines.length * 1.3);
  const area = Math.sqrt((width * height) / Math.max(1, text.length) / 0.9);
  const byWidth = Math.max((width - 20) / (longest * 0.6), Math.min(area, 28));
  return Math.round(Math.max(12, Math.min(48, byHeight, byWidth)));
}

function pathOf(
  element: Json,
  at: { id: string; x: number; y: number },
  ids: ReadonlyMap<string, string>,
): Skeleton | null {
  const points = listOf(element.points).flatMap((point) => {
    const found = pointOf(point);
    return found ? [found] : [];
  });
  const [first] = points;
  if (!first || points.length < 2) return null;
  const relative = points.map(({ x, y }) => [x - first.x, y - first.y]);
  const start = { x: at.x + first.x, y: at.y + first.y };
  const heads = {
    startArrowhead: element.startMarker === 'arrow-head-line' ? 'arrow' : null,
    endArrowhead: element.endMarker === 'arrow-head-line' ? 'arrow' : null,
  };
  const ends = {
    ...bound('start', ids.get(textOf(element.connectedElementStart))),
    ...bound('end', ids.get(textOf(element.connectedElementEnd))),
  };
  const look = {
    strokeColor: colorOf(element.strokeColor, '#1e1e1e'),
    strokeWidth: 2,
    roughness: 0,
    points: relative,
  };
  const { id } = at;
  if (element.kind === 'polyline') {
    const [xs, ys] = [relative.map(([x = 0]) => x), relative.map(([, y = 0]) => y)];
    const width = Math.max(...xs) - Math.min(...xs);
    const height = Math.max(...ys) - Math.min(...ys);
    const pen = { pressures: [], simulatePressure: true };
    return { type: 'freedraw', id, ...start, ...look, width, height, ...pen };
  }
  const arrow =
    Object.keys(ends).length > 0 || heads.startArrowhead !== null || heads.endArrowhead !== null;
  return { type: arrow ? 'arrow' : 'line', id, ...start, ...look, ...heads, ...ends };
}

function bound(end: string, id: string | undefined): object {
  return id === undefined ? {} : { [end]: { id } };
}

function picturesOf(files: unknown): Pictures {
  const found = new Map<string, { id: string; dataURL: string }>();
  listOf(files).forEach((file, at) => {
    if (!isRecord(file) || typeof file.mxc !== 'string' || typeof file.data !== 'string') return;
    const type = typeByContent(file.data);
    if (!type) return;
    const dataURL = `data:${type};base64,${file.data}`;
    found.set(file.mxc, { id: `nwb${String(at)}`, dataURL });
  });
  return found;
}

/** The type of a picture by its first bytes in base64; what else it may be is not taken. */
function typeByContent(data: string): string | null {
  if (!/^[A-Za-z0-9+/=\s]+$/.test(data)) return null;
  if (data.startsWith('iVBORw0KGgo')) return 'image/png';
  if (data.startsWith('/9j/')) return 'image/jpeg';
  if (data.startsWith('R0lGOD')) return 'image/gif';
  return data.startsWith('UklGR') ? 'image/webp' : null;
}

function pointOf(value: unknown): Place | null {
  if (!isRecord(value)) return null;
  const { x, y } = value;
  if (typeof x !== 'number' || typeof y !== 'number') return null;
  return Math.abs(x) < 1e6 && Math.abs(y) < 1e6 ? { x, y } : null;
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(value, 1e5) : 1;
}

/** A colour as the room keeps them: in figures or by a plain name. */
function colorOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && /^(#[0-9A-Fa-f]{3,8}|[a-z]{1,30})$/.test(value)
    ? value
    : otherwise;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
