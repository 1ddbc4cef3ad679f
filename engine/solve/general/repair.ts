/**
 * Any flows → a plan that can be carried out, in fractions of lots. Every limit of the model is a packing limit, so scaling down
 * is always possible: first what exceeds routes, handling, fleets and budget, then goods are followed forward through time and
 * echelons, each place sending, using and keeping at most what it has. (`lots/sweep.ts` does it in whole lots.)
 */
import type { Network } from '../../network.js';

export interface Flows {
  /** Lots by flow, and m_jkt in lots by need. */
  ship: Float64Array;
  met: Float64Array;
  /** Lots kept at the end of the period, by good, and lots given up there. */
  carry: Float64Array;
  waste: Float64Array;
}

/** Doubles sum with errors; limits are kept with this relative distance. */
const HAIR = 1e-13;

export type Repair = (ship: Float64Array, met: Float64Array) => Flows;

/** Prepares repairs on one network. The returned function changes `ship` in place and may use `met` as it likes. */
export function openRepair(network: Network): Repair {
  const { arcs, T, K, S, D, H, R, approx, supply, need, upper, scenario, planned } = network;
  const hub = D + H;
  const durable = scenario.resources.map((r) => r.kind === 'durable');
  const tonnes = new Float64Array(arcs.count);
  const cost = Float64Array.from({ length: arcs.count }, (_, a) => approx.costPerTonne[arcs.route[a]!]!);
  const km = Float64Array.from({ length: arcs.count }, (_, a) => approx.km[arcs.route[a]!]!);
  const into = new Float64Array(S * T * K);
  const carry = new Float64Array(S * T * K);
  const wanted = new Float64Array(S * T * K);
  const waste = new Float64Array(S * T * K);
  const handled = new Float64Array(S * T);
  const driven = new Float64Array(approx.fleet.length);

  /** Scales flows down to the limits in tonnes. */
  function limit(ship: Float64Array): void {
    for (let i = 0; i < ship.length; i++) {
      const x = ship[i]!;
      ship[i] = x > 0 ? Math.min(x, upper.ship[i]!) : 0;
    }
    handled.fill(0);
    for (let a = 0; a < arcs.count; a++) {
      const sum = weigh(ship, a);
      const most = approx.capacity[arcs.route[a]!]!;
      tonnes[a] = sum > most ? shrink(ship, a, sum, most) : sum;
      handled[arcs.from[a]!]! += tonnes[a]!;
    }
    driven.fill(0);
    for (let a = 0; a < arcs.count; a++) {
      const node = arcs.from[a]!;
      const most = approx.handling[node]!;
      if (handled[node]! > most) tonnes[a] = shrink(ship, a, handled[node]!, most);
      if (arcs.fleet[a]! >= 0) driven[arcs.fleet[a]! * T + arcs.depart[a]!]! += tonnes[a]! * km[a]!;
    }
    let spent = 0;
    for (let a = 0; a < arcs.count; a++) {
      if (arcs.fleet[a]! >= 0 && km[a]! > 0) {
        const row = arcs.fleet[a]! * T + arcs.depart[a]!;
        const most = approx.fleet[row]!;
        if (driven[row]! > most) tonnes[a] = shrink(ship, a, driven[row]!, most);
      }
      spent += tonnes[a]! * cost[a]!;
    }
    if (spent > approx.budget)
      for (let a = 0; a < arcs.count; a++) if (cost[a]! > 0) shrink(ship, a, spent, approx.budget);
  }

  function weigh(ship: Float64Array, a: number): number {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += ship[a * K + k]! * approx.weight[k]!;
    return sum;
  }

  /** Scales what weighs anything on arc a by most ÷ sum; returns its tonnes. */
  function shrink(ship: Float64Array, a: number, sum: number, most: number): number {
    const f = (most / sum) * (1 - HAIR);
    for (let k = 0; k < K; k++) if (approx.weight[k]! > 0) ship[a * K + k]! *= f;
    return weigh(ship, a);
  }

  /** Lots that hubs and regions would have to keep for what follows (backward through time). */
  function wish(ship: Float64Array, use: Float64Array): void {
    into.fill(0);
    wanted.fill(0);
    for (let a = 0; a < arcs.count; a++)
      for (let k = 0; k < K; k++) {
        const x = ship[a * K + k]!;
        into[arcs.from[a]! * K + k]! += x;
        into[arcs.to[a]! * K + k]! -= x;
      }
    for (let n = 0; n < use.length; n++) into[hub * T * K + n]! += use[n]!;
    // what is there already need not be kept for
    if (scenario.after) for (let good = D * T * K; good < into.length; good++) into[good]! -= supply[good]!;
    for (let s = D; s < S; s++) {
      if (!(approx.storage[s]! > 0)) continue;
      for (let t = T - 2; t >= 0; t--)
        for (let k = 0; k < K; k++) {
          const good = (s * T + t) * K + k;
          wanted[good] = Math.max(0, wanted[good + K]! + into[good + K]!);
        }
    }
    into.fill(0);
  }

  const orders = Array.from({ length: T }, () => new Int32Array(S));
  let flows: Flows = { ship: new Float64Array(), met: new Float64Array(), carry, waste };
  return (ship, met) => {
    flows = { ship, met, carry, waste };
    limit(ship);
    const use = new Float64Array(R * T * K);
    for (let j = 0; j < R; j++)
      for (let t = 0; t < T; t++)
        for (let k = 0; k < K; k++) {
          const n = (j * T + t) * K + k;
          const m = Math.min(need[n]!, Math.max(0, met[n]!));
          use[n] = durable[k] && t > 0 ? Math.max(0, m - met[n - K]!) : m;
        }
    wish(ship, use);
    for (let t = 0; t < T; t++) {
      const order = orders[t]!;
      sendingOrder(network, ship, t, order);
      for (let o = 0; o < S; o++) {
        const s = order[o]!;
        const node = s * T + t;
        let kept = 0;
        for (let k = 0; k < K; k++) {
          const good = node * K + k;
          let have = into[good]! + supply[good]! + (t > 0 ? carry[good - K]! : 0);
          let out = 0;
          for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) out += ship[arcs.out[i]! * K + k]!;
          if (out > 0) {
            const f = out > have ? (have / out) * (1 - HAIR) : 1;
            for (let i = arcs.outStart[node]!; i < arcs.outStart[node + 1]!; i++) {
              const flow = arcs.out[i]! * K + k;
              if (f < 1) ship[flow]! *= f;
              into[arcs.to[arcs.out[i]!]! * K + k]! += ship[flow]!;
            }
            have = Math.max(0, have - out * f);
          }
          if (s < D) {
            carry[good] = t + 1 < T ? Math.min(have, upper.store[good]!) : 0;
            waste[good] = have - carry[good]!;
            continue;
          }
          if (s >= hub) {
            const n = node * K + k - hub * T * K;
            const before = durable[k] && t > 0 ? met[n - K]! : 0;
            const most = Math.min(have, Math.max(0, need[n]! - before));
            // what is not to be kept is used
            const now = Math.min(most, Math.max(use[n]!, have - Math.min(wanted[good]!, upper.store[good]!)));
            met[n] = before + now;
            have -= now;
          }
          const keep = Math.min(have, wanted[good]!, upper.store[good]!);
          carry[good] = keep;
          waste[good] = have - keep;
          kept += keep * approx.weight[k]!;
        }
        if (s >= D && kept > approx.storage[s]!) {
          const f = approx.storage[s]! / kept;
          for (let k = 0; k < K; k++) {
            if (!(approx.weight[k]! > 0)) continue;
            const good = node * K + k;
            const lost = carry[good]! * (1 - f);
            carry[good]! -= lost;
            const n = good - hub * T * K;
            const used = s < hub ? 0 : Math.min(lost, Math.max(0, need[n]! - met[n]!));
            if (used > 0) met[n]! += used;
            waste[good]! += lost - used;
          }
        }
      }
    }
    trim(ship);
    return flows;
  };

  /** The same where a plan before would have sent some of it: that stays. */
  function giveBack(ship: Float64Array, node: number, k: number, free: number): void {
    let left = free;
    for (let i = arcs.inStart[node]!; left > 0 && i < arcs.inStart[node + 1]!; i++) {
      const a = arcs.in[i]!;
      const part = Math.min(left, ship[a * K + k]! - planned!.ship[a * K + k]!);
      if (!(part > 0)) continue;
      left -= part;
      ship[a * K + k]! -= part;
      waste[arcs.from[a]! * K + k]! += part;
      if (node < D * T) takeSpare(network, flows, node, k, part);
      else waste[node * K + k]! -= part;
    }
  }

  /** Takes back what came and was of no use, backward through time and echelons: it only cost money and room. */
  function trim(ship: Float64Array): void {
    for (let t = T - 1; t >= 0; t--)
      for (let o = S - 1; o >= 0; o--) {
        const node = orders[t]![o]! * T + t;
        for (let k = 0; k < K; k++) {
          const good = node * K + k;
          const came = into[good]!;
          if (!(came > 0)) continue;
          const free = node < D * T ? spareLots(network, flows, node, k) : waste[good]!;
          if (planned) {
            giveBack(ship, node, k, free);
            continue;
          }
          const back = Math.min(came, free);
          if (!(back > 0)) continue;
          if (node < D * T) takeSpare(network, flows, node, k, back);
          else waste[good]! -= back;
          for (let i = arcs.inStart[node]!; i < arcs.inStart[node + 1]!; i++) {
            const a = arcs.in[i]!;
            const part = ship[a * K + k]! * (back / came);
            ship[a * K + k]! -= part;
            waste[arcs.from[a]! * K + k]! += part;
          }
        }
      }
  }
}

/** Lots at a node that nobody needs there nor at the same place later. */
export function spareLots({ T, K }: Network, { carry, waste }: Flows, node: number, k: number): number {
  let spare = 0;
  for (let u = (Math.floor(node / T) + 1) * T - 1; u >= node; u--)
    spare = waste[u * K + k]! + Math.min(carry[u * K + k]!, spare);
  return spare;
}

/** Takes spare lots away at a node; what is kept for later goes last. */
export function takeSpare({ T, K }: Network, { carry, waste }: Flows, node: number, k: number, lots: number): void {
  let rest = lots;
  for (let u = node; rest > 0 && u < (Math.floor(node / T) + 1) * T; u++) {
    const good = u * K + k;
    const now = Math.min(rest, waste[good]!);
    waste[good]! -= now;
    rest -= now;
    carry[good] = Math.max(0, carry[good]! - rest);
  }
}

/**
 * Sites in an order in which receivers on routes without lead time come after their senders (Kahn 1962); where such routes form a
 * circle, whoever waits for least comes next.
 */
function sendingOrder(network: Network, ship: Float64Array, t: number, order: Int32Array): void {
  const { S, T, K, arcs } = network;
  const waiting = new Int32Array(S);
  for (let s = 0; s < S; s++)
    for (let i = arcs.outStart[s * T + t]!; i < arcs.outStart[s * T + t + 1]!; i++) {
      const a = arcs.out[i]!;
      if (arcs.to[a]! % T === t && carries(network, ship, a)) waiting[Math.floor(arcs.to[a]! / T)]!++;
    }
  const done = new Uint8Array(S);
  let filled = 0;
  for (let s = 0; s < S; s++)
    if (waiting[s] === 0) {
      order[filled++] = s;
      done[s] = 1;
    }
  let next = 0;
  while (filled < S || next < filled) {
    if (next === filled) {
      const s = leastAwaited(network, ship, t, done);
      order[filled++] = s;
      done[s] = 1;
    }
    const s = order[next++]!;
    for (let i = arcs.outStart[s * T + t]!; i < arcs.outStart[s * T + t + 1]!; i++) {
      const a = arcs.out[i]!;
      const to = Math.floor(arcs.to[a]! / T);
      if (arcs.to[a]! % T !== t || done[to] || !carries(network, ship, a)) continue;
      if (--waiting[to]! === 0) {
        order[filled++] = to;
        done[to] = 1;
      }
    }
  }

  function leastAwaited(network: Network, ship: Float64Array, t: number, done: Uint8Array): number {
    const awaited = new Float64Array(S);
    for (let a = 0; a < arcs.count; a++) {
      if (arcs.depart[a] !== t || arcs.to[a]! % T !== t || done[Math.floor(arcs.from[a]! / T)]) continue;
      for (let k = 0; k < K; k++) awaited[Math.floor(arcs.to[a]! / T)]! += ship[a * K + k]! * network.approx.weight[k]!;
    }
    let best = -1;
    for (let s = 0; s < S; s++) if (!done[s] && (best < 0 || awaited[s]! < awaited[best]!)) best = s;
    return best;
  }
}

function carries({ K }: Network, ship: Float64Array, a: number): boolean {
  for (let k = 0; k < K; k++) if (ship[a * K + k]! > 0) return true;
  return false;
}
