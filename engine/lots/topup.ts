/**
 * Spends what rounding down has left over: lots go where they are worth most on the policy's stages, first along the
 * routes that the continuous plan uses, then along any. Always to the place that gains most next: the places stand in
 * a sorted list, and those that were served and want more, at less worth now, come again from a heap.
 */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { falling } from './order.js';
import { findChain, reachedByChains, type Search, sendAlong, startSearch } from './path.js';
import { arcRoom, type LotState, takeArc, takeStock } from './state.js';
import { type Continuous, type Course, countIn, startCourse, worthOfLot } from './worth.js';

interface TopUp {
  course: Course;
  state: LotState;
  /** Regions for which chains are searched, and the scratch for it. */
  chains: Uint8Array;
  search: Search | null;
  /** Only arcs on which this plan ships more than the state are taken; null: any. */
  along: Float64Array | null;
}

/**
 * Adds lots to `state` in place until every stage is where the continuous plan holds it (`held`, maximands) and the last
 * one cannot be helped any further.
 */
export function topUp(network: Network, policy: Policy, state: LotState, continuous: Continuous): void {
  const course = startCourse(network, policy, state, continuous);
  const chains = reachedByChains(network);
  const search = chains.includes(1) ? startSearch(network) : null;
  const work: TopUp = { course, state, chains, search, along: continuous.ship };
  serveAll(work, (n) => continuous.met[n]! > state.met[n]! + 1e-6);
  work.along = null;
  serveAll(work, () => true);
}

/** Needs that another lot would help, by (region·T + period)·K + resource, with a key a stage that can gain. */
interface Places {
  need: Uint32Array;
  count: number;
  /** Stages that can gain, and the gains there: single precision decides well enough who comes first. */
  stages: number[];
  keys: Float32Array[];
}

/** Serves places in falling order of their worth. */
function serveAll(work: TopUp, wanted: (n: number) => boolean): void {
  const places = gather(work, wanted);
  const order = falling(places.keys, places.count);
  const again: number[] = [];
  for (let i = 0; i < places.count || again.length > 0; ) {
    const p =
      again.length > 0 && (i === places.count || before(places, again[0]!, order[i]!))
        ? pop(places, again)
        : order[i++]!;
    if (serve(work, places, p)) push(places, again, p);
  }
}

function gather({ course, state }: TopUp, wanted: (n: number) => boolean): Places {
  const { network, policy } = course;
  const { R, T, K, need } = network;
  let most = 0;
  for (let n = 0; n < need.length; n++) if (need[n]! > state.met[n]! && wanted(n)) most++;
  const stages = policy.stages.flatMap(({ stage }, s) => (stage === 'cost' || stage === 'stay' ? [] : [s]));
  const places: Places = {
    need: new Uint32Array(most),
    count: 0,
    stages,
    keys: stages.map(() => new Float32Array(most)),
  };
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++)
      for (let k = 0; k < K; k++) {
        const n = (j * T + t) * K + k;
        if (!(need[n]! > state.met[n]!) || !wanted(n)) continue;
        if (worthOfLot(course, state.met, j, t, k) < 1) continue;
        places.need[places.count] = n;
        setKeys(places, places.count++, course.gains);
      }
  return places;
}

/** Notes what a place gains now; true when that is less than was noted before. */
function setKeys({ stages, keys }: Places, p: number, gains: Float64Array): boolean {
  let order = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const old = key[p]!;
    key[p] = gains[stages[i]!]!;
    if (order === 0) order = old - key[p]!;
  }
  return order > 0;
}

/** Brings lots to a place for as long as they are worth the same; true when it may be served again, at less worth. */
function serve(work: TopUp, places: Places, p: number): boolean {
  const { course, state } = work;
  const { T, K } = course.network;
  const n = places.need[p]!;
  const k = n % K;
  const t = Math.floor(n / K) % T;
  const j = Math.floor(n / (K * T));
  const lots = worthOfLot(course, state.met, j, t, k);
  if (lots < 1) return false;
  if (setKeys(places, p, course.gains)) return true;
  if (bring(work, j, t, k, lots) < lots) return false;
  if (worthOfLot(course, state.met, j, t, k) < 1) return false;
  setKeys(places, p, course.gains);
  return true;
}

/** Brings up to `most` lots, all of the worth in `course.gains`, while that pays for moving them; returns how many. */
function bring(work: TopUp, j: number, t: number, k: number, most: number): number {
  const { course, state, search, along } = work;
  const { network } = course;
  const { approx } = network;
  const place = { j, t, k };
  let left = most;
  while (left > 0) {
    const lots = bringDirect(work, j, t, k, left);
    if (lots === 0) break;
    left -= lots;
  }
  while (left > 0 && search && work.chains[j]) {
    const chain = findChain(network, state, search, { j, t, k, most: left }, held(course) ?? along);
    if (!chain || chain.lots < 1) break;
    const cost = chain.tonneCost * approx.weight[k]!;
    if (!worthIt(course, cost)) break;
    sendAlong(network, state, search, chain.source, k, chain.lots);
    countIn(course, state.met, place, chain.lots, cost);
    left -= chain.lots;
  }
  return most - left;
}

/** Lots from a depot's own stock by the cheapest route that has room; returns how many, 0 where there is none. */
function bringDirect({ course, state, along }: TopUp, j: number, t: number, k: number, most: number): number {
  const { network } = course;
  const { D, H, T, K, arcs, approx } = network;
  const node = (D + H + j) * T + t;
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  let bestLots = 0;
  let bestKept = false;
  const plan = staying(course);
  const only = held(course) !== null;
  for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
    const a = arcs.in[i]!;
    const from = arcs.from[a]!;
    if (from >= D * T) continue;
    const spare = state.spare[from * K + k]!;
    if (spare < 1) continue;
    if (along && !(along[a * K + k]! > state.ship[a * K + k]!)) continue;
    const cost = approx.costPerTonne[arcs.route[a]!]!;
    // what was planned before is sent first, as that changes less
    const missing = plan ? plan[a * K + k]! - state.ship[a * K + k]! : 0;
    const kept = missing >= 1;
    if (kept < bestKept || (kept === bestKept && cost >= bestCost) || (!kept && only)) continue;
    const room = arcRoom(network, state, a, k);
    if (room < 1) continue;
    best = a;
    bestKept = kept;
    bestCost = cost;
    bestLots = Math.min(spare, room, most, kept ? missing : Number.POSITIVE_INFINITY);
  }
  if (best < 0) return 0;
  const weight = approx.weight[k]!;
  if (!worthIt(course, bestCost * weight)) return 0;
  takeStock(network, state, arcs.from[best]!, k, bestLots);
  state.ship[best * K + k]! += bestLots;
  state.room.budget -= takeArc(network, state.room, best, bestLots * weight);
  countIn(course, state.met, { j, t, k }, bestLots, bestCost * weight);
  return bestLots;
}

/** The plan before, by flow, where the policy has the stage `stay`. */
const staying = ({ network, policy }: Course): Float64Array | null =>
  policy.stages.some(({ stage }) => stage === 'stay') && network.planned ? network.planned.ship : null;

/** The same where it comes before the stage that gains now: then nothing may be sent beyond it. */
function held(course: Course): Float64Array | null {
  const plan = staying(course);
  const at = course.policy.stages.findIndex(({ stage }) => stage === 'stay');
  return plan && at < course.gains.findIndex((gain) => gain > 0) ? plan : null;
}

/** The first stage that gains decides; where it pays for transport itself, the gain has to be worth it. */
function worthIt({ gains, policy }: Course, cost: number): boolean {
  let s = 0;
  while (!(gains[s]! > 0)) s++;
  return gains[s]! > policy.approxCostWeight[s]! * cost;
}

/** Whether place p comes before place q. */
function before({ keys }: Places, p: number, q: number): boolean {
  for (const key of keys) if (key[p] !== key[q]) return key[p]! > key[q]!;
  return p < q;
}

/** Binary heap of places, the first to come on top (Williams 1964). */
function push(places: Places, heap: number[], p: number): void {
  let i = heap.length;
  heap.push(p);
  for (; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!before(places, p, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = p;
}

function pop(places: Places, heap: number[]): number {
  const top = heap[0]!;
  const p = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(places, heap[child + 1]!, heap[child]!)) child++;
    if (!before(places, heap[child]!, p)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = p;
  return top;
}
