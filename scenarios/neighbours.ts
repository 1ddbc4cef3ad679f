/** The few places nearest to a point, in one pass that keeps only those: no sorting of thousands for each region. */

/** Places in the plane, km. */
export interface Places {
  x: Float64Array;
  y: Float64Array;
}

/**
 * Writes the numbers of the places nearest to (x, y) to `near`, nearest first and of two equally far ones the lower
 * number first, and how far they are to `km`. `length` turns kilometres as the crow flies into those that count; it
 * must never fall. There must be at least as many places as `near` is long.
 */
export function nearestPlaces(
  places: Places,
  x: number,
  y: number,
  length: (straight: number) => number,
  near: Int32Array,
  km: Float64Array,
): void {
  const last = near.length - 1;
  const square = (i: number) => {
    const [dx, dy] = [places.x[i]! - x, places.y[i]! - y];
    return dx * dx + dy * dy;
  };
  let kept = 0;
  // What is no nearer by its square is no nearer by its length, since neither the root nor `length` falls; so most places
  // cost no root.
  let beyond = Number.POSITIVE_INFINITY;
  for (let i = 0; i < places.x.length; i++) {
    const squared = square(i);
    if (squared >= beyond) continue;
    const far = length(Math.sqrt(squared));
    if (kept > last && far >= km[last]!) continue;
    let n = kept > last ? last : kept++;
    for (; n > 0 && km[n - 1]! > far; n--) {
      near[n] = near[n - 1]!;
      km[n] = km[n - 1]!;
    }
    near[n] = i;
    km[n] = far;
    if (kept > last) beyond = square(near[last]!);
  }
}
