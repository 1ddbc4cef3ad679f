/**
 * The stage `leximin`: levels of coverage from the poorest up, each with who stays on it and why.
 *
 * What each resource allows by itself is quickly known (`flows.ts`). Together they have to share fleets, routes, handling and money; up to some
 * coverage s they can, and below s the levels are those of the resources alone. To find s, everybody is asked for the smaller of s and their own
 * level: where the linear program (`coverage.ts`) falls short, its prices are a limit Σ y·N·v ≤ b that says how far s has to come down (Newton's method on
 * a piecewise linear function, so it ends). The last such limit is the proof of the level at s: those in it stay there. Then once more, with them settled.
 */
import type { Highs } from 'highs';
import { type Network, totalNeed } from '../../network.js';
import type { Policy } from '../../policy.js';
import { noPrices } from '../../proof/certificate.js';
import { nothingToGain } from '../choose.js';
import type { StageModel } from '../model.js';
import { brokenBundle } from '../simplex/bundles.js';
import type { Pivot } from '../simplex/flow.js';
import { type CoverageSession, openCoverage, type Shares } from './coverage.js';
import { type Relaxed, relaxedLevels } from './flows.js';
import type { Ladder, Level } from './ladder.js';

export interface ClimbOptions {
  stage: number;
  pivot: Pivot;
  highs(): Promise<Highs>;
  /** The model of all stages, the ones before this one held. Built where linear programs are needed. */
  model(): StageModel;
  /** True ends it: pairs that have no level yet are left together on one that proves nothing. */
  stop(): boolean;
  onProgress(iterations: number): void;
}

export interface Climbed {
  ladder: Ladder;
  /** Lots by flow and by need, fractions allowed. */
  ship: Float64Array;
  met: Float64Array;
  iterations: number;
}

/** Coverages that differ by less are the same level. */
const SAME = 1e-9;
/** Part of the whole need that may be missing where everybody has their share: HiGHS' tolerances. */
const MISSING = 1e-9;
/** A pair whose price is below this share of the dearest is not proven to stay: it goes on to the next level, if only in name. */
const FAINT = 1e-7;
/** Lower bounds are a hair lower than what was reached, so that the next program has a solution. */
const HAIR = 1e-9;
/**
 * Where no limit is known, s is looked for from below: a program in which everybody gets their share is solved far sooner than one that asks
 * for a tenth too much (province 102: 5,000 pivots at 0.7, 21,000 at 0.8, each four times as long). From nothing by halves, from a level by
 * this part of what is left, then by twice as much, and never by more than FAR.
 */
const NEAR = 1 / 8;
const FAR = 0.1;
/**
 * Where s moves by more than this part, HiGHS starts afresh: province 102 from 0.75 to 0.731 in 4.2 s, which is 10.2 s from the last basis; a
 * move of a hundredth takes a few hundred pivots.
 */
const AFRESH = 0.02;
/** Share of a limit's prices that must be on open pairs: what is left of one whose pairs are settled is rounding. */
const OPEN = 1e-6;

/** Throws AllocateError 'too-large' and 'internal'. */
export async function climb(network: Network, policy: Policy, options: ClimbOptions): Promise<Climbed> {
  const { stage, pivot } = options;
  const { R, K } = network;
  const state = begin(network);
  const levels: Level[] = [];
  const alone = (k: number) => network.T === 1 || network.scenario.resources[k]!.kind !== 'durable';
  const relax = (): (Relaxed | null)[] =>
    Array.from({ length: K }, (_, k) => {
      if (!alone(k)) return null;
      const given = Float64Array.from({ length: R }, (_, j) => state.lots[j * K + k]!);
      return relaxedLevels(network, k, given, pivot);
    });
  let relaxed = relax();
  let pivots = relaxed.reduce((sum, r) => sum + (r?.pivots ?? 0), 0);
  const free = policy.stages.every((_, r) => r >= stage || nothingToGain(network, policy, r));
  if (free && relaxed.every((r) => r !== null)) {
    const plan = { ship: new Float64Array(network.arcs.count * K), met: new Float64Array(network.need.length) };
    for (const r of relaxed) r!.addPlan(plan.ship, plan.met);
    if (brokenBundle(network, plan) === null) {
      settleGroups(network, policy, state, relaxed, Number.POSITIVE_INFINITY, levels);
      return { ladder: finish(state, levels), ...plan, iterations: pivots };
    }
  }

  const model = options.model();
  const lp = openCoverage(await options.highs(), model, state.pairs, {
    stop: options.stop,
    onProgress: (n) => options.onProgress(pivots + n),
  });
  const limits: Limit[] = [];
  let last: Shares | null = null;
  try {
    for (let reached = 0; state.open() > 0; ) {
      const ceiling = ceilings(network, state, relaxed);
      const found = highest(state, lp, limits, ceiling, reached);
      if (found === null) break;
      last = found.shares;
      const below = found.limit ? found.share - SAME : Number.POSITIVE_INFINITY;
      settleGroups(network, policy, state, relaxed, below, levels);
      settleFull(network, policy, state, ceiling, below, levels);
      if (!found.limit) break;
      reached = found.share;
      const level = settleLimit(state, lp, model, stage, found.share, found.limit);
      // a limit that says nothing of anybody who is open would come again for ever
      if (level.pairs.length === 0) break;
      levels.push(level);
      if (state.open() === 0) break;
      relaxed = relax();
      pivots += relaxed.reduce((sum, r) => sum + (r?.pivots ?? 0), 0);
    }
    const left = state.pairs.filter((pair) => Number.isNaN(state.lots[pair]!));
    if (left.length) {
      const coverage = levels.reduce((most, l) => Math.max(most, l.coverage), 0);
      for (const pair of left) state.lots[pair] = coverage * state.needed[pair]!;
      levels.push({ coverage, pairs: Int32Array.from(left), prices: noPrices(network, policy) });
    }
    const plan = model.plan(last?.x ?? new Float64Array(model.lp.columns));
    return { ladder: finish(state, levels), ...plan, iterations: pivots + lp.iterations() };
  } finally {
    lp.dispose();
  }
}

interface State {
  /** Pairs with need, and N and what each is settled at (NaN: open) in lots by pair. */
  pairs: number[];
  needed: Float64Array;
  lots: Float64Array;
  open(): number;
  /** The s of the last program. */
  tried: number;
}

function begin(network: Network): State {
  const { R, K } = network;
  const needed = Float64Array.from({ length: R * K }, (_, p) => totalNeed(network, Math.floor(p / K), p % K));
  const lots = needed.map((n) => (n > 0 ? Number.NaN : 0));
  const pairs: number[] = [];
  needed.forEach((n, pair) => {
    if (n > 0) pairs.push(pair);
  });
  return {
    pairs,
    needed,
    lots,
    tried: 0,
    open: () => pairs.reduce((sum, p) => sum + (Number.isNaN(lots[p]!) ? 1 : 0), 0),
  };
}

/** Coverage that each pair of the list can have at most, as far as is quickly known. */
function ceilings(network: Network, { pairs, needed, lots }: State, relaxed: (Relaxed | null)[]): Float64Array {
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

interface Highest {
  /** The largest s for which everybody can have the smaller of s and their ceiling at once. */
  share: number;
  /** A plan that does so. */
  shares: Shares;
  /** Prices that say that s can be no larger; null where everybody has their ceiling. */
  limit: Float64Array | null;
}

/** What the prices of one program say of every plan: Σ weight · coverage ≤ room. */
interface Limit {
  y: Float64Array;
  weight: Float64Array;
  room: number;
}

/**
 * Newton's method from above, once a program fell short. A limit that was found once holds for ever, so the next level starts from the lowest
 * s that any of them allows: most often it is the right one. Null where the solve was stopped.
 */
function highest(
  state: State,
  lp: CoverageSession,
  limits: Limit[],
  ceiling: Float64Array,
  reached: number,
): Highest | null {
  const settled = state.pairs.map((pair) => !Number.isNaN(state.lots[pair]!));
  const order = Int32Array.from(ceiling.keys()).filter((n) => !settled[n]);
  order.sort((a, b) => ceiling[a]! - ceiling[b]!);
  const low = ceiling.map((c, n) => Math.max(0, (settled[n] ? c : Math.min(c, reached)) - HAIR));
  let top = reached;
  for (const n of order) top = Math.max(top, Math.min(1, ceiling[n]!));
  let limit: Limit | null = null;
  for (const known of limits) {
    const next = allowed(known, ceiling, settled, order);
    if (holds(known, settled) && next < top) [top, limit] = [Math.max(next, reached), known];
  }
  let step = reached > 0 ? (top - reached) * NEAR : top / 2;
  let share = limit ? top : reached + step;
  for (;;) {
    const high = ceiling.map((c, n) => Math.max(low[n]!, settled[n] ? c : Math.min(c, share)));
    let shares: Shares | null = lp.solve(low, high, Math.abs(share - state.tried) > AFRESH * share);
    state.tried = share;
    if (!shares) return null;
    const short = ({ v }: Shares): boolean => {
      let missing = 0;
      let wanted = 0;
      for (let n = 0; n < high.length; n++) {
        wanted += lp.needed[n]! * high[n]!;
        // who is settled may have a hair less, which beside a small coverage is more than noise
        if (!settled[n]) missing += lp.needed[n]! * Math.max(0, high[n]! - v[n]!);
      }
      return missing > MISSING * wanted;
    };
    // what falls short may only have shunned an effort
    const priced = short(shares) ? lp.prices() : undefined;
    if (priced === null) return null;
    if (priced === undefined || !short(priced)) {
      shares = priced ?? shares;
      if (share >= top) return { share, shares, limit: limit?.y ?? null };
      step = reached > 0 ? Math.min(2 * step, FAR) : Math.max(step / 2, FAR);
      share = share + 1.2 * step > top ? top : share + step;
      continue;
    }
    limit = limitOf(lp, priced);
    limits.push(limit);
    const next = allowed(limit, ceiling, settled, order);
    // rounding keeps s where it is: what is missing is noise
    if (!(next < share)) return { share, shares, limit: limit.y };
    top = Math.max(next, reached);
    share = top;
  }
}

/** Whether a limit says something about open pairs. */
function holds({ weight }: Limit, settled: boolean[]): boolean {
  let open = 0;
  let all = 0;
  for (let n = 0; n < weight.length; n++) {
    all += weight[n]!;
    if (!settled[n]) open += weight[n]!;
  }
  return open > OPEN * all;
}

function limitOf(lp: CoverageSession, { y, v }: { y: Float64Array; v: Float64Array }): Limit {
  const weight = lp.needed.map((needed, n) => needed * lp.price(y, n));
  return { y, weight, room: weight.reduce((sum, w, n) => sum + w * v[n]!, 0) };
}

/** The s at which a limit holds with equality: Σ weight · min(ceiling, s) = room. `order`: pairs that are open, by rising ceiling. */
function allowed({ weight, room }: Limit, ceiling: Float64Array, settled: boolean[], order: Int32Array): number {
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

/** Makes levels of the resources' own groups below a coverage. */
function settleGroups(
  network: Network,
  policy: Policy,
  state: State,
  relaxed: (Relaxed | null)[],
  below: number,
  levels: Level[],
): void {
  const { K } = network;
  relaxed.forEach((own, k) => {
    own?.groups.forEach(({ coverage, regions }, g) => {
      const pairs = regions.map((j) => j * K + k).filter((pair) => Number.isNaN(state.lots[pair]!));
      if (!(coverage < below) || pairs.length === 0) return;
      for (const pair of pairs) state.lots[pair] = coverage * state.needed[pair]!;
      const prices = noPrices(network, policy);
      if (coverage < 1 - SAME) own.addPrices(g, prices);
      levels.push({ coverage, pairs: Int32Array.from(pairs.sort((a, b) => a - b)), prices });
    });
  });
}

/** Makes levels of pairs below a coverage that have all that can reach them in any case: durables, whose resource has no groups. */
function settleFull(
  network: Network,
  policy: Policy,
  { pairs, needed, lots }: State,
  ceiling: Float64Array,
  below: number,
  levels: Level[],
): void {
  pairs.forEach((pair, n) => {
    const coverage = ceiling[n]!;
    if (!Number.isNaN(lots[pair]!) || !(coverage < below)) return;
    lots[pair] = coverage * needed[pair]!;
    const prices = noPrices(network, policy);
    prices.maxmin[pair] = 1 / needed[pair]!;
    levels.push({ coverage, pairs: Int32Array.of(pair), prices });
  });
}

/** The level at s: who is in the limit, but not below. */
function settleLimit(
  state: State,
  lp: CoverageSession,
  model: StageModel,
  stage: number,
  share: number,
  y: Float64Array,
): Level {
  const open = state.pairs.map((pair) => Number.isNaN(state.lots[pair]!));
  let dearest = 0;
  for (let n = 0; n < open.length; n++) if (open[n]) dearest = Math.max(dearest, lp.price(y, n));
  const stay = open.map((is, n) => is && lp.price(y, n) > FAINT * dearest);
  let sum = 0;
  stay.forEach((is, n) => {
    if (is) sum += lp.price(y, n) * lp.needed[n]!;
  });
  const prices = model.prices(
    stage,
    y.map((price) => price / sum),
  );
  const pairs: number[] = [];
  state.pairs.forEach((pair, n) => {
    if (stay[n]) {
      pairs.push(pair);
      return;
    }
    if (!open[n]) prices.leximin[pair] = prices.maxmin[pair]!;
    prices.maxmin[pair] = 0;
  });
  for (const pair of pairs) state.lots[pair] = share * state.needed[pair]!;
  return { coverage: share, pairs: Int32Array.from(pairs), prices };
}

function finish({ lots }: State, levels: Level[]): Ladder {
  levels.sort((a, b) => a.coverage - b.coverage);
  return { levels, lots: lots.map((n) => (Number.isNaN(n) ? 0 : n)) };
}
