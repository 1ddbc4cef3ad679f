/**
 * Spends what rounding down has left over: lots go where they are worth most on the policy's stages, first along the
 * routes that the continuous plan uses, then along any.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { toNumber } from '../proof/exact.js';
import { stageMaximands, totalMet } from '../proof/values.js';
import { findChain } from './path.js';
import type { LotState } from './state.js';

/** Worth of more lots at a need: how much a lot gains (in order of the stages) and for how many lots that holds. */
interface Worth {
  gains: number[];
  lots: number;
}

/** How far the plan is on each stage, and how far it has to come: beyond `target` nothing is gained for later stages. */
interface Course {
  current: number[];
  target: number[];
}

/** Stage by stage gains of one more lot handed out to region j from period t on, without the cost of moving it. */
function worthOfLot(network: Network, policy: Policy, course: Course, met: Float64Array, place: Spot): Worth {
  const { j, t, k } = place;
  const { T, K, need, approx, scenario } = network;
  const last = scenario.resources[k]!.kind === 'durable' ? T - 1 : t;
  let lots = Infinity;
  for (let u = t; u <= last; u++) {
    const n = (j * T + u) * K + k;
    lots = Math.min(lots, need[n]! - met[n]!);
  }
  if (!(lots >= 1)) return { gains: [], lots: 0 };
  const periods = last - t + 1;
  const points = approx.points[j * K + k]!;
  const total = totalNeed(network, j, k);
  const soFar = totalMet(network, { met }, j, k);
  const atMost = (limit: number) => {
    lots = Math.min(lots, Math.max(1, Math.ceil(limit)));
  };
  const gains = policy.stages.map((stage, s) => {
    const { target } = course;
    if (stage.stage === 'maxmin') {
      const short = Math.min(target[s]!, 1) - soFar / total;
      if (short <= 0) return 0;
      atMost((short * total) / periods);
      return short;
    }
    const missing = target[s]! - course.current[s]!;
    if (missing <= 0) return 0;
    let gain = 0;
    if (stage.stage === 'floor') {
      const short = approx.floor[j]! * total - soFar;
      if (short <= 0) return 0;
      atMost(short / periods);
      gain = points * Math.min(periods, short);
    } else if (stage.stage === 'need')
      for (let u = t; u <= last; u++) {
        const n = (j * T + u) * K + k;
        const { slope, rest } = slopeAt(policy, s, met[n]!, need[n]!);
        gain += slope * points;
        atMost(rest);
      }
    if (gain > 0) atMost(missing / gain);
    return gain;
  });
  return { gains, lots };
}

/** Mean slope of stage s over the next lot, and the lots until the slope changes. */
function slopeAt(policy: Policy, s: number, met: number, need: number): { slope: number; rest: number } {
  const { widths, slopes } = policy.bands.approx;
  let limit = 0;
  let slope = 0;
  let from = met;
  for (let b = 0; b < widths.length; b++) {
    limit += widths[b]! * need;
    if (limit <= from) continue;
    const part = Math.min(limit, met + 1) - from;
    slope += part * slopes[s]![b]!;
    from += part;
    if (from >= met + 1 - 1e-9) return { slope, rest: Math.floor(limit - met) };
  }
  return { slope, rest: 1 };
}

interface Spot {
  j: number;
  t: number;
  k: number;
}

interface Place extends Spot {
  gains: number[];
}

const byGain = (a: Place, b: Place): number => {
  for (let s = 0; s < a.gains.length; s++) if (a.gains[s] !== b.gains[s]) return b.gains[s]! - a.gains[s]!;
  return 0;
};

/** Rounds over all needs; each place is offered lots up to its next change of worth, so few rounds suffice. */
const MOST_ROUNDS = 40;

/**
 * Adds lots to `state` in place until every stage is where the continuous plan holds it (`held`, maximands) and the last
 * one cannot be helped any further.
 */
export function topUp(network: Network, policy: Policy, state: LotState, continuous: Continuous): void {
  const { K } = network;
  const course: Course = {
    current: stageMaximands(network, policy, state).map(toNumber),
    target: continuous.held.map((value, s) => (s === policy.stages.length - 1 ? Infinity : value)),
  };
  const used = (k: number) => (a: number) => continuous.ship[a * K + k]! > state.ship[a * K + k]!;
  const wanted = (n: number) => continuous.met[n]! > state.met[n]! + 1e-6;
  const anyArc = () => () => true;
  round(network, policy, state, course, used, wanted);
  for (let n = 0; n < MOST_ROUNDS && round(network, policy, state, course, anyArc, () => true) > 0; n++);
}

/** What the rounding needs to know of the continuous plan. */
export interface Continuous {
  ship: Float64Array;
  met: Float64Array;
  held: number[];
}

function round(
  network: Network,
  policy: Policy,
  state: LotState,
  course: Course,
  accept: (k: number) => (a: number) => boolean,
  wanted: (n: number) => boolean,
): number {
  const { R, T, K, need } = network;
  const places: Place[] = [];
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++)
      for (let k = 0; k < K; k++) {
        const n = (j * T + t) * K + k;
        if (!(need[n]! > state.met[n]!) || !wanted(n)) continue;
        const { gains, lots } = worthOfLot(network, policy, course, state.met, { j, t, k });
        if (lots >= 1 && gains.some((g) => g > 0)) places.push({ j, t, k, gains });
      }
  places.sort(byGain);
  let added = 0;
  for (const place of places) added += serve(network, policy, state, course, place, accept(place.k));
  return added;
}

/** Brings lots to one place while they are worth what it costs to move them. */
function serve(
  network: Network,
  policy: Policy,
  state: LotState,
  course: Course,
  place: Spot,
  accept: (a: number) => boolean,
): number {
  const { j, t, k } = place;
  const { T, K, approx, scenario } = network;
  const last = scenario.resources[k]!.kind === 'durable' ? T - 1 : t;
  let added = 0;
  for (;;) {
    const { gains, lots } = worthOfLot(network, policy, course, state.met, place);
    if (!(lots >= 1) || !gains.some((g) => g > 0)) return added;
    const chain = findChain(network, state, { j, t, k, most: lots }, accept);
    if (!chain || chain.lots < 1) return added;
    const cost = chain.tonneCost * approx.weight[k]!;
    if (!worthIt(policy, gains, cost)) return added;
    chain.apply(chain.lots);
    for (let u = t; u <= last; u++) state.met[(j * T + u) * K + k]! += chain.lots;
    gains.forEach((gain, s) => {
      if (policy.stages[s]!.stage !== 'maxmin')
        course.current[s]! += chain.lots * (gain - policy.approxCostWeight[s]! * cost);
    });
    added += chain.lots;
  }
}

/** The first stage that gains decides; where it pays for transport itself, the gain has to be worth it. */
function worthIt(policy: Policy, gains: number[], cost: number): boolean {
  const s = gains.findIndex((g) => g > 0);
  return gains[s]! > policy.approxCostWeight[s]! * cost;
}
