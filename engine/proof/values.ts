/**
 * What a plan is worth on each stage, in exact arithmetic (MODEL.md, "Exact definitions").
 *
 * A plan is `ship` (lots by flow) and `met` (m_jkt in lots by need: handed out in t, for a durable up to and
 * including t). Stages that minimise are turned round, so that more is always better inside the proof:
 * the maximand of `floor` is the floor that is met, that of `cost` is minus the cost.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
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
    return smallestCoverage(network, plan);
  });
}

/** a ÷ divisor − b, as units over the same divisor. */
function minus(a: Decimal, b: Decimal, divisor: bigint): Decimal {
  return plus(a, { units: -b.units * divisor, scale: b.scale });
}

/** The stage's value as it is stated: shortfall and cost are positive when something is short or spent. */
export function statedValue(network: Network, policy: Policy, s: number, maximand: Decimal): Decimal {
  const { stage } = policy.stages[s]!;
  if (stage === 'floor') return plus(floorTotal(network), { units: -maximand.units, scale: maximand.scale });
  if (stage === 'cost') return { units: -maximand.units, scale: maximand.scale };
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

/** min over pairs with need of M_jk ÷ N_jk; 1 where nobody needs anything. */
function smallestCoverage(network: Network, plan: Plan): Decimal {
  let met = 1n;
  let needed = 1n;
  for (let j = 0; j < network.R; j++)
    for (let k = 0; k < network.K; k++) {
      const n = BigInt(totalNeed(network, j, k));
      if (n === 0n) continue;
      const m = BigInt(totalMet(network, plan, j, k));
      if (m * needed < met * n) {
        met = m;
        needed = n;
      }
    }
  return roundDown({ units: met, scale: 0, divisor: needed });
}

/** Σ_jkt w_jk · n_jkt · U_s(c_jkt). */
function needPoints(network: Network, policy: Policy, s: number, plan: Plan): Quotient {
  const { R, T, K, exact, need } = network;
  const { denominator, widths } = policy.bands;
  const slopes = policy.bands.slopes[s]!;
  let units = 0n;
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++)
      for (let k = 0; k < K; k++) {
        const i = (j * T + t) * K + k;
        if (!(plan.met[i]! > 0)) continue;
        const n = BigInt(need[i]!);
        let rest = BigInt(plan.met[i]!) * denominator;
        let worth = 0n;
        for (let b = 0; b < widths.length && rest > 0n; b++) {
          const width = widths[b]! * n;
          worth += slopes.units[b]! * (rest < width ? rest : width);
          rest -= width;
        }
        units += exact.points.units[j * K + k]! * worth;
      }
  return { units, scale: exact.points.scale + slopes.scale, divisor: denominator };
}

/** Σ costPerTonne × tonnes shipped. */
export function planCost(network: Network, plan: Plan): Decimal {
  const { arcs, K, exact } = network;
  let units = 0n;
  for (let a = 0; a < arcs.count; a++) {
    const cost = exact.costPerTonne.units[arcs.route[a]!]!;
    if (!cost) continue;
    let tonnes = 0n;
    for (let k = 0; k < K; k++) {
      const x = plan.ship[a * K + k]!;
      if (x) tonnes += exact.weight.units[k]! * BigInt(x);
    }
    units += cost * tonnes;
  }
  return { units, scale: exact.costPerTonne.scale + exact.weight.scale };
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
