/**
 * Cuts shipments until every limit in tonnes holds in exact arithmetic. Cutting never breaks another limit. Doubles
 * decide where a limit holds beyond any rounding; only what is nearer to its limit is added up exactly.
 */
import type { Network } from '../network.js';
import { atScale, type Decimal, pow10 } from '../proof/exact.js';

/** Lots in flows while they are cut, and the tonnes on every arc that follow from them (doubles, rounded). */
interface Load {
  network: Network;
  ship: Float64Array;
  tonnes: Float64Array;
  /** Tonnes a lot as whole units at the common scale; rounded where they are 2^53 or more. */
  weight: Float64Array;
}

/** A limit on some arcs together: Σ coefficient × tonnes ≤ limit, coefficients in whole units at `scale` by route. */
interface Limit {
  limit: Decimal;
  arcs: Int32Array;
  coefficient: { units: bigint[]; scale: number } | null;
}

/** Cuts `ship` in place, the last flows of a limit first; returns the lots that were taken away. */
export function cutToLimits(network: Network, ship: Float64Array): number {
  const load: Load = { network, ship, ...weigh(network, ship) };
  return cutRoutes(load) + cutHandling(load) + cutFleets(load) + cutBudget(load);
}

function weigh({ arcs, K, approx, exact }: Network, ship: Float64Array): Pick<Load, 'tonnes' | 'weight'> {
  const tonnes = new Float64Array(arcs.count);
  for (let a = 0; a < arcs.count; a++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += ship[a * K + k]! * approx.weight[k]!;
    tonnes[a] = sum;
  }
  return { tonnes, weight: Float64Array.from(exact.weight.units, Number) };
}

/**
 * Whether a sum of `terms` products that came to `sum` in doubles surely keeps to the limit: the relative error of a sum
 * of nonnegative doubles is below half an ulp a term (Higham 2002, §4.2), to which each product adds a few.
 */
function surely(sum: number, limit: number, terms: number, K: number): boolean {
  return sum === 0 || sum <= limit * (1 - (terms + K + 8) * Number.EPSILON);
}

function cutRoutes(load: Load): number {
  const { arcs, K, approx, exact } = load.network;
  let cut = 0;
  for (let a = 0; a < arcs.count; a++) {
    const r = arcs.route[a]!;
    if (surely(load.tonnes[a]!, approx.capacity[r]!, 1, K)) continue;
    cut += cutOne(load, { limit: exact.capacity[r]!, arcs: Int32Array.of(a), coefficient: null });
  }
  return cut;
}

function cutHandling(load: Load): number {
  const { arcs, T, K, D, H, approx, exact } = load.network;
  let cut = 0;
  for (let node = 0; node < (D + H) * T; node++) {
    if (approx.handling[node] === Infinity) continue;
    const leaving = arcs.out.subarray(arcs.outStart[node]!, arcs.outStart[node + 1]!);
    let sum = 0;
    for (let i = 0; i < leaving.length; i++) sum += load.tonnes[leaving[i]!]!;
    if (surely(sum, approx.handling[node]!, leaving.length, K)) continue;
    cut += cutOne(load, { limit: exact.handling[node]!, arcs: leaving, coefficient: null });
  }
  return cut;
}

function cutFleets(load: Load): number {
  const { arcs, T, K, approx, exact } = load.network;
  const rows = exact.fleet.length;
  const driven = new Float64Array(rows);
  const terms = new Int32Array(rows);
  for (let a = 0; a < arcs.count; a++) {
    if (arcs.fleet[a]! < 0 || load.tonnes[a] === 0) continue;
    const row = arcs.fleet[a]! * T + arcs.depart[a]!;
    driven[row]! += load.tonnes[a]! * approx.km[arcs.route[a]!]!;
    terms[row]!++;
  }
  let cut = 0;
  for (let row = 0; row < rows; row++) {
    const f = Math.floor(row / T);
    if (surely(driven[row]!, approx.fleet[row]!, terms[row]!, K)) continue;
    const list = loaded(load, (a) => arcs.fleet[a] === f && arcs.depart[a] === row % T);
    cut += cutOne(load, { limit: exact.fleet[row]!, arcs: list, coefficient: exact.km });
  }
  return cut;
}

function cutBudget(load: Load): number {
  const { arcs, K, approx, exact } = load.network;
  if (!exact.budget) return 0;
  let cost = 0;
  for (let a = 0; a < arcs.count; a++) cost += load.tonnes[a]! * approx.costPerTonne[arcs.route[a]!]!;
  if (surely(cost, approx.budget, arcs.count, K)) return 0;
  return cutOne(load, { limit: exact.budget, arcs: loaded(load, () => true), coefficient: exact.costPerTonne });
}

/** Arcs that carry something and that `which` accepts, ascending. */
function loaded({ network, tonnes }: Load, which: (a: number) => boolean): Int32Array {
  const list = new Int32Array(network.arcs.count);
  let count = 0;
  for (let a = 0; a < network.arcs.count; a++) if (tonnes[a]! > 0 && which(a)) list[count++] = a;
  return list.subarray(0, count);
}

function cutOne(load: Load, { limit, arcs, coefficient }: Limit): number {
  const { network, ship, tonnes } = load;
  const { K, arcs: all, exact, approx } = network;
  const scale = exact.weight.scale + (coefficient?.scale ?? 0);
  const common = Math.max(scale, limit.scale);
  const lift = pow10(common - scale);
  const each = (a: number) => (coefficient ? coefficient.units[all.route[a]!]! : 1n);
  let used = 0n;
  for (const a of arcs) used += exactTonnes(load, a) * each(a);
  let excess = used * lift - atScale(limit, common);
  let cut = 0;
  for (let n = arcs.length - 1; n >= 0 && excess > 0n; n--) {
    const a = arcs[n]!;
    for (let k = K - 1; k >= 0 && excess > 0n; k--) {
      const lot = exact.weight.units[k]! * each(a) * lift;
      const x = ship[a * K + k]!;
      if (x === 0 || lot === 0n) continue;
      const enough = (excess + lot - 1n) / lot;
      const lots = enough < BigInt(x) ? Number(enough) : x;
      ship[a * K + k] = x - lots;
      tonnes[a] = Math.max(0, tonnes[a]! - lots * approx.weight[k]!);
      excess -= lot * BigInt(lots);
      cut += lots;
    }
  }
  return cut;
}

/** Tonnes on an arc in whole units of the weights' scale. */
function exactTonnes({ network, ship, weight }: Load, a: number): bigint {
  const { K, exact } = network;
  // sums of whole doubles are exact for as long as they stay below 2^53
  let sum = 0;
  for (let k = 0; k < K; k++) sum += ship[a * K + k]! * weight[k]!;
  if (sum < 2 ** 53) return BigInt(sum);
  let units = 0n;
  for (let k = 0; k < K; k++) if (ship[a * K + k]! > 0) units += exact.weight.units[k]! * BigInt(ship[a * K + k]!);
  return units;
}
