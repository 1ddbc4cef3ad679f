/**
 * Local improvement: a lot that leaves a depot for one region may be worth more in another, or in another period. For
 * each depot and resource the cheapest lot to take away is held against the dearest to add, as long as that gains.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { toNumber } from '../proof/exact.js';
import { stageMaximands, totalMet } from '../proof/values.js';
import { arcRoom, type LotState, takeArc } from './state.js';
import type { Continuous } from './worth.js';

/** Moves a depot and resource; rounding leaves a handful to find, and this ends what would go round in circles. */
const MOST_MOVES = 200;

/** Gains below this share of a stage's value are rounding noise. */
const NOISE = 1e-13;

/** Moves lots in `state` in place; true when anything moved. Policies with `maxmin` are left as they are. */
export function improve(network: Network, policy: Policy, state: LotState, continuous: Continuous): boolean {
  if (policy.stages.some((s) => s.stage === 'maxmin')) return false;
  const { D, K } = network;
  const current = stageMaximands(network, policy, state).map(toNumber);
  const floor = continuous.held.map((held, s) => (s === current.length - 1 ? -Infinity : Math.min(held, current[s]!)));
  let moved = false;
  for (let s = 0; s < D; s++)
    for (let k = 0; k < K; k++) if (improveDepot(network, policy, state, { s, k, current, floor })) moved = true;
  return moved;
}

interface Turn {
  s: number;
  k: number;
  /** Maximands now, and what each has to keep. */
  current: number[];
  floor: number[];
}

function improveDepot(network: Network, policy: Policy, state: LotState, turn: Turn): boolean {
  const { T, K, arcs } = network;
  const { s, k, current } = turn;
  const direct: number[] = [];
  for (let i = arcs.outStart[s * T]!; i < arcs.outStart[s * T + T]!; i++)
    if (isDirect(network, arcs.out[i]!)) direct.push(arcs.out[i]!);
  if (!direct.some((a) => state.ship[a * K + k]! > 0)) return false;

  const gone = new Map<number, number[]>();
  const come = new Map<number, number[]>();
  const price = (a: number) => {
    const less = state.ship[a * K + k]! > 0 ? change(network, policy, state, a, k, -1) : null;
    const more = change(network, policy, state, a, k, 1);
    if (less) gone.set(a, less);
    else gone.delete(a);
    if (more) come.set(a, more);
    else come.delete(a);
  };
  for (const a of direct) price(a);

  for (let move = 0; ; move++) {
    const best = move < MOST_MOVES ? bestMove(network, state, turn, gone, come) : null;
    if (!best) return move > 0;
    shift(network, state, best.from, k, -1);
    shift(network, state, best.to, k, 1);
    best.gain.forEach((d, r) => {
      current[r]! += d;
    });
    const touched = [best.from, best.to].map((a) => Math.floor(arcs.to[a]! / T));
    for (const a of direct) if (touched.includes(Math.floor(arcs.to[a]! / T))) price(a);
  }
}

/** The pair with the largest gain on the last stage that no earlier stage pays for, largest first. */
function bestMove(
  network: Network,
  state: LotState,
  { k, current, floor }: Turn,
  gone: Map<number, number[]>,
  come: Map<number, number[]>,
): { from: number; to: number; gain: number[] } | null {
  const { arcs } = network;
  const last = current.length - 1;
  const least = NOISE * Math.abs(current[last]!);
  const order = (map: Map<number, number[]>) => [...map].sort((a, b) => b[1][last]! - a[1][last]!);
  const losses = order(gone);
  let best: { from: number; to: number; gain: number[] } | null = null;
  for (const [to, gain] of order(come))
    for (const [from, loss] of losses) {
      const net = gain[last]! + loss[last]!;
      if (net <= Math.max(least, best?.gain[last] ?? 0)) break;
      if (arcs.to[from] === arcs.to[to]) continue;
      const all = gain.map((g, r) => g + loss[r]!);
      if (all.some((d, r) => r < last && current[r]! + d < floor[r]!)) continue;
      if (possible(network, state, from, to, k)) best = { from, to, gain: all };
    }
  return best;
}

/** Arcs into a region without storage, where what arrives is used on arrival. */
function isDirect({ D, H, T, arcs, approx }: Network, a: number): boolean {
  const site = Math.floor(arcs.to[a]! / T);
  return site >= D + H && !(approx.storage[site]! > 0);
}

/** Change of each stage's maximand by one lot more (or less) on an arc; null where it cannot be used or taken. */
function change(
  network: Network,
  policy: Policy,
  state: LotState,
  a: number,
  k: number,
  sign: 1 | -1,
): number[] | null {
  const { D, H, T, K, arcs, need, approx, scenario } = network;
  const t = arcs.to[a]! % T;
  const j = Math.floor(arcs.to[a]! / T) - D - H;
  const durable = scenario.resources[k]!.kind === 'durable';
  const end = durable ? T : t + 1;
  for (let u = t; u < end; u++) {
    const n = (j * T + u) * K + k;
    if (sign > 0 ? state.met[n]! >= need[n]! : state.met[n]! <= (durable && u === t && t > 0 ? state.met[n - K]! : 0))
      return null;
    if (sign < 0 && state.waste[((D + H + j) * T + u) * K + k]! > 0) return null;
  }
  const cost = sign * approx.weight[k]! * approx.costPerTonne[arcs.route[a]!]!;
  const points = approx.points[j * K + k]!;
  return policy.stages.map((stage, s) => {
    let delta = -policy.approxCostWeight[s]! * cost;
    if (stage.stage === 'floor') {
      const floor = approx.floor[j]! * totalNeed(network, j, k);
      const met = totalMet(network, state, j, k);
      delta += points * (Math.min(floor, met + sign * (end - t)) - Math.min(floor, met));
    } else if (stage.stage === 'need')
      for (let u = t; u < end; u++) {
        const n = (j * T + u) * K + k;
        const before = utility(policy, s, state.met[n]!, need[n]!);
        delta += points * (utility(policy, s, state.met[n]! + sign, need[n]!) - before);
      }
    return delta;
  });
}

/** n · U(m ÷ n) of stage s. */
function utility(policy: Policy, s: number, met: number, need: number): number {
  const { widths, slopes } = policy.bands.approx;
  let rest = met;
  let sum = 0;
  for (let b = 0; b < widths.length && rest > 0; b++) {
    const part = Math.min(rest, widths[b]! * need);
    sum += part * slopes[s]![b]!;
    rest -= part;
  }
  return sum;
}

/** Whether one lot can leave by `to` in place of `from`: it has to be there in time, and there has to be room. */
function possible(network: Network, state: LotState, from: number, to: number, k: number): boolean {
  const { arcs, K } = network;
  for (let node = arcs.from[to]!; node < arcs.from[from]!; node++) if (state.carry[node * K + k]! < 1) return false;
  shift(network, state, from, k, -1);
  const room = arcRoom(network, state, to, k) >= 1;
  shift(network, state, from, k, 1);
  return room;
}

/** One lot more or less on an arc into a region, with goods, room and met need kept in step. */
function shift(network: Network, state: LotState, a: number, k: number, sign: 1 | -1): void {
  const { D, H, T, K, arcs, approx, scenario } = network;
  state.ship[a * K + k]! += sign;
  state.room.budget -= takeArc(network, state.room, a, sign * approx.weight[k]!);
  const depot = Math.floor(arcs.from[a]! / T);
  for (let node = arcs.from[a]!; node < (depot + 1) * T; node++) state.carry[node * K + k]! -= sign;
  const t = arcs.to[a]! % T;
  const j = Math.floor(arcs.to[a]! / T) - D - H;
  const end = scenario.resources[k]!.kind === 'durable' ? T : t + 1;
  for (let u = t; u < end; u++) state.met[(j * T + u) * K + k]! += sign;
}
