/**
 * Local improvement: lots that leave a depot for one region may be worth more in another, or in another period. For
 * each depot and resource the cheapest to take away are held against the dearest to add, as long as that gains.
 */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { toNumber } from '../proof/exact.js';
import { stageMaximands } from '../proof/values.js';
import { type LotState, swapRoom, takeArc, takeStock } from './state.js';
import { type Continuous, type Course, changeByLot, lastPeriod, startCourse } from './worth.js';

/** Moves a depot and resource; rounding leaves a handful to find, and this ends what would go round in circles. */
const MOST_MOVES = 200;

/**
 * Arcs and pairs looked at for one stage: so many in all, shared evenly by depots and resources, and so many more for
 * each flow. Small networks never come to the end of it; nation-week (1.9 million flows) ends after about a second.
 */
const WORK = 1e8;
const WORK_A_FLOW = 16;

/** Pairs that could be looked at while one arc is put in its place, and while it is priced again. */
const STEPS_TO_SORT = 32;
const STEPS_TO_PRICE = 32;

/** Gains below this share of a stage's value are rounding noise. */
const NOISE = 1e-13;

/** Arcs of one depot straight to regions that use goods on arrival, and what a lot of one resource is worth on each. */
interface Turn {
  course: Course;
  state: LotState;
  /** The stage that is to gain, and what every stage before it has to keep. */
  aim: number;
  floor: number[];
  k: number;
  arcs: Int32Array;
  /** Region site each of them goes to. */
  sites: Int32Array;
  count: number;
  /** By arc of the turn: lots that can come or go at the changes in `gain` and `loss`, by stage · stride + arc. */
  come: Float64Array;
  gone: Float64Array;
  gain: Float64Array;
  loss: Float64Array;
  /** Arcs and pairs that may still be looked at for this depot and resource. */
  work: number;
}

/**
 * Moves lots in `state` in place, first for the earliest of the stages that `aims` says have lost too much; true when
 * anything moved.
 */
export function improve(
  network: Network,
  policy: Policy,
  state: LotState,
  continuous: Continuous,
  aims: (stage: number) => boolean,
): boolean {
  const { D, K, T, arcs } = network;
  const course = startCourse(network, policy, state, continuous);
  let stride = 0;
  for (let s = 0; s < D; s++) stride = Math.max(stride, arcs.outStart[s * T + T]! - arcs.outStart[s * T]!);
  const perStage = () => new Float64Array(stride * policy.stages.length);
  const turn: Turn = {
    course,
    state,
    aim: 0,
    floor: [],
    k: 0,
    arcs: new Int32Array(stride),
    sites: new Int32Array(stride),
    count: 0,
    come: new Float64Array(stride),
    gone: new Float64Array(stride),
    gain: perStage(),
    loss: perStage(),
    work: 0,
  };
  let moved = false;
  policy.stages.forEach(({ stage }, aim) => {
    if (stage === 'maxmin' || stage === 'leximin' || !aims(aim)) return;
    turn.aim = aim;
    // sums of changes miss what two lots of one region do to each other
    course.current = stageMaximands(network, policy, state).map(toNumber);
    turn.floor = continuous.held.slice(0, aim).map((h, s) => Math.min(h, course.current[s]!));
    for (let s = 0; s < D; s++) {
      listDirect(turn, s);
      for (let k = 0; k < K; k++) if (improveDepot(turn, k)) moved = true;
    }
  });
  return moved;
}

/** Arcs of depot s into regions without storage, where what arrives is used on arrival. */
function listDirect(turn: Turn, s: number): void {
  const { D, H, T, arcs, approx } = turn.course.network;
  turn.count = 0;
  for (let i = arcs.outStart[s * T]!; i < arcs.outStart[s * T + T]!; i++) {
    const site = Math.floor(arcs.to[arcs.out[i]!]! / T);
    if (site < D + H || approx.storage[site]! > 0) continue;
    turn.sites[turn.count] = site;
    turn.arcs[turn.count++] = arcs.out[i]!;
  }
}

function improveDepot(turn: Turn, k: number): boolean {
  const { D, K } = turn.course.network;
  turn.k = k;
  turn.work = WORK / (D * K) + WORK_A_FLOW * turn.count;
  let any = false;
  for (let i = 0; i < turn.count && !any; i++) any = turn.state.ship[turn.arcs[i]! * K + k]! > 0;
  if (!any) return false;
  for (let i = 0; i < turn.count; i++) price(turn, i);
  for (let move = 0; move < MOST_MOVES && turn.work > 0; move++) {
    const pair = bestPair(turn);
    if (!pair) return move > 0;
    shift(turn, pair.from, -pair.lots);
    shift(turn, pair.to, pair.lots);
    const stages = turn.course.current.length;
    const stride = turn.come.length;
    for (let s = 0; s < stages; s++)
      turn.course.current[s]! += pair.lots * (turn.gain[s * stride + pair.to]! + turn.loss[s * stride + pair.from]!);
    const left = turn.sites[pair.from];
    const joined = turn.sites[pair.to];
    for (let i = 0; i < turn.count; i++)
      if (turn.sites[i] === left || turn.sites[i] === joined) {
        price(turn, i);
        turn.work -= STEPS_TO_PRICE;
      }
  }
  return true;
}

/** What a lot more and a lot less on the i-th arc of the turn changes. */
function price(turn: Turn, i: number): void {
  const { course, state, k, come, gone, gain, loss } = turn;
  const { D, H, T, K, arcs, approx } = course.network;
  const { approxCostWeight } = course.policy;
  const a = turn.arcs[i]!;
  const t = arcs.to[a]! % T;
  const j = Math.floor(arcs.to[a]! / T) - D - H;
  const stride = come.length;
  come[i] = changeByLot(course, state.met, { j, t, k, sign: 1 }, gain, i, stride);
  gone[i] = 0;
  const shipped = state.ship[a * K + k]!;
  if (shipped > 0 && !wasted(course.network, state, j, t, k))
    gone[i] = Math.min(shipped, changeByLot(course, state.met, { j, t, k, sign: -1 }, loss, i, stride));
  const cost = approx.weight[k]! * approx.costPerTonne[arcs.route[a]!]!;
  for (let s = 0; s < approxCostWeight.length; s++) {
    gain[s * stride + i]! -= approxCostWeight[s]! * cost;
    loss[s * stride + i]! += approxCostWeight[s]! * cost;
  }
  priceStay(turn, i, a);
}

/** Under `stay` a lot more is better up to what was planned on the arc, and worse beyond; one less the other way round. */
function priceStay({ course, state, k, come, gone, gain, loss }: Turn, i: number, a: number): void {
  const { network, policy } = course;
  if (!network.planned) return;
  const planned = network.planned.ship[a * network.K + k]!;
  const shipped = state.ship[a * network.K + k]!;
  const weight = network.approx.weight[k]!;
  policy.stages.forEach(({ stage }, s) => {
    if (stage !== 'stay') return;
    gain[s * come.length + i] = shipped < planned ? weight : -weight;
    loss[s * come.length + i] = shipped > planned ? weight : -weight;
    if (shipped < planned) come[i] = Math.min(come[i]!, planned - shipped);
    if (shipped > planned) gone[i] = Math.min(gone[i]!, shipped - planned);
  });
}

/** Whether something is left over where a lot would be missed: then it would not be. */
function wasted(network: Network, state: LotState, j: number, t: number, k: number): boolean {
  const { D, H, T, K } = network;
  for (let u = t; u <= lastPeriod(network, t, k); u++) if (state.waste[((D + H + j) * T + u) * K + k]! > 0) return true;
  return false;
}

/** The pair with the largest gain a lot on the stage aimed at that no earlier stage pays for, and lots for it. */
function bestPair(turn: Turn): { from: number; to: number; lots: number } | null {
  const { course, aim, count, come, gone, gain, loss } = turn;
  const base = aim * come.length;
  turn.work -= count;
  let mostGain = Number.NEGATIVE_INFINITY;
  let leastLoss = Number.NEGATIVE_INFINITY;
  const first = { from: -1, to: -1, lots: 0 };
  for (let i = 0; i < count; i++) {
    if (come[i]! >= 1 && gain[base + i]! > mostGain) {
      mostGain = gain[base + i]!;
      first.to = i;
    }
    if (gone[i]! >= 1 && loss[base + i]! > leastLoss) {
      leastLoss = loss[base + i]!;
      first.from = i;
    }
  }
  const least = NOISE * Math.abs(course.current[aim]!);
  if (!(mostGain + leastLoss > least)) return null;
  // most often the dearest and the cheapest can be exchanged, and nothing has to be sorted
  first.lots = movable(turn, first.from, first.to);
  if (first.lots >= 1) return first;
  const tos: number[] = [];
  const froms: number[] = [];
  for (let i = 0; i < count; i++) {
    if (come[i]! >= 1 && gain[base + i]! + leastLoss > least) tos.push(i);
    if (gone[i]! >= 1 && loss[base + i]! + mostGain > least) froms.push(i);
  }
  tos.sort((a, b) => gain[base + b]! - gain[base + a]!);
  froms.sort((a, b) => loss[base + b]! - loss[base + a]!);
  let best: { from: number; to: number; lots: number } | null = null;
  let bestNet = least;
  turn.work -= STEPS_TO_SORT * (tos.length + froms.length);
  for (const to of tos) {
    if (turn.work <= 0 || gain[base + to]! + leastLoss <= bestNet) break;
    for (const from of froms) {
      const net = gain[base + to]! + loss[base + from]!;
      if (net <= bestNet || turn.work-- <= 0) break;
      const lots = movable(turn, from, to);
      if (lots < 1) continue;
      best = { from, to, lots };
      bestNet = net;
    }
  }
  return best;
}

/** Lots that can leave on arc `to` of the turn in place of `from`: there in time, with room, paid by no earlier stage. */
function movable(turn: Turn, from: number, to: number): number {
  const { course, state, aim, floor, k, come, gone, gain, loss } = turn;
  const { arcs, K } = course.network;
  const [a, b] = [turn.arcs[from]!, turn.arcs[to]!];
  if (arcs.to[a] === arcs.to[b]) return 0;
  let lots = Math.min(come[to]!, gone[from]!);
  for (let s = 0; s < aim; s++) {
    const change = gain[s * come.length + to]! + loss[s * come.length + from]!;
    if (change < 0) lots = Math.min(lots, Math.floor((course.current[s]! - floor[s]!) / -change));
  }
  for (let node = arcs.from[b]!; node < arcs.from[a]! && lots >= 1; node++)
    lots = Math.min(lots, state.carry[node * K + k]!);
  return lots >= 1 ? Math.min(lots, swapRoom(course.network, state, a, b, k)) : 0;
}

/** Lots more (or less) on an arc into a region, with goods, room and met need kept in step. */
function shift({ course, state, arcs: list, k }: Turn, i: number, lots: number): void {
  const { network, soFar } = course;
  const { D, H, T, K, arcs, approx } = network;
  const a = list[i]!;
  state.ship[a * K + k]! += lots;
  state.room.budget -= takeArc(network, state.room, a, lots * approx.weight[k]!);
  takeStock(network, state, arcs.from[a]!, k, lots);
  const t = arcs.to[a]! % T;
  const j = Math.floor(arcs.to[a]! / T) - D - H;
  const last = lastPeriod(network, t, k);
  for (let u = t; u <= last; u++) state.met[(j * T + u) * K + k]! += lots;
  soFar[j * K + k]! += lots * (last - t + 1);
}
