/** Who is settled at which coverage so far, and the three ways in which pairs of region and resource come to a level. */
import { type Network, totalNeed } from '../../network.js';
import type { Policy } from '../../policy.js';
import { noPrices, type RoughPrices } from '../../proof/certificate.js';
import type { StageModel } from '../model.js';
import type { CoverageSession } from './coverage.js';
import type { Relaxed } from './flows.js';
import type { Ladder, Level } from './ladder.js';

/** A level whose prices are worked out when it is known to hold. */
export interface Draft {
  coverage: number;
  pairs: Int32Array;
  prices(): RoughPrices;
}

/** Coverages that differ by less are the same level. */
export const SAME = 1e-9;
/** A pair whose price is below this share of the dearest is not proven to stay: it goes on to the next level, if only in name. */
const FAINT = 1e-7;

export interface State {
  /** Pairs with need, and N and what each is settled at (NaN: open) in lots by pair. */
  pairs: number[];
  needed: Float64Array;
  lots: Float64Array;
}

export function begin(network: Network): State {
  const { R, K } = network;
  const needed = Float64Array.from({ length: R * K }, (_, p) => totalNeed(network, Math.floor(p / K), p % K));
  const pairs: number[] = [];
  needed.forEach((n, pair) => {
    if (n > 0) pairs.push(pair);
  });
  return { pairs, needed, lots: needed.map((n) => (n > 0 ? Number.NaN : 0)) };
}

export const openPairs = ({ pairs, lots }: State): number[] => pairs.filter((pair) => Number.isNaN(lots[pair]!));

/** Coverage that each pair of the list can have at most, as far as is quickly known; what it has where it is settled. */
export function ceilings(network: Network, { pairs, needed, lots }: State, relaxed: (Relaxed | null)[]): Float64Array {
  const { T, K, upper } = network;
  return Float64Array.from(pairs, (pair) => {
    if (!Number.isNaN(lots[pair]!)) return lots[pair]! / needed[pair]!;
    const [j, k] = [Math.floor(pair / K), pair % K];
    const own = relaxed[k]?.coverage[j];
    if (own !== undefined) return own;
    let most = 0;
    for (let t = 0; t < T; t++) most += upper.met[(j * T + t) * K + k]!;
    return Math.min(1, most / needed[pair]!);
  });
}

/** Makes levels of the resources' own groups below a coverage. */
export function settleGroups(
  network: Network,
  policy: Policy,
  { lots, needed }: State,
  relaxed: (Relaxed | null)[],
  below: number,
): Draft[] {
  const levels: Draft[] = [];
  relaxed.forEach((own, k) => {
    own?.groups.forEach(({ coverage, regions }, g) => {
      const pairs = regions.map((j) => j * network.K + k).filter((pair) => Number.isNaN(lots[pair]!));
      if (!(coverage < below) || pairs.length === 0) return;
      for (const pair of pairs) lots[pair] = coverage * needed[pair]!;
      levels.push({
        coverage,
        pairs: Int32Array.from(pairs.sort((a, b) => a - b)),
        prices() {
          const prices = noPrices(network, policy);
          if (coverage < 1 - SAME) own.addPrices(g, prices);
          return prices;
        },
      });
    });
  });
  return levels;
}

/** Makes levels of pairs below a coverage that have all that can reach them in any case: durables, whose resource has no groups. */
export function settleFull(
  network: Network,
  policy: Policy,
  { pairs, needed, lots }: State,
  ceiling: Float64Array,
  below: number,
): Draft[] {
  const levels: Draft[] = [];
  pairs.forEach((pair, n) => {
    const coverage = ceiling[n]!;
    if (!Number.isNaN(lots[pair]!) || !(coverage < below)) return;
    lots[pair] = coverage * needed[pair]!;
    levels.push({
      coverage,
      pairs: Int32Array.of(pair),
      prices() {
        const prices = noPrices(network, policy);
        prices.maxmin[pair] = 1 / needed[pair]!;
        return prices;
      },
    });
  });
  return levels;
}

/** The level at s: who is in the limit with prices y, but not below; somebody is, where the limit speaks of open pairs. */
export function settleLimit(
  state: State,
  lp: CoverageSession,
  model: StageModel,
  stage: number,
  share: number,
  y: Float64Array,
): Draft {
  const { pairs, lots, needed } = state;
  const open = pairs.map((pair) => Number.isNaN(lots[pair]!));
  let dearest = 0;
  for (let n = 0; n < open.length; n++) if (open[n]) dearest = Math.max(dearest, lp.price(y, n));
  const stay = open.map((is, n) => is && lp.price(y, n) > FAINT * dearest);
  const own = pairs.filter((_, n) => stay[n]);
  for (const pair of own) lots[pair] = share * needed[pair]!;
  return {
    coverage: share,
    pairs: Int32Array.from(own),
    prices() {
      let sum = 0;
      stay.forEach((is, n) => {
        if (is) sum += lp.price(y, n) * lp.needed[n]!;
      });
      const prices = model.prices(
        stage,
        y.map((price) => price / sum),
      );
      pairs.forEach((pair, n) => {
        if (stay[n]) return;
        if (!open[n]) prices.leximin[pair] = prices.maxmin[pair]!;
        prices.maxmin[pair] = 0;
      });
      return prices;
    },
  };
}

export function ladderOf({ lots }: State, levels: Level[]): Ladder {
  return { levels: levels.sort((a, b) => a.coverage - b.coverage), lots: lots.map((n) => (Number.isNaN(n) ? 0 : n)) };
}
