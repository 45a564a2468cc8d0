import { dataOf, type Element } from './elements';

type Point = readonly [number, number];

/**
 * A stroke with fewer points that looks the same as far as that is possible, so that it fits into
 * so many bytes; the element itself if it fits already or is no stroke.
 */
export function thinned(element: Element, bytes: number): Element {
  if (element.type !== 'freedraw' && element.type !== 'line') return element;
  const points = element.points as unknown as readonly Point[];
  if (points.length <= mostPoints && sizeOf(element) <= bytes) return element;
  let lean: Element = element;
  for (let off = 0.5; off < 200 && !fits(lean, bytes); off *= 1.6) {
    const kept = keptPoints(points, off);
    const changed = { ...element, points: kept.map((at) => points[at]) };
    if (element.type === 'freedraw' && element.pressures.length > 0) {
      Object.assign(changed, { pressures: kept.map((at) => element.pressures[at] ?? 0.5) });
    }
    lean = changed;
  }
  return lean;
}

/** So many points a line has at most. */
const mostPoints = 5_000;

function fits(element: Element, bytes: number): boolean {
  const points = 'points' in element ? element.points.length : 0;
  return points <= mostPoints && sizeOf(element) <= bytes;
}

function sizeOf(element: Element): number {
  // What is not ASCII is only in texts, which strokes have none of.
  return dataOf(element).length;
}

/** The places of the points that a line needs to be nowhere further off than so (Douglas, Peucker). */
export function keptPoints(points: readonly Point[], off: number): number[] {
  const keep = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    let furthest = -1;
    let distance = off;
    for (let at = from + 1; at < to; at += 1) {
      const here = distanceOf(points[at], points[from], points[to]);
      if (here > distance) {
        furthest = at;
        distance = here;
      }
    }
    if (furthest < 0) continue;
    keep.add(furthest);
    open.push([from, furthest], [furthest, to]);
  }
  return [...keep].sort((a, b) => a - b);
}

function distanceOf(point: Point = [0, 0], a: Point = [0, 0], b: Point = [0, 0]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(point[0] - a[0], point[1] - a[1]);
  return Math.abs(dx * (a[1] - point[1]) - (a[0] - point[0]) * dy) / length;
}
