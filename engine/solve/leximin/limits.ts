/** What the prices of a linear program say of every plan there is: Σ weight · coverage ≤ room, over pairs of region and resource. */
import type { CoverageSession } from './coverage.js';

export interface Limit {
  /** Prices by row of the model's LP, per unit of need met. */
  y: Float64Array;
  /** By number in the list of pairs. */
  weight: Float64Array;
  room: number;
}

/** Share of a limit's weights that must be on open pairs: what is left of one whose pairs are settled is rounding. */
const OPEN = 1e-6;

/** The limit behind an optimum: v is its coverages, y its prices. */
export function limitOf(lp: CoverageSession, { y, v }: { y: Float64Array; v: Float64Array }): Limit {
  const weight = lp.needed.map((needed, n) => needed * lp.price(y, n));
  return { y, weight, room: weight.reduce((sum, w, n) => sum + w * v[n]!, 0) };
}

/** Whether a limit says something about open pairs. */
export function speaks({ weight }: Limit, settled: Uint8Array): boolean {
  let open = 0;
  let all = 0;
  for (let n = 0; n < weight.length; n++) {
    all += weight[n]!;
    if (!settled[n]) open += weight[n]!;
  }
  return open > OPEN * all;
}

/**
 * The s at which a limit holds with equality where every open pair gets the smaller of s and its ceiling, and a settled one its ceiling:
 * Σ weight · min(ceiling, s) = room; Infinity where all ceilings can be had. `order`: open pairs by rising ceiling.
 */
export function allowed(
  { weight, room }: Limit,
  ceiling: Float64Array,
  settled: Uint8Array,
  order: Int32Array,
): number {
  let left = room;
  let slope = 0;
  for (let n = 0; n < weight.length; n++)
    if (settled[n]) left -= weight[n]! * ceiling[n]!;
    else slope += weight[n]!;
  for (const n of order) {
    if (!(weight[n]! > 0)) continue;
    if (slope * ceiling[n]! >= left) return left / slope;
    left -= weight[n]! * ceiling[n]!;
    slope -= weight[n]!;
  }
  return Number.POSITIVE_INFINITY;
}
