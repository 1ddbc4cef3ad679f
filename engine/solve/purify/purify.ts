/**
 * A plan from the middle of a face → one near a vertex: far fewer consignments that meet the same needs (stepping stones of Charnes
 * and Cooper 1954; "cycle free" solutions in Ahuja, Magnanti and Orlin 1993, section 11.2).
 *
 * By resource, flows are the edges of a graph between (depot, period of departure) and (region, period of arrival). Going round a
 * cycle, adding to every other edge what is taken from the rest, leaves what each node sends or gets as it was, and so stock,
 * handling and met needs. What changes is the use of routes, fleets and money: there a push has to fit in.
 */
import type { Network } from '../../network.js';
import { breakCycles, type Flows } from './cycles.js';
import { openForest } from './forest.js';

export interface Purified {
  /** Flows above zero. */
  before: number;
  after: number;
  /** Flows left on cycles, at most: routes, fleets or money had no room for either direction. */
  held: number;
}

/** Flows gathered at a time, by resource one after the other: in the plan they lie K apart, a cache line each. */
const GATHERED = 2 ** 22;
/** Routes that later resources made room on are tried again; a third time would save less than one flow in a hundred. */
const PASSES = 2;
/** Rounding that a limit forgives, relative. */
const FORGIVEN = 1e-12;

/**
 * Ends as many flows of `ship` (lots by flow, fractions allowed) as it can, in place, in a direct network. What arrives beyond a need is
 * given up; all else arrives and leaves where and when it did. All limits that held
 * go on to hold, those that were broken are broken no further, and points less cost × `costWeight` do not fall.
 */
export function purify(network: Network, costWeight: number, ship: Float64Array): Purified {
  const { T, K, D, H, S, arcs, approx, upper } = network;
  const { inStart, in: into, from, route, fleet, depart } = arcs;
  const before = positive(ship);
  giveUpExcess(network, ship);
  const { leads, fleetRoom, money, room } = survey(network, costWeight, ship);
  // periods fall apart where everything arrives in the period in which it leaves
  const span = leads ? T : 1;
  const nodes = S * span;
  const firstSink = (D + H) * span;
  const largest = largestBlock(network, span);
  const together = Math.max(1, Math.min(K, Math.floor(GATHERED / Math.max(1, largest))));
  const forest = openForest(nodes, firstSink);
  const arc = new Int32Array(largest);
  const start = new Int32Array(nodes + 1);
  const source = new Int32Array(largest);
  const cost = new Float64Array(largest);
  const km = new Float64Array(largest);
  const row = new Int32Array(largest);
  const roomAt = new Float64Array(largest);
  const lots = new Float64Array(largest * together);
  const most = new Float64Array(largest * together);
  const none = approx.fleet.length / T;
  const rows = new Float64Array((none + 1) * span);
  const use = new Float64Array(rows.length);
  const order = new Int32Array(mostInto(network));
  let held = 0;

  for (let first = 0; first < T; first += span) {
    let count = 0;
    for (let n = firstSink; n < nodes; n++) {
      const node = Math.floor(n / span) * T + first + (n % span);
      for (let i = inStart[node]!; i < inStart[node + 1]!; i++) {
        const a = into[i]!;
        const f = fleet[a]! < 0 ? none : fleet[a]!;
        arc[count] = a;
        source[count] = Math.floor(from[a]! / T) * span + depart[a]! - first;
        cost[count] = approx.costPerTonne[route[a]!]!;
        km[count] = f === none ? 0 : approx.km[route[a]!]!;
        row[count] = f * span + depart[a]! - first;
        roomAt[count++] = room[a]!;
      }
      start[n + 1] = count;
    }
    for (let i = 0; i < rows.length; i++) rows[i] = fleetRoom[Math.floor(i / span) * T + first + (i % span)]!;
    let heldNow = 0;
    for (let pass = 0; pass < PASSES && (pass === 0 || heldNow > 0); pass++) {
      heldNow = 0;
      for (let k0 = 0; k0 < K; k0 += together) {
        const k1 = Math.min(K, k0 + together);
        for (let i = 0; i < count; i++)
          for (let k = k0, at = i; k < k1; k++, at += count) {
            lots[at] = ship[arc[i]! * K + k]!;
            most[at] = upper.ship[arc[i]! * K + k]!;
          }
        for (let k = k0; k < k1; k++) {
          const own = (k - k0) * count;
          const flows: Flows = {
            nodes,
            firstSink,
            start,
            source,
            cost,
            km,
            row,
            room: roomAt,
            lots: lots.subarray(own, own + count),
            most: most.subarray(own, own + count),
            weight: approx.weight[k]!,
            rows,
            money,
            use,
          };
          heldNow += breakCycles(flows, forest, order);
        }
        for (let i = 0; i < count; i++)
          for (let k = k0, at = i; k < k1; k++, at += count) ship[arc[i]! * K + k] = lots[at]!;
      }
    }
    held += heldNow;
  }
  return { before, after: positive(ship), held };
}

/**
 * Single precision sends a ten-millionth more than is needed: no single flow may be that large, so a last crumb would stay on another
 * route. Nobody misses it.
 */
function giveUpExcess({ T, K, D, H, S, arcs, need, scenario }: Network, ship: Float64Array): void {
  const { inStart, in: into } = arcs;
  const waits = scenario.resources.map((r) => r.kind === 'durable' && T > 1);
  const arrived = new Float64Array(K);
  for (let node = (D + H) * T; node < S * T; node++) {
    arrived.fill(0);
    for (let i = inStart[node]!; i < inStart[node + 1]!; i++)
      for (let k = 0; k < K; k++) arrived[k]! += ship[into[i]! * K + k]!;
    for (let k = 0; k < K; k++) {
      const due = need[(node - (D + H) * T) * K + k]!;
      let excess = arrived[k]! - due;
      if (!(excess > FORGIVEN * due) || waits[k]) continue;
      // the smallest first, as they may end by it
      while (excess > 0) {
        let least = -1;
        for (let i = inStart[node]!; i < inStart[node + 1]!; i++) {
          const f = into[i]! * K + k;
          if (ship[f]! > 0 && (least < 0 || ship[f]! < ship[least]!)) least = f;
        }
        if (least < 0) break;
        const x = ship[least]!;
        ship[least] = Math.max(0, x - excess);
        excess -= x;
      }
    }
  }
}

/** What the plan leaves of every limit, and whether anything is on the way for a period or longer. */
function survey(network: Network, costWeight: number, ship: Float64Array) {
  const { T, K, arcs, approx } = network;
  const room = new Float64Array(arcs.count);
  const rows = new Float64Array(approx.fleet.length + T).fill(Infinity);
  rows.set(approx.fleet);
  let spent = 0;
  let leads = false;
  for (let a = 0; a < arcs.count; a++) {
    let tonnes = 0;
    for (let k = 0; k < K; k++) {
      const x = ship[a * K + k]!;
      tonnes += x * approx.weight[k]!;
    }
    const r = arcs.route[a]!;
    room[a] = approx.capacity[r]! - tonnes;
    spent += tonnes * approx.costPerTonne[r]!;
    if (arcs.fleet[a]! >= 0) rows[arcs.fleet[a]! * T + arcs.depart[a]!]! -= tonnes * approx.km[r]!;
    if (arcs.to[a]! % T !== arcs.depart[a]!) leads = true;
  }
  for (let i = 0; i < rows.length; i++) {
    const limit = approx.fleet[i] ?? Infinity;
    rows[i] = Math.max(0, rows[i]!) + FORGIVEN * limit;
  }
  // a plan that costs more would be worth less, so only what is saved may be spent
  const left = costWeight > 0 ? 0 : Math.max(0, approx.budget - spent);
  return { leads, fleetRoom: rows, money: Float64Array.of(left + FORGIVEN * spent), room };
}

/** Most arcs that arrive in `span` periods. */
function largestBlock({ T, D, H, S, arcs: { inStart } }: Network, span: number): number {
  let most = 0;
  for (let first = 0; first < T; first += span) {
    let count = 0;
    for (let s = D + H; s < S; s++) count += inStart[s * T + first + span]! - inStart[s * T + first]!;
    most = Math.max(most, count);
  }
  return most;
}

/** Most arcs that arrive at one node. */
function mostInto({ arcs: { inStart } }: Network): number {
  let most = 0;
  for (let n = 0; n + 1 < inStart.length; n++) most = Math.max(most, inStart[n + 1]! - inStart[n]!);
  return most;
}

function positive(ship: Float64Array): number {
  let count = 0;
  for (let f = 0; f < ship.length; f++) if (ship[f]! > 0) count++;
  return count;
}
