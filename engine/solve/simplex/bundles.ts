/** Limits that resources share: whether flows that were found for each resource alone respect them together. */
import type { Network } from '../../network.js';
import type { Plan } from '../../proof/values.js';

/** Relative; sums of doubles may be off by as much, and whole lots are cut exactly afterwards. */
const NOISE = 1e-11;

/** Whether every limit is on a single flow, so that nothing can bind across resources or routes: worth trying at all. */
export function sharesNothing({ K, approx }: Network): boolean {
  const limited = (limits: Float64Array) => limits.some((limit) => limit < Infinity);
  if (approx.fleet.length > 0 || approx.budget < Infinity) return false;
  return K === 1 || !(limited(approx.capacity) || limited(approx.handling));
}

/** The first limit that is broken, in words, or null. `ship` and `met` as in Plan, fractions allowed; O(flows). */
export function brokenBundle(network: Network, { ship, met }: Plan): string | null {
  const { arcs, T, K, S, approx, scenario, sites } = network;
  const out = new Float64Array(S * T);
  const driven = new Float64Array(approx.fleet.length);
  let spent = 0;
  const over = (used: number, limit: number) => used > limit * (1 + NOISE);
  for (let a = 0; a < arcs.count; a++) {
    let tonnes = 0;
    for (let k = 0; k < K; k++) tonnes += approx.weight[k]! * ship[a * K + k]!;
    if (tonnes === 0) continue;
    const r = arcs.route[a]!;
    const { from, to } = scenario.routes[r]!;
    if (over(tonnes, approx.capacity[r]!)) return `the capacity of route ${from} → ${to} in period ${arcs.depart[a]}`;
    out[arcs.from[a]!]! += tonnes;
    if (arcs.fleet[a]! >= 0) driven[arcs.fleet[a]! * T + arcs.depart[a]!]! += tonnes * approx.km[r]!;
    spent += tonnes * approx.costPerTonne[r]!;
  }
  const handled = out.findIndex((tonnes, node) => over(tonnes, approx.handling[node]!));
  if (handled >= 0) return `handling at '${sites[Math.floor(handled / T)]}' in period ${handled % T}`;
  const fleet = driven.findIndex((tonneKm, row) => over(tonneKm, approx.fleet[row]!));
  if (fleet >= 0) return `the fleet '${scenario.fleets[Math.floor(fleet / T)]!.mode}' in period ${fleet % T}`;
  if (over(spent, approx.budget)) return 'the budget';
  const full = K > 1 ? brokenStorage(network, ship, met) : -1;
  return full < 0 ? null : `storage at '${sites[Math.floor(full / T)]}' in period ${full % T}`;
}

/** Node where more must be kept than there is room for, or −1: what later periods need beyond what comes in them. */
function brokenStorage(network: Network, ship: Float64Array, met: Float64Array): number {
  const { arcs, T, K, S, D, H, approx, scenario, supply } = network;
  const hub = D + H;
  const net = supply.map((lots) => -lots);
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      net[arcs.from[a]! * K + k]! += ship[a * K + k]!;
      net[arcs.to[a]! * K + k]! -= ship[a * K + k]!;
    }
  for (let s = D; s < S; s++) {
    if (!(approx.storage[s]! > 0)) continue;
    const carry = new Float64Array(K);
    for (let t = T - 1; t >= 0; t--) {
      let tonnes = 0;
      for (let k = 0; k < K; k++) tonnes += approx.weight[k]! * carry[k]!;
      if (tonnes > approx.storage[s]! * (1 + NOISE)) return s * T + t;
      for (let k = 0; k < K; k++) {
        const i = ((s - hub) * T + t) * K + k;
        const before = scenario.resources[k]!.kind === 'durable' && t > 0 && s >= hub ? met[i - K]! : 0;
        const used = s >= hub ? met[i]! - before : 0;
        carry[k] = Math.max(0, net[(s * T + t) * K + k]! + used + carry[k]!);
      }
    }
  }
  return -1;
}
