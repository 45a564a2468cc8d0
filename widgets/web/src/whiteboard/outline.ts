import { cardOf, type Element } from './elements';
import { reads, slidesOf, type Slide } from './slides';

/** A text on the whiteboard, by itself or on a note or another shape. */
export interface OutlineText {
  /** The text element. */
  readonly id: string;
  /** The shape that it is written on, if any. */
  readonly on: string | null;
  readonly text: string;
  /** It is written on a sticky note. */
  readonly note: boolean;
  /** The card that it has become. */
  readonly card: string | null;
  readonly locked: boolean;
}

/** A part of the whiteboard: a frame with the texts in it, or those that are in no frame. */
export interface OutlinePart {
  readonly frame: Slide | null;
  readonly texts: readonly OutlineText[];
}

interface Placed extends OutlineText {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly frame: string | null;
}

/** The texts of a whiteboard in the order in which one reads them, frame by frame. */
export function outlineOf(elements: readonly Element[]): readonly OutlinePart[] {
  const seen = elements.filter(({ isDeleted }) => !isDeleted);
  const byID = new Map(seen.map((element) => [element.id, element]));
  const texts = seen.flatMap((element): Placed[] => {
    if (element.type !== 'text') return [];
    const shape = element.containerId === null ? undefined : byID.get(element.containerId);
    const place = shape ?? element;
    return [
      {
        id: element.id,
        on: shape?.id ?? null,
        text: element.originalText || element.text,
        note: shape?.customData?.note === true,
        card: cardOf(element) ?? (shape ? cardOf(shape) : null),
        locked: element.locked || shape?.locked === true,
        x: place.x,
        y: place.y,
        height: place.height,
        frame: place.frameId,
      },
    ];
  });
  texts.sort(reads);
  const slides = slidesOf(seen);
  const framed = new Set(slides.map(({ id }) => id));
  const within = (frame: string | null): readonly OutlineText[] =>
    texts.filter((text) => (framed.has(text.frame ?? '') ? text.frame : null) === frame);
  const parts: OutlinePart[] = slides.map((frame) => ({ frame, texts: within(frame.id) }));
  const rest = within(null);
  return rest.length > 0 || parts.length === 0 ? [...parts, { frame: null, texts: rest }] : parts;
}
