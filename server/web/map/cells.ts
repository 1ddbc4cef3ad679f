/** The surroundings of places: what is nearer to each than to any other, cut to a disc, so that a lone place does not claim half the sea. */
import { cut, type Ring } from './mercator.js';

export interface Point {
  x: number;
  y: number;
}

/** Sides of what stands for a disc. */
const SIDES = 28;

/** A ring around each place; null where another lies in the same spot and comes first, or there is no other at all. */
export function cellsOf(places: readonly Point[]): (Ring | null)[] {
  const place = (i: number): Point => places[i] ?? { x: 0, y: 0 };
  // by x, so that all within a distance stand in a row
  const order = places.map((_, i) => i).sort((i, j) => place(i).x - place(j).x || place(i).y - place(j).y || i - j);
  const xs = Float64Array.from(order, (i) => place(i).x);
  const ys = Float64Array.from(order, (i) => place(i).y);
  const across = (n: number, m: number): number => Math.abs((xs[m] ?? Infinity) - (xs[n] ?? 0));
  // Math.hypot takes ten times as long, and this is what takes long
  const apart = (n: number, m: number): number => Math.sqrt(across(n, m) ** 2 + ((ys[m] ?? 0) - (ys[n] ?? 0)) ** 2);
  const nearest = order.map((_, n) => {
    let least = Infinity;
    for (const way of [1, -1])
      for (let m = n + way; across(n, m) < least; m += way) {
        const d = apart(n, m);
        if (d > 0 && d < least) least = d;
      }
    return least;
  });
  const sorted = nearest.filter(Number.isFinite).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length * 0.75)];
  const rings = places.map((): Ring | null => null);
  if (usual === undefined) return rings;
  for (const [n, i] of order.entries()) {
    const [x, y, next] = [xs[n] ?? 0, ys[n] ?? 0, nearest[n] ?? 0];
    // places in one spot stand side by side
    if (n > 0 && apart(n, n - 1) === 0) continue;
    // a little further than to the neighbours
    const radius = Math.max(2.2 * usual, 0.8 * next);
    let ring = square(x, y, radius);
    let far = Math.SQRT2 * radius;
    // ring by ring: soon no place further out reaches what is left
    for (let [from, to] = [0, 3 * next]; from < 2 * far; [from, to] = [to, 2 * to]) {
      const near: [number, number][] = [];
      for (const way of [1, -1])
        for (let m = n + way; across(n, m) <= to; m += way) {
          const d = apart(n, m);
          if (d > from && d <= to) near.push([d, m]);
        }
      for (const [d, m] of near.sort(([a], [b]) => a - b)) {
        if (d >= 2 * far) break;
        const [nx, ny] = [((xs[m] ?? 0) - x) / d, ((ys[m] ?? 0) - y) / d];
        const beyond = ([cx = 0, cy = 0]: readonly number[]) => (cx - x) * nx + (cy - y) * ny - d / 2;
        if (!ring.some((corner) => beyond(corner) > 0)) continue;
        ring = cut(ring, beyond);
        far = 0;
        for (const [cx = 0, cy = 0] of ring) far = Math.max(far, Math.hypot(cx - x, cy - y));
      }
    }
    rings[i] = far > radius ? round(ring, x, y, radius) : ring;
  }
  return rings;
}

const square = (x: number, y: number, r: number): Ring => [
  [x - r, y - r],
  [x + r, y - r],
  [x + r, y + r],
  [x - r, y + r],
];

/** What of a ring lies in a disc. */
function round(ring: Ring, x: number, y: number, radius: number): Ring {
  let rest = ring;
  for (let side = 0; side < SIDES; side++) {
    const [nx, ny] = [Math.cos((2 * Math.PI * side) / SIDES), Math.sin((2 * Math.PI * side) / SIDES)];
    rest = cut(rest, ([cx = 0, cy = 0]) => (cx - x) * nx + (cy - y) * ny - radius);
  }
  return rest;
}

/** Number of the place that is nearest; −1 where there is none. */
export function nearestTo(places: readonly Point[], x: number, y: number): number {
  let [found, least] = [-1, Infinity];
  for (const [i, place] of places.entries()) {
    const d = (place.x - x) ** 2 + (place.y - y) ** 2;
    if (d < least) [found, least] = [i, d];
  }
  return found;
}
