/** What the stage `leximin` comes to: levels of coverage, each with who stays on it and the prices that say why. */
import { type Network, totalNeed } from '../../network.js';
import type { RoughPrices } from '../../proof/certificate.js';

export interface Level {
  /** Smallest horizon coverage (0 … 1) of the pairs that are not on a level below. */
  coverage: number;
  /** Pairs that cannot have more unless one with no more gets less: region·K + resource, ascending. */
  pairs: Int32Array;
  /**
   * Prices that prove it, in coverage per unit of the row: `maxmin` on the level's own pairs, `leximin` on pairs of levels below, as far as
   * those stand in the way.
   */
  prices: RoughPrices;
}

export interface Ladder {
  /** From the poorest up. */
  levels: Level[];
  /** Lots over the horizon that each pair has to get for this, by region·K + resource; 0 for pairs without need. */
  lots: Float64Array;
}

/**
 * What each pair may fall below its level on later stages, as a share of its need, whatever the policy allows: what many large pairs leave
 * is a great deal to a small one on the level above (district: a gap of 1.3e-3 with 1e-6). More where a solver's tolerances leave no plan.
 */
export const CLOSE = [1e-8, 1e-7, 1e-6, 1e-5];

/** What each pair has to have on later stages, in lots: what the ladder gives it, less so much of its need. */
export function heldLots(
  { T, K, need }: Pick<Network, 'T' | 'K' | 'need'>,
  { lots }: Ladder,
  share: number,
): Float64Array {
  return lots.map((l, pair) =>
    l > 0 ? Math.max(0, l - share * totalNeed({ T, K, need }, Math.floor(pair / K), pair % K)) : 0,
  );
}
