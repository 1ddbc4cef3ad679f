/**
 * Is a plan possible? Goods are followed through the network as they would travel, straight from the definitions of
 * MODEL.md; nothing here knows rows, prices or solvers. Lots are whole doubles below 2^53, tonnes exact integers.
 */
import { countLots } from '../../scenarios/index.js';
import type { Network } from '../network.js';
import { addProduct, dots, safeNumber, safeUnits, total } from './dot.js';
import { atScale, type Decimal, floorDiv, format, pow10 } from './exact.js';
import { exactTonnes, type Plan, planCost, safeTonnes } from './values.js';

/** Lots arriving at each good: Σ of `ship` over the arcs into its node. */
export function arrivals(network: Network, ship: Float64Array): Float64Array {
  const { arcs, K, S, T } = network;
  const into = new Float64Array(S * T * K);
  addByNode(into, arcs.to, ship, K);
  return into;
}

/** Adds the lots on each arc to the good at its node. */
function addByNode(sums: Float64Array, node: Int32Array, ship: Float64Array, K: number): void {
  for (let a = 0; a < node.length; a++) {
    const good = node[a]! * K;
    for (let k = 0; k < K; k++) {
      const x = ship[a * K + k]!;
      if (x !== 0) sums[good + k]! += x;
    }
  }
}

/**
 * m_jkt of a region without storage: goods are used in the period they arrive or not at all. Writes the met need of
 * region j and resource k up to period `end`, given what arrives in each period beside what was delivered before.
 */
export function useOnArrival(
  network: Network,
  into: Float64Array,
  met: Float64Array,
  j: number,
  k: number,
  end = network.T,
): void {
  const { D, H, T, K, need, supply, scenario } = network;
  const durable = scenario.resources[k]!.kind === 'durable';
  let before = 0;
  for (let t = 0; t < end; t++) {
    const i = (j * T + t) * K + k;
    const good = ((D + H + j) * T + t) * K + k;
    const now = (durable ? before : 0) + into[good]! + supply[good]!;
    before = met[i] = Math.min(need[i]!, now);
  }
}

/** What regions with storage handed out in periods that are past is as it was: writes it into `met` of all of them. */
export function usePast(network: Network, met: Float64Array): void {
  const { D, H, R, K, first, approx, supply } = network;
  if (first === 0) return;
  const nothing = new Float64Array(supply.length);
  for (let j = 0; j < R; j++)
    if (approx.storage[D + H + j]! > 0) for (let k = 0; k < K; k++) useOnArrival(network, nothing, met, j, k, first);
}

/** What is handed out in period t: m_t for a consumable, m_t − m_(t−1) for a durable. */
export function handedOut(network: Network, met: Float64Array, j: number, t: number, k: number): number {
  const { T, K, scenario } = network;
  const i = (j * T + t) * K + k;
  const durable = scenario.resources[k]!.kind === 'durable';
  return met[i]! - (durable && t > 0 ? met[i - K]! : 0);
}

/** Everything that is impossible about a plan, in words; empty when it can be carried out. At most `most` faults. */
export function infeasibilities(network: Network, plan: Plan, most = 20): string[] {
  const faults: string[] = [];
  const say = (fault: string) => {
    if (faults.length < most) faults.push(fault);
  };
  checkNumbers(network, plan, say);
  if (faults.length) return faults;
  checkNeeds(network, plan, say);
  checkGoods(network, plan, say);
  checkTonnes(network, plan, say);
  return faults;
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

type Say = (fault: string) => void;

function checkNumbers(network: Network, plan: Plan, say: Say): void {
  const { arcs, K } = network;
  for (let i = 0; i < plan.ship.length; i++) {
    const x = plan.ship[i]!;
    if (!(Number.isSafeInteger(x) && x >= 0)) say(`${flowName(network, Math.floor(i / K), i % K)}: ${x} lots`);
  }
  for (let i = 0; i < plan.met.length; i++) {
    const m = plan.met[i]!;
    if (!(Number.isSafeInteger(m) && m >= 0)) say(`a met need of ${m} lots`);
  }
  if (plan.ship.length !== arcs.count * K) say('the plan is of another network');
}

function checkNeeds(network: Network, plan: Plan, say: Say): void {
  const { R, T, K, need, scenario } = network;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++)
      for (let t = 0; t < T; t++) {
        const i = (j * T + t) * K + k;
        const over = plan.met[i]! > need[i]!;
        const back = handedOut(network, plan.met, j, t, k) < 0;
        if (!over && !back) continue;
        const where = `region '${scenario.regions[j]!.id}', resource '${scenario.resources[k]!.id}', period ${t}`;
        if (over) say(`${where}: ${plan.met[i]} lots met of ${need[i]} needed`);
        if (back) say(`${where}: goods handed out are taken back`);
      }
}

/**
 * Backward through time, `carry` is what must be in store at the end of a period for the rest to be possible. It may
 * not exceed what the site may store, and nothing may be owed before the first period, nor one that is past to the next.
 */
function checkGoods(network: Network, plan: Plan, say: Say): void {
  const { S, D, H, T, K, first, arcs, supply, exact, scenario, sites } = network;
  const into = arrivals(network, plan.ship);
  const out = new Float64Array(S * T * K);
  addByNode(out, arcs.from, plan.ship, K);
  const carry = new Float64Array(K);
  const owed = (s: number) => {
    carry.forEach((lots, k) => {
      if (lots > 0)
        say(`'${sites[s]}' sends or uses ${lots} lots of '${scenario.resources[k]!.id}' more than it ever has in time`);
    });
    carry.fill(0);
  };
  for (let s = 0; s < S; s++) {
    carry.fill(0);
    for (let t = T - 1; t >= 0; t--) {
      if (t < first) owed(s);
      const some = carry.some((c) => c > 0);
      if (s >= D && some) {
        let tonnes = 0n;
        for (let k = 0; k < K; k++) tonnes += exact.weight.units[k]! * BigInt(carry[k]!);
        const limit = exact.storage[s]!;
        if (limit.units === 0n || exceeds(tonnes, exact.weight.scale, limit))
          say(
            `'${sites[s]}' would have to keep ${format({ units: tonnes, scale: exact.weight.scale })} t at the end of ` +
              `period ${t}; it stores ${format(limit)} t`,
          );
      }
      for (let k = 0; k < K; k++) {
        const good = (s * T + t) * K + k;
        const use = s >= D + H ? handedOut(network, plan.met, s - D - H, t, k) : 0;
        carry[k] = Math.max(0, out[good]! + use + carry[k]! - into[good]! - supply[good]!);
      }
    }
    owed(s);
  }
}

/** Capacity of routes, handling, fleets and the budget. */
function checkTonnes(network: Network, plan: Plan, say: Say): void {
  const { arcs, T, S, exact, scenario, sites } = network;
  const scale = exact.weight.scale;
  const weight = safeUnits(exact.weight.units);
  const km = safeUnits(exact.km.units);
  // whole units of tonnes within each capacity; what is unlimited or larger than any safe integer is Infinity
  const within = Float64Array.from(exact.capacity, (c) => {
    const units = c ? floorDiv(c, 1n, scale).units : SAFE;
    return units < SAFE ? Number(units) : Infinity;
  });
  const handled = new Float64Array(S * T);
  const handledMore = new Map<number, bigint>(); // what is no safe integer
  const driven = dots(exact.fleet.length);
  for (let a = 0; a < arcs.count; a++) {
    const tonnes = safeTonnes(plan.ship, weight, a);
    if (tonnes === 0) continue;
    const r = arcs.route[a]!;
    const capacity = exact.capacity[r];
    if (capacity && !(tonnes <= within[r]!)) {
      // too much, or no safe integer
      const units = exactTonnes(network, plan.ship, a);
      if (exceeds(units, scale, capacity))
        say(`${arcName(network, a)}: ${format({ units, scale })} t on a route for ${format(capacity)} t`);
    }
    const node = arcs.from[a]!;
    if (handled[node]! + tonnes <= Number.MAX_SAFE_INTEGER) handled[node]! += tonnes;
    else handledMore.set(node, (handledMore.get(node) ?? 0n) + exactTonnes(network, plan.ship, a));
    if (arcs.fleet[a]! < 0) continue;
    const fleet = driven[arcs.fleet[a]! * T + arcs.depart[a]!]!;
    if (!addProduct(fleet, km[r]!, tonnes)) fleet.spilled += exact.km.units[r]! * exactTonnes(network, plan.ship, a);
  }
  handled.forEach((sum, node) => {
    const limit = exact.handling[node];
    if (!limit) return;
    const units = BigInt(sum) + (handledMore.get(node) ?? 0n);
    if (exceeds(units, scale, limit))
      say(
        `'${sites[Math.floor(node / T)]}', period ${node % T}: ${format({ units, scale })} t leave a place ` +
          `that handles ${format(limit)} t`,
      );
  });
  const kmScale = scale + exact.km.scale;
  driven.forEach((sum, row) => {
    const limit = exact.fleet[row]!;
    const units = total(sum);
    if (exceeds(units, kmScale, limit))
      say(
        `fleet '${scenario.fleets[Math.floor(row / T)]!.mode}', period ${row % T}: ${format({ units, scale: kmScale })} ` +
          `tonne-km of ${format(limit)}`,
      );
  });
  const cost = planCost(network, plan);
  if (exact.budget && exceeds(cost.units, cost.scale, exact.budget))
    say(`the plan costs ${format(cost)} and the budget is ${format(exact.budget)}`);
}

function exceeds(units: bigint, scale: number, limit: Decimal): boolean {
  return units * pow10(Math.max(0, limit.scale - scale)) > atScale(limit, Math.max(limit.scale, scale));
}

function arcName(network: Network, a: number): string {
  const route = network.scenario.routes[network.arcs.route[a]!]!;
  return `${route.from} → ${route.to} by ${route.mode}, period ${network.arcs.depart[a]}`;
}

function flowName(network: Network, a: number, k: number): string {
  return `${arcName(network, a)}, '${network.scenario.resources[k]!.id}'`;
}

/** The powers of ten that are doubles. */
const TENS = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/** Quantity in the resource's unit of a whole number of lots, as the double nearest to the exact decimal. */
export function quantityOf(network: Network, lots: number, k: number): number {
  const lot = network.exact.lot[k]!;
  const units = lots * safeNumber(lot.units);
  // one division of two exact doubles is rounded once (IEEE 754)
  const ten = TENS[lot.scale];
  if (ten !== undefined && Math.abs(units) <= Number.MAX_SAFE_INTEGER) return units / ten;
  return Number(format({ units: lot.units * BigInt(lots), scale: lot.scale }));
}

/** Whole lots in a quantity, or null when it is not a whole number of them. */
export function lotsOf(network: Network, quantity: number, k: number): number | null {
  if (!(Number.isFinite(quantity) && quantity >= 0)) return null;
  const lot = network.exact.lot[k]!;
  const ten = TENS[lot.scale] ?? Number.NaN;
  const guess = Math.round((quantity / safeNumber(lot.units)) * ten);
  const units = guess * safeNumber(lot.units);
  // decimals of up to fifteen digits have doubles of their own, so the one that was written is this one
  if (units < 1e15 && units / ten === quantity) return guess;
  const count = countLots(quantity, network.scenario.resources[k]!.lot);
  return count.kind === 'whole' ? count.lots : null;
}
