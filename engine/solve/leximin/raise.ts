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
import type { CoverageSession, Priced, Shares } from './coverage.js';
import type { Relaxed } from './flows.js';
import { allowed, type Limit, limitOf, speaks } from './limits.js';
import { type Draft, openPairs, type State, settleLimit } from './settle.js';
import { type Mark, openStanding, type View } from './standing.js';

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
  /** The same before anybody is settled, by resource. */
  relaxed: (Relaxed | null)[];
  /** Asks for a little more at a time: where few limits are known, most of what was worked out would be taken back. */
  careful: boolean;
}

export interface Raised {
  drafts: Draft[];
  /** The last plan: it gives everybody their share of the levels there are; null where there is none. */
  shares: Shares | null;
}

/** Part of the whole need that may be missing where everybody has their share: HiGHS' tolerances. */
const MISSING = 1e-9;
/** Lower bounds are a hair lower than what was reached, so that the next program has a solution. */
const HAIR = 1e-9;
/** A limit that lowers a level by no more than this part is rounding. */
const NOISE = 1e-12;
/**
 * Where one is careful, s starts at half of what is there, and grows by no more than this at a time: a program in which everybody gets their
 * share is solved far sooner than one that asks for a tenth too much (province 102: 5,000 pivots at 0.7, 21,000 at 0.8, each four times as long).
 */
const FAR = 0.1;
/** Where this part of what is asked changes, HiGHS starts afresh: its pivots are cheap near an empty plan, and dear from the last one. */
const AFRESH = 0.035;

/** A level that is only worked out, and how things stood before it. */
interface Step {
  share: number;
  view: View;
  before: Mark;
}

/** Settles all pairs of `state`, or as many as can be until a solve is stopped. */
export function raise(r: Raising, state: State): Raised {
  const { lp, limits } = r;
  const standing = openStanding(r.network, r.policy, state, r.relaxed, r.relax);
  const steps: Step[] = [];
  let confirmed = standing.mark();
  let shares: Shares | null = null;
  let tried: Float64Array | null = null;
  let reached = 0;
  let step = 0;
  let ahead = 0;

  /** Makes the levels that known limits allow, up to `ahead`. */
  const workOut = (): View => {
    for (;;) {
      const view = standing.view();
      let share = ahead;
      let limit: Limit | null = null;
      for (const known of limits) {
        if (!speaks(known, view.settled)) continue;
        const next = allowed(known, view.ceiling, view.settled, view.order);
        if (next < share) [share, limit] = [next, known];
      }
      share = Math.max(share, reached, steps.at(-1)?.share ?? 0);
      if (standing.refresh(view, share)) continue;
      if (!limit) return view;
      steps.push({ share, view, before: standing.mark() });
      standing.settleBelow(view, share);
      standing.add(settleLimit(state, lp, r.model, r.stage, share, limit.y));
    }
  };

  while (openPairs(state).length > 0) {
    if (ahead === 0) {
      step = highestCeiling(standing.view()) / 2;
      ahead = r.careful ? step : 1;
    }
    const view = workOut();
    const { ceiling, settled } = view;
    const low = ceiling.map((c) => Math.max(0, Math.min(c, reached) - HAIR));
    const high = ceiling.map((c, n) => Math.max(low[n]!, settled[n] ? c : Math.min(c, ahead)));
    const found = lp.solve(low, high, moved(lp.needed, high, tried) > AFRESH);
    tried = high;
    // what falls short may only have shunned an effort
    const priced = found && isShort(lp, found, low, high) ? (hasPrices(found) ? found : lp.prices()) : null;
    // what falls short gives most in all, whoever goes without: good enough only where levels below are kept
    if (found && (reached > 0 || !isShort(lp, priced ?? found, low, high))) shares = priced ?? found;
    if (!found || (!priced && isShort(lp, found, low, high))) break;
    if (priced && isShort(lp, priced, low, high)) {
      const limit = limitOf(lp, priced);
      limits.push(limit);
      const cut = steps.findIndex(({ share, view: before }) => lowers(limit, before, share));
      if (cut >= 0) {
        standing.back(steps[cut]!.before);
        steps.length = cut;
        continue;
      }
      if (lowers(limit, view, ahead)) continue;
      // rounding keeps the levels where they are: what is missing is noise
    }
    steps.length = 0;
    const top = highestCeiling(view);
    if (ahead >= top) standing.settleBelow(view, Number.POSITIVE_INFINITY);
    confirmed = standing.mark();
    step = reached > 0 ? Math.min(2 * step, FAR) : FAR;
    reached = ahead;
    ahead = reached + 1.2 * step > top ? top : reached + step;
  }
  standing.back(confirmed);
  return { drafts: standing.drafts, shares };
}

const hasPrices = (shares: Shares & { y: Float64Array | null }): shares is Priced => shares.y !== null;

/** The largest coverage that an open pair may reach; 0 where none is open. */
const highestCeiling = ({ ceiling, order }: View): number => (order.length ? Math.min(1, ceiling[order.at(-1)!]!) : 0);

// one that says nothing of open pairs makes no level: taking levels back for it would go on for ever
const lowers = (limit: Limit, { ceiling, settled, order }: View, share: number): boolean =>
  speaks(limit, settled) && allowed(limit, ceiling, settled, order) < share * (1 - NOISE);

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
