/**
 * Raises the poorest under limits: the levels of coverage that a program allows, many of them for one solve.
 *
 * Limits that are known say together which levels there would be if nothing else stood in the way; that is worked out without a program, level
 * after level, and then the program is asked for all of them at once. Where it can give everybody their share, they hold, each proven by its own limit. Where
 * it falls short, its prices are one more limit: the levels from the first one that it lowers are taken back, and worked out again. Each round
 * leaves a vertex of the program's prices behind, so it ends (cutting planes; with one level, Newton's method on a piecewise linear function).
 */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import type { StageModel } from '../model.js';
import type { CoverageSession, Shares } from './coverage.js';
import type { Relaxed } from './flows.js';
import { allowed, type Limit, limitOf, speaks } from './limits.js';
import { ceilings, type Draft, openPairs, SAME, type State, settleFull, settleGroups, settleLimit } from './settle.js';

export interface Raising {
  network: Network;
  policy: Policy;
  stage: number;
  model: StageModel;
  lp: CoverageSession;
  /** Those that hold so far; what is found is added. */
  limits: Limit[];
  /** The levels of resource k by itself under what is settled; null where it has none. */
  relax(k: number, lots: Float64Array): Relaxed | null;
  /** Asks for a little more at a time: where few limits are known, most of what was worked out would be taken back. */
  careful: boolean;
}

export interface Raised {
  drafts: Draft[];
  /** The last plan that gave everybody what was asked; null where none did. */
  shares: Shares | null;
}

/** Part of the whole need that may be missing where everybody has their share: HiGHS' tolerances. */
const MISSING = 1e-9;
/** Lower bounds are a hair lower than what was reached, so that the next program has a solution. */
const HAIR = 1e-9;
/** A limit that lowers a level by no more than this part is rounding. */
const NOISE = 1e-12;
/**
 * Where one is careful, s grows from nothing by halves, from a level by this part of what is left, then by twice as much, and never by more than
 * FAR: a program in which everybody gets their share is solved far sooner than one that asks for a tenth too much (province 102: 5,000 pivots
 * at 0.7, 21,000 at 0.8, each four times as long).
 */
const NEAR = 1 / 8;
const FAR = 0.1;
/** Where this part of what is asked changes, HiGHS starts afresh: its pivots are cheap near an empty plan, and dear from the last one. */
const AFRESH = 0.02;

/** How things stand between two levels. */
interface Standing {
  /** As in `State`. */
  lots: Float64Array;
  /** The resources' own levels; where they are stale, pairs were settled since, which only leaves more to the others. */
  relaxed: (Relaxed | null)[];
  stale: Uint8Array;
  drafts: number;
}

interface View {
  ceiling: Float64Array;
  settled: Uint8Array;
  /** Open pairs by rising ceiling. */
  order: Int32Array;
}

/** A level that is only worked out, and how things stood before it. */
interface Step {
  share: number;
  before: Standing;
  view: View;
}

/** Settles all pairs of `state`, or as many as can be until a solve is stopped. */
export function raise(r: Raising, state: State): Raised {
  const { network, policy, lp, limits } = r;
  const { K } = network;
  const drafts: Draft[] = [];
  const steps: Step[] = [];
  const relaxed = Array.from({ length: K }, (_, k) => r.relax(k, state.lots));
  const stale = new Uint8Array(K);
  const standing = (): Standing => ({
    lots: state.lots.slice(),
    relaxed: relaxed.slice(),
    stale: stale.slice(),
    drafts: drafts.length,
  });
  const back = (to: Standing) => {
    state.lots.set(to.lots);
    relaxed.splice(0, K, ...to.relaxed);
    stale.set(to.stale);
    drafts.length = to.drafts;
  };
  /** Works out again what is stale and says something below s; whether anything was. */
  const refresh = ({ ceiling, settled }: View, s: number): boolean => {
    const needed = new Set<number>();
    state.pairs.forEach((pair, n) => {
      if (stale[pair % K] && !settled[n] && ceiling[n]! < s) needed.add(pair % K);
    });
    for (const k of needed) {
      relaxed[k] = r.relax(k, state.lots);
      stale[k] = 0;
    }
    return needed.size > 0;
  };
  let shares: Shares | null = null;
  let tried: Float64Array | null = null;
  let reached = 0;
  let confirmed = standing();
  let step = 0;
  let ahead = 0;
  while (openPairs(state).length > 0) {
    let view = viewOf(network, state, relaxed);
    if (ahead <= reached) {
      const top = highestCeiling(view, reached);
      step = reached > 0 ? (top - reached) * NEAR : top / 2;
      ahead = r.careful ? reached + step : 1;
    }
    // the levels that known limits make
    for (;;) {
      view = viewOf(network, state, relaxed);
      let share = ahead;
      let limit: Limit | null = null;
      for (const known of limits) {
        if (!speaks(known, view.settled)) continue;
        const next = allowed(known, view.ceiling, view.settled, view.order);
        if (next < share) [share, limit] = [next, known];
      }
      share = Math.max(share, reached, steps.at(-1)?.share ?? 0);
      if (refresh(view, share)) continue;
      if (!limit) break;
      steps.push({ share, before: standing(), view });
      drafts.push(...settleGroups(network, policy, state, relaxed, share - SAME));
      drafts.push(...settleFull(network, policy, state, view.ceiling, share - SAME));
      const level = settleLimit(state, lp, r.model, r.stage, share, limit.y);
      // a limit that says nothing of anybody who is open would come again for ever
      if (level.pairs.length === 0) limits.splice(limits.indexOf(limit), 1);
      else drafts.push(level);
      for (const pair of level.pairs) if (relaxed[pair % K]) stale[pair % K] = 1;
    }
    const { ceiling, settled } = view;
    const low = ceiling.map((c) => Math.max(0, Math.min(c, reached) - HAIR));
    const high = ceiling.map((c, n) => Math.max(low[n]!, settled[n] ? c : Math.min(c, ahead)));
    const found = lp.solve(low, high, moved(lp.needed, high, tried) > AFRESH);
    tried = high;
    // what falls short may only have shunned an effort
    const priced = found && isShort(lp, found, low, high) ? lp.prices() : found;
    if (!priced) break;
    if ('y' in priced && isShort(lp, priced, low, high)) {
      const limit = limitOf(lp, priced as Shares & { y: Float64Array });
      limits.push(limit);
      const cut = steps.findIndex(({ share, view: v }) => lowers(limit, v, share));
      if (cut >= 0) {
        back(steps[cut]!.before);
        steps.length = cut;
        continue;
      }
      if (lowers(limit, view, ahead)) continue;
      // rounding keeps the levels where they are: what is missing is noise
    }
    shares = priced;
    steps.length = 0;
    const top = highestCeiling(view, 0);
    if (ahead >= top) {
      drafts.push(...settleGroups(network, policy, state, relaxed, Number.POSITIVE_INFINITY));
      drafts.push(...settleFull(network, policy, state, ceiling, Number.POSITIVE_INFINITY));
    }
    confirmed = standing();
    reached = ahead;
    step = Math.min(2 * step, FAR);
    ahead = reached + 1.2 * step > top ? top : reached + step;
  }
  back(confirmed);
  return { drafts, shares };
}

function viewOf(network: Network, state: State, relaxed: (Relaxed | null)[]): View {
  const ceiling = ceilings(network, state, relaxed);
  const settled = Uint8Array.from(state.pairs, (pair) => (Number.isNaN(state.lots[pair]!) ? 0 : 1));
  const order = Int32Array.from(ceiling.keys()).filter((n) => !settled[n]);
  order.sort((a, b) => ceiling[a]! - ceiling[b]!);
  return { ceiling, settled, order };
}

const highestCeiling = ({ ceiling, order }: View, none: number): number =>
  order.length ? Math.min(1, ceiling[order.at(-1)!]!) : none;

const lowers = (limit: Limit, { ceiling, settled, order }: View, share: number): boolean =>
  allowed(limit, ceiling, settled, order) < share * (1 - NOISE);

/** Part of the coverage asked for that was not asked for the last time, or the other way round. */
function moved(needed: Float64Array, high: Float64Array, tried: Float64Array | null): number {
  if (!tried) return Number.POSITIVE_INFINITY;
  let change = 0;
  let all = 0;
  for (let n = 0; n < high.length; n++) {
    change += needed[n]! * Math.abs(high[n]! - tried[n]!);
    all += needed[n]! * high[n]!;
  }
  return all > 0 ? change / all : 0;
}

function isShort(lp: CoverageSession, { v }: Shares, low: Float64Array, high: Float64Array): boolean {
  let missing = 0;
  let wanted = 0;
  for (let n = 0; n < high.length; n++) {
    wanted += lp.needed[n]! * high[n]!;
    // who has been given their share before may have a hair less, which beside a small coverage is more than noise
    if (high[n]! - low[n]! > 2 * HAIR) missing += lp.needed[n]! * Math.max(0, high[n]! - v[n]!);
  }
  return missing > MISSING * wanted;
}
