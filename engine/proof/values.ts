/**
 * What a plan is worth on each stage, in exact arithmetic (MODEL.md, "Exact definitions").
 *
 * A plan is `ship` (lots by flow) and `met` (m_jkt in lots by need: handed out in t, for a durable up to and
 * including t). Stages that minimise are turned round, so that more is always better inside the proof:
 * the maximand of `floor` is the floor that is met, that of `cost` is minus the cost, that of `stay` minus what is changed.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { addProduct, dot, dots, safeNumber, safeUnits, total } from './dot.js';
import { atScale, type Decimal, floorDiv, plus, times, trim } from './exact.js';

export interface Plan {
  ship: Float64Array;
  met: Float64Array;
}

/** A decimal over a whole divisor: shares such as a third do not end. */
export interface Quotient extends Decimal {
  divisor: bigint;
}

/** Decimals kept where a quotient does not end. */
export const PLACES = 12;

/** Maximand of every stage, each rounded down where it does not end, so that the plan reaches it for certain. */
export function stageMaximands(network: Network, policy: Policy, plan: Plan): Decimal[] {
  const cost = planCost(network, plan);
  return policy.stages.map((stage, s) => {
    if (stage.stage === 'floor') return floorMet(network, plan);
    if (stage.stage === 'need') {
      const points = needPoints(network, policy, s, plan);
      const spent = times(cost, policy.costWeight[s]!);
      return roundDown({ ...minus(points, spent, points.divisor), divisor: points.divisor });
    }
    if (stage.stage === 'cost') return { units: -cost.units, scale: cost.scale };
    if (stage.stage === 'stay') return kept(network, plan);
    return smallestCoverage(network, plan);
  });
}

/** a ÷ divisor − b, as units over the same divisor. */
function minus(a: Decimal, b: Decimal, divisor: bigint): Decimal {
  return plus(a, { units: -b.units * divisor, scale: b.scale });
}

/** The stage's value as it is stated: shortfall, cost and change are positive when something is short, spent or changed. */
export function statedValue(network: Network, policy: Policy, s: number, maximand: Decimal): Decimal {
  const { stage } = policy.stages[s]!;
  if (stage === 'floor') return plus(floorTotal(network), { units: -maximand.units, scale: maximand.scale });
  if (stage === 'cost' || stage === 'stay') return { units: -maximand.units, scale: maximand.scale };
  return maximand;
}

/** The maximand behind a stated value: `statedValue` is its own inverse. */
export const maximandOf = statedValue;

/** Σ_jk w_jk · floor_j · N_jk. */
export function floorTotal(network: Network): Decimal {
  const { R, K, exact } = network;
  let units = 0n;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const share = exact.floor.units[j]!;
      if (share) units += exact.points.units[j * K + k]! * share * BigInt(totalNeed(network, j, k));
    }
  return { units, scale: exact.points.scale + exact.floor.scale };
}

/** Σ_jk w_jk · min(floor_j · N_jk, M_jk). */
function floorMet(network: Network, plan: Plan): Decimal {
  const { R, K, exact } = network;
  const one = 10n ** BigInt(exact.floor.scale);
  let units = 0n;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const share = exact.floor.units[j]!;
      if (!share) continue;
      const floor = share * BigInt(totalNeed(network, j, k));
      const met = one * BigInt(totalMet(network, plan, j, k));
      units += exact.points.units[j * K + k]! * (met < floor ? met : floor);
    }
  return { units, scale: exact.points.scale + exact.floor.scale };
}

/** M_jk of every pair, by region·K + resource. */
export function pairTotals(network: Network, plan: Plan): Float64Array {
  const { R, K } = network;
  return Float64Array.from({ length: R * K }, (_, i) => totalMet(network, plan, Math.floor(i / K), i % K));
}

/** min of M_jk ÷ N_jk over pairs with need, or of some of them; 1 where nobody needs anything. Rounded down where it does not end. */
export function smallestCoverage(network: Network, plan: Plan, among?: Uint8Array): Decimal {
  let met = 1;
  let needed = 1;
  for (let j = 0; j < network.R; j++)
    for (let k = 0; k < network.K; k++) {
      if (among?.[j * network.K + k] === 0) continue;
      const n = totalNeed(network, j, k);
      if (n === 0) continue;
      const m = totalMet(network, plan, j, k);
      // two products of doubles, each off by half an epsilon
      if (m * needed > met * n * (1 + 4 * Number.EPSILON)) continue;
      if (BigInt(m) * BigInt(needed) < BigInt(met) * BigInt(n)) {
        met = m;
        needed = n;
      }
    }
  return roundDown({ units: BigInt(met), scale: 0, divisor: BigInt(needed) });
}

/** Σ_jkt w_jk · n_jkt · U_s(c_jkt). */
function needPoints(network: Network, policy: Policy, s: number, plan: Plan): Quotient {
  const { R, T, K, exact, need } = network;
  const { denominator, widths } = policy.bands;
  const slopes = policy.bands.slopes[s]!;
  const points = safeUnits(exact.points.units);
  const wholes = safeNumber(denominator);
  const width = safeUnits(widths);
  const byBand = dots(widths.length);
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++)
      for (let k = 0; k < K; k++) {
        const i = (j * T + t) * K + k;
        if (!(plan.met[i]! > 0)) continue;
        const [p, n] = [points[j * K + k]!, need[i]!];
        let rest = plan.met[i]! * wholes;
        if (!Number.isNaN(p) && rest <= Number.MAX_SAFE_INTEGER && n * wholes <= Number.MAX_SAFE_INTEGER) {
          for (let b = 0; b < width.length && rest > 0; b++) {
            const most = width[b]! * n;
            addProduct(byBand[b]!, p, Math.min(rest, most));
            rest -= most;
          }
          continue;
        }
        let left = BigInt(plan.met[i]!) * denominator;
        for (let b = 0; b < widths.length && left > 0n; b++) {
          const most = widths[b]! * BigInt(n);
          byBand[b]!.spilled += exact.points.units[j * K + k]! * (left < most ? left : most);
          left -= most;
        }
      }
  const units = byBand.reduce((sum, d, b) => sum + slopes.units[b]! * total(d), 0n);
  return { units, scale: exact.points.scale + slopes.scale, divisor: denominator };
}

/** Σ costPerTonne × tonnes shipped. */
export function planCost(network: Network, plan: Plan): Decimal {
  const { arcs, exact } = network;
  const weight = safeUnits(exact.weight.units);
  const cost = safeUnits(exact.costPerTonne.units);
  const sum = dot();
  for (let a = 0; a < arcs.count; a++) {
    const r = arcs.route[a]!;
    if (cost[r] === 0) continue;
    const tonnes = safeTonnes(plan.ship, weight, a);
    if (tonnes === 0) continue;
    if (!addProduct(sum, cost[r]!, tonnes))
      sum.spilled += exact.costPerTonne.units[r]! * exactTonnes(network, plan.ship, a);
  }
  return { units: total(sum), scale: exact.costPerTonne.scale + exact.weight.scale };
}

/** −Σ weight · |x − planned| over all flows, those that can no longer be included. */
function kept({ planned, exact }: Network, { ship }: Plan): Decimal {
  if (!planned) return { units: 0n, scale: 0 };
  const K = exact.weight.units.length;
  const weight = safeUnits(exact.weight.units);
  const [apart, possible] = [dot(), dot()];
  for (let i = 0; i < ship.length; i++) {
    const p = planned.ship[i]!;
    const difference = Math.abs(ship[i]! - p);
    const w = weight[i % K]!;
    if (difference !== 0 && !addProduct(apart, w, difference))
      apart.spilled += exact.weight.units[i % K]! * BigInt(difference);
    if (p !== 0 && !addProduct(possible, w, p)) possible.spilled += exact.weight.units[i % K]! * BigInt(p);
  }
  const flows = { units: total(possible) - total(apart), scale: exact.weight.scale };
  return plus(flows, { units: -planned.tonnes.units, scale: planned.tonnes.scale });
}

/** Tonnes on an arc in units of the weights, NaN where they are no safe integer; `weight` is that of a lot by resource. */
export function safeTonnes(ship: Float64Array, weight: Float64Array, a: number): number {
  const K = weight.length;
  let tonnes = 0;
  for (let k = 0; k < K; k++) {
    const x = ship[a * K + k]!;
    if (x !== 0) tonnes += weight[k]! * x;
  }
  // terms are no less than zero, so a sum that is safe had nothing rounded on the way
  return tonnes <= Number.MAX_SAFE_INTEGER ? tonnes : Number.NaN;
}

/** The same in whatever size. */
export function exactTonnes({ exact, K }: Network, ship: Float64Array, a: number): bigint {
  let tonnes = 0n;
  for (let k = 0; k < K; k++) {
    const x = ship[a * K + k]!;
    if (x) tonnes += exact.weight.units[k]! * BigInt(x);
  }
  return tonnes;
}

/** M_jk = Σ_t m_jkt in lots. */
export function totalMet(network: Pick<Network, 'T' | 'K'>, plan: Pick<Plan, 'met'>, j: number, k: number): number {
  let sum = 0;
  for (let t = 0; t < network.T; t++) sum += plan.met[(j * network.T + t) * network.K + k]!;
  return sum;
}

/** The quotient itself where it ends, else rounded down at twelve decimals. */
export function roundDown(q: Quotient): Decimal {
  const places = q.scale + q.divisor.toString(2).length;
  const exact = floorDiv(q, q.divisor, places);
  if (exact.units * q.divisor === atScale(q, places)) return trim(exact);
  return trim(floorDiv(q, q.divisor, PLACES));
}
