import type { Element } from './elements';

/** A frame as a slide: frames are shown one after the other in this order. */
export interface Slide {
  readonly id: string;
  /** Empty if the frame has no name. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The place that the frame itself says, if any. */
  readonly place: number | null;
}

/**
 * The frames in their order: those that somebody has put in order first, by `customData.slide`,
 * then the others as one reads, from the top and from the left.
 */
export function slidesOf(elements: readonly Element[]): readonly Slide[] {
  return elements
    .flatMap((element) =>
      element.type === 'frame' && !element.isDeleted ? [slideOf(element)] : [],
    )
    .sort(
      (a, b) =>
        (a.place ?? Number.POSITIVE_INFINITY) - (b.place ?? Number.POSITIVE_INFINITY) ||
        reads(a, b),
    );
}

function slideOf(element: Element & { type: 'frame' }): Slide {
  const { id, x, y, width, height } = element;
  const place: unknown = element.customData?.slide;
  return {
    id,
    name: element.name ?? '',
    x,
    y,
    width,
    height,
    place: typeof place === 'number' ? place : null,
  };
}

/** From the top, then from the left; what overlaps by half in height is in one row. */
export function reads(
  a: { readonly id: string; readonly x: number; readonly y: number; readonly height: number },
  b: { readonly id: string; readonly x: number; readonly y: number; readonly height: number },
): number {
  const half = Math.min(a.height, b.height) / 2;
  if (Math.abs(a.y - b.y) > half) return a.y - b.y;
  return a.x - b.x || (a.id < b.id ? -1 : 1);
}

/** The places that frames get when one is put to another place; only those that change. */
export function placesAfterMove(
  slides: readonly Slide[],
  id: string,
  to: number,
): ReadonlyMap<string, number> {
  const moved = slides.find((slide) => slide.id === id);
  if (!moved) return new Map();
  const order = slides.filter((slide) => slide !== moved);
  order.splice(Math.max(0, Math.min(to, order.length)), 0, moved);
  return new Map(
    order.flatMap((slide, place) => (slide.place === place ? [] : [[slide.id, place] as const])),
  );
}
