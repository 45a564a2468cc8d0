// @vitest-environment node
import { expect, it } from 'vitest';
import { dataOf } from './elements';
import { elementLike } from './testElements';
import { keptPoints, thinned } from './thin';

it('a line needs only the points at which it turns', () => {
  const points = [0, 1, 2, 3, 4, 5].map((x) => [x * 10, x < 3 ? 0 : 40] as const);
  expect(keptPoints(points, 1)).toEqual([0, 2, 3, 5]);
});

it('a long stroke is thinned until it fits, with its pressures, and keeps its ends', () => {
  const points = Array.from({ length: 8000 }, (_, i) => [i / 3, Math.sin(i / 50) * 90]);
  const stroke = elementLike({
    id: 's',
    type: 'freedraw',
    points,
    pressures: points.map(() => 0.5),
  });
  const thin = thinned(stroke, 30_000);
  if (thin.type !== 'freedraw') throw new Error('another type');
  expect(dataOf(thin).length).toBeLessThanOrEqual(30_000);
  expect(thin.points.length).toBeGreaterThan(100);
  expect(thin.pressures).toHaveLength(thin.points.length);
  expect(thin.points.at(-1)).toEqual(points.at(-1));
});

it('what fits stays the same object', () => {
  const stroke = elementLike({ id: 's', type: 'freedraw', points: [[0, 0]] });
  expect(thinned(stroke, 30_000)).toBe(stroke);
});
