/** What one more lot at a need gains on each stage, and for how many lots that holds. */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { toNumber } from '../proof/exact.js';
import { stageMaximands, totalMet } from '../proof/values.js';
import { stays } from '../stay.js';
import type { LotState } from './state.js';

/** What the rounding needs to know of the continuous plan. */
export interface Continuous {
  /** Lots by flow and by need, fractions allowed. */
  ship: Float64Array;
  met: Float64Array;
  /** Maximand that each stage but the last has to reach. */
  held: number[];
  /** Lots over the horizon that `leximin` gives each pair, by region·K + resource. */
  ladder?: { lots: Float64Array };
}

/** How far the plan is on each stage, and how far it has to come: beyond `target` nothing is gained for later stages. */
export interface Course {
  network: Network;
  policy: Policy;
  /** Maximands by stage. */
  current: number[];
  target: number[];
  /** Σ_t n_jkt and Σ_t m_jkt in lots by region·K + resource. */
  total: Float64Array;
  soFar: Float64Array;
  /** Lots over the horizon that `leximin` gives each pair, if it is a stage. */
  share: Float64Array | undefined;
  /** By stage: what `worthOfLot` found last, without the cost of moving the lot. */
  gains: Float64Array;
}

/** The course of a plan as it is now. */
export function startCourse(
  network: Network,
  policy: Policy,
  state: LotState,
  { held, ladder }: Pick<Continuous, 'held' | 'ladder'>,
): Course {
  const { R, K } = network;
  const total = new Float64Array(R * K);
  const soFar = new Float64Array(R * K);
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      total[j * K + k] = totalNeed(network, j, k);
      soFar[j * K + k] = totalMet(network, state, j, k);
    }
  // the last stage takes all that it can get, also where `stay` follows it and there is nothing to stay with
  const last = policy.stages.findLastIndex((_, s) => !nothingToStay(network, policy, s));
  return {
    network,
    policy,
    current: stageMaximands(network, policy, state).map(toNumber),
    target: held.map((value, s) => (s === last ? Number.POSITIVE_INFINITY : value)),
    total,
    soFar,
    share: ladder?.lots,
    gains: new Float64Array(policy.stages.length),
  };
}

/** The stage `stay` without a plan before. */
const nothingToStay = (network: Network, policy: Policy, s: number): boolean =>
  policy.stages[s]!.stage === 'stay' && !stays(network, policy, s);

/** Last period in which a lot of resource k handed out in t is counted. */
export function lastPeriod({ scenario, T }: Network, t: number, k: number): number {
  return scenario.resources[k]!.kind === 'durable' ? T - 1 : t;
}

/**
 * Lots that region j can still use of resource k from period t on at one and the same worth, which is left in
 * `course.gains`; 0 where another lot is of no use to any stage.
 */
export function worthOfLot(course: Course, met: Float64Array, j: number, t: number, k: number): number {
  const { network, policy, current, target, gains } = course;
  const { T, K, need, approx } = network;
  const last = lastPeriod(network, t, k);
  let lots = Number.POSITIVE_INFINITY;
  for (let n = (j * T + t) * K + k; n <= (j * T + last) * K + k; n += K) lots = Math.min(lots, need[n]! - met[n]!);
  if (!(lots >= 1)) return 0;
  const periods = last - t + 1;
  const points = approx.points[j * K + k]!;
  const total = course.total[j * K + k]!;
  const soFar = course.soFar[j * K + k]!;
  let useful = false;
  for (let s = 0; s < gains.length; s++) {
    const { stage } = policy.stages[s]!;
    gains[s] = 0;
    if (stage === 'cost' || stage === 'stay') continue;
    if (stage === 'maxmin') {
      const short = Math.min(target[s]!, 1) - soFar / total;
      if (short <= 0) continue;
      lots = atMost(lots, (short * total) / periods);
      gains[s] = short;
      useful = true;
      continue;
    }
    if (stage === 'leximin') {
      // the poorest first, up to their level; what is left over goes on in the same order
      const short = course.share![j * K + k]! - soFar;
      lots = atMost(lots, short > 0 ? short / periods : total / SMALL_STEP);
      gains[s] = 1 - soFar / total;
      useful = true;
      continue;
    }
    const missing = target[s]! - current[s]!;
    if (missing <= 0) continue;
    let gain = 0;
    if (stage === 'floor') {
      const short = approx.floor[j]! * total - soFar;
      if (short <= 0) continue;
      lots = atMost(lots, short / periods);
      gain = points * Math.min(periods, short);
    } else
      for (let u = t; u <= last; u++) {
        const n = (j * T + u) * K + k;
        gain += slopeAt(policy, s, met[n]!, need[n]!) * points;
        lots = atMost(lots, sameSlope);
      }
    if (gain > 0) {
      lots = atMost(lots, missing / gain);
      useful = true;
    }
    gains[s] = gain;
  }
  return useful ? lots : 0;
}

/** Beyond their levels pairs come nearer to the richer ones in so many steps. */
const SMALL_STEP = 1000;

/** Stages whose value is a coverage and no sum. */
const byCoverage = (policy: Policy, s: number): boolean =>
  policy.stages[s]!.stage === 'maxmin' || policy.stages[s]!.stage === 'leximin';

/** No more lots than `limit`, but one where a part of it still counts. */
function atMost(lots: number, limit: number): number {
  return Math.min(lots, Math.max(1, Math.ceil(limit)));
}

/** Beside what `slopeAt` returns: lots until the slope changes, upwards from the lot and downwards with it. */
let sameSlope = 0;
let sameBelow = 0;

/** Mean slope of stage s over the next lot. */
function slopeAt(policy: Policy, s: number, met: number, need: number): number {
  const { widths, slopes } = policy.bands.approx;
  const slope = slopes[s]!;
  let limit = 0;
  let sum = 0;
  let from = met;
  sameSlope = 1;
  sameBelow = 1;
  for (let b = 0; b < widths.length; b++) {
    const start = limit;
    limit += widths[b]! * need;
    if (limit <= from) continue;
    const part = Math.min(limit, met + 1) - from;
    sum += part * slope[b]!;
    from += part;
    if (from < met + 1 - 1e-9) continue;
    // a lot that lies in two bands is the only one of its worth
    if (part > 1 - 1e-9) {
      sameSlope = Math.max(1, Math.floor(limit - met));
      sameBelow = 1 + Math.max(0, Math.floor(met - start));
    }
    return sum;
  }
  return sum;
}

/**
 * Counts lots that a place was given at the worth in `course.gains`, at `cost` each for moving them: `met` and the
 * course follow.
 */
export function countIn(
  course: Course,
  met: Float64Array,
  place: { j: number; t: number; k: number },
  lots: number,
  cost: number,
): void {
  const { network, policy, current, gains } = course;
  const { j, t, k } = place;
  const { T, K } = network;
  const last = lastPeriod(network, t, k);
  for (let u = t; u <= last; u++) met[(j * T + u) * K + k]! += lots;
  course.soFar[j * K + k]! += lots * (last - t + 1);
  for (let s = 0; s < gains.length; s++)
    if (!byCoverage(policy, s)) current[s]! += lots * (gains[s]! - policy.approxCostWeight[s]! * cost);
}

/**
 * Writes into `change[s·stride + at]` by how much each stage gains from one lot more of resource k for region j from
 * period t on (`sign` 1), or loses by one less (−1), whatever the targets; returns for how many lots that holds, 0 where
 * none can be given or taken. `maxmin` counts as unchanged: what is taken leaves it where `current` says it is.
 */
export function changeByLot(
  course: Course,
  met: Float64Array,
  { j, t, k, sign }: { j: number; t: number; k: number; sign: 1 | -1 },
  change: Float64Array,
  at: number,
  stride: number,
): number {
  const { network, policy, current } = course;
  const { T, K, need, approx } = network;
  const last = lastPeriod(network, t, k);
  const first = (j * T + t) * K + k;
  const end = (j * T + last) * K + k;
  // a durable cannot be taken back from those who had it before
  let lots = sign < 0 ? met[first]! - (last > t && t > 0 ? met[first - K]! : 0) : Number.POSITIVE_INFINITY;
  if (sign > 0) for (let n = first; n <= end; n += K) lots = Math.min(lots, need[n]! - met[n]!);
  if (!(lots >= 1)) return 0;
  const periods = last - t + 1;
  const points = approx.points[j * K + k]!;
  const total = course.total[j * K + k]!;
  const soFar = course.soFar[j * K + k]!;
  for (let s = 0; s < policy.stages.length; s++) {
    const { stage } = policy.stages[s]!;
    let gain = 0;
    if (stage === 'leximin' && sign < 0) {
      lots = Math.min(lots, Math.floor((soFar - course.share![j * K + k]!) / periods));
      if (!(lots >= 1)) return 0;
    } else if (stage === 'maxmin' && sign < 0) {
      lots = Math.min(lots, Math.floor((soFar - current[s]! * total) / periods));
      if (!(lots >= 1)) return 0;
    } else if (stage === 'floor') {
      const floor = approx.floor[j]! * total;
      const counted = Math.min(floor, soFar + sign * periods) - Math.min(floor, soFar);
      gain = points * counted;
      const whole = sign > 0 ? floor - soFar : soFar - floor;
      if (whole > 0) lots = Math.min(lots, Math.max(1, Math.floor(whole / periods)));
    } else if (stage === 'need')
      for (let n = first; n <= end; n += K) {
        gain += sign * points * slopeAt(policy, s, met[n]! - (sign < 0 ? 1 : 0), need[n]!);
        lots = Math.min(lots, sign > 0 ? sameSlope : sameBelow);
      }
    change[s * stride + at] = gain;
  }
  return lots;
}
