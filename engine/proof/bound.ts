/**
 * The bound that prices prove (MODEL.md, "The certificate"): for rows A x ≤ b, 0 ≤ x ≤ u and any y ≥ 0,
 *
 *   f_s(x) ≤ b'y + Σ_j u_j · max(0, c_j − y'A_j)      for every feasible x
 *
 * (weak duality of linear programming with bounded variables). The columns are summed family by family, each with
 * its rows written out, so that nothing here depends on how a solver was told about the problem:
 *
 *   ship  (a, k)     goods at `from` − goods at `to`, tonnes on route, handling, fleet, budget, cost of stages
 *                    under `stay` a tonne on it costs a point beyond what was planned, and up to it brings one (`stays.ts`)
 *   store (site, t)  goods at t − goods at t+1, tonnes in storage
 *   band  (j, k, t)  met need: goods at the region, backlog, credits of floor and maxmin, utility of stages
 *   floor (j, k)     floor met, at most the floor and at most Σ_t m;   z ≤ 1 with z · N_jk ≤ Σ_t m
 *
 * Behind and within `leximin` there are rows "pair (j, k) gets at least what it has": −Σ_t m ≤ −M_jk, priced at `leximin`.
 *
 * All is exact. The two families with millions of columns are in `ships.ts` and `needs.ts`.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import type { PriceBlockName } from '../types.js';
import { addProduct, type Dot, dot, safeNumber, total } from './dot.js';
import { atScale, ceilDiv, type Decimal, decimal, plus, pow10, times } from './exact.js';
import { bandTerm } from './needs.js';
import { shipTerm } from './ships.js';
import { stayTerm } from './stays.js';
import { PLACES } from './values.js';

/** Prices of one block, dense by row: whole multiples of 10^-`scale` from 0 to 2^53 − 1. */
export interface Grid {
  units: Float64Array;
  scale: number;
}

/** Dense exact prices by block; all non-negative. Row numbers: see engine/README.md. */
export type Prices = Record<PriceBlockName, Grid>;

const zero: Decimal = { units: 0n, scale: 0 };

/**
 * Upper bound on the maximand of stage `s` over all plans that reach `reached[r]` on every stage r < s,
 * rounded up at twelve decimals.
 */
export function provenBound(
  network: Network,
  policy: Policy,
  s: number,
  prices: Prices,
  reached: Decimal[],
  /** Lots over the horizon that each pair has, where a price says that it keeps them. */
  has: Float64Array = new Float64Array(0),
): Decimal {
  const multiplier = (r: number): Decimal =>
    r === s ? decimal(1) : r < s ? { units: BigInt(prices.stage.units[r] ?? 0), scale: prices.stage.scale } : zero;
  const weights = policy.stages.map((_, r) => multiplier(r));
  const named = (name: string) =>
    weights.filter((_, r) => policy.stages[r]!.stage === name).reduce((a, b) => plus(a, b), zero);
  let money: Decimal = { units: BigInt(prices.budget.units[0] ?? 0), scale: prices.budget.scale };
  policy.costWeight.forEach((weight, r) => {
    money = plus(money, times(weight, weights[r]!));
  });

  const bands = bandTerm(network, policy, prices, weights);
  let sum = rowTerm(network, prices, reached);
  sum = plus(sum, keptTerm(prices, has));
  const stay = network.planned ? named('stay') : zero;
  sum = plus(sum, shipTerm(network, prices, money, stay));
  sum = plus(sum, stayTerm(network, prices, money, stay));
  sum = plus(sum, storeTerm(network, prices));
  sum = plus(sum, floorTerm(network, prices, named('floor')));
  sum = plus(sum, maxminTerm(network, prices, plus(named('maxmin'), named('leximin'))));
  const all = plus({ units: sum.units * bands.divisor, scale: sum.scale }, bands);
  return ceilDiv(all, bands.divisor, PLACES);
}

/** b'y. */
function rowTerm(network: Network, prices: Prices, reached: Decimal[]): Decimal {
  const { T, exact, arcs, supply } = network;
  const goods = dot();
  for (let i = 0; i < supply.length; i++) if (supply[i]) addProduct(goods, prices.goods.units[i]!, supply[i]!);
  let sum: Decimal = { units: total(goods), scale: prices.goods.scale };
  const add = (block: Grid, limit: (row: number) => Decimal | null) => {
    const byScale: Dot[] = [];
    for (let row = 0; row < block.units.length; row++) {
      const y = block.units[row]!;
      if (!y) continue;
      const b = limit(row);
      if (!b) throw new RangeError(`a price on row ${row}, which has no limit`);
      byScale[b.scale] ??= dot();
      const d = byScale[b.scale]!;
      if (!addProduct(d, y, safeNumber(b.units))) d.spilled += BigInt(y) * b.units;
    }
    byScale.forEach((d, scale) => {
      sum = plus(sum, { units: total(d), scale: scale + block.scale });
    });
  };
  add(prices.route, (a) => exact.capacity[arcs.route[a]!]!);
  add(prices.handling, (node) => exact.handling[node]!);
  add(prices.storage, (node) => exact.storage[Math.floor(node / T)]!);
  add(prices.fleet, (row) => exact.fleet[row]!);
  add(prices.budget, () => exact.budget);
  add(prices.stage, (r) => ({ units: -reached[r]!.units, scale: reached[r]!.scale }));
  return sum;
}

/** −Σ price · M of the pairs that keep what they have. */
function keptTerm({ leximin }: Prices, has: Float64Array): Decimal {
  const kept = dot();
  leximin.units.forEach((price, pair) => {
    if (!price) return;
    const lots = has[pair];
    if (lots === undefined) throw new RangeError(`a price on what pair ${pair} keeps, which is not known`);
    if (!addProduct(kept, price, lots)) kept.spilled += BigInt(price) * BigInt(lots);
  });
  return { units: -total(kept), scale: leximin.scale };
}

function storeTerm(network: Network, prices: Prices): Decimal {
  const { S, T, K, D, exact, upper } = network;
  const { goods, storage } = prices;
  const scale = Math.max(goods.scale, exact.weight.scale + storage.scale);
  const lift = pow10(scale - goods.scale);
  const liftStorage = pow10(scale - exact.weight.scale - storage.scale);
  let units = 0n;
  for (let s = 0; s < S; s++)
    for (let t = 0; t + 1 < T; t++)
      for (let k = 0; k < K; k++) {
        const i = (s * T + t) * K + k;
        // goods that will be worth no more are not kept
        const gain = goods.units[i + K]! - goods.units[i]!;
        if (gain <= 0 || upper.store[i] === 0) continue;
        let profit = BigInt(gain) * lift;
        if (s >= D) profit -= exact.weight.units[k]! * BigInt(storage.units[s * T + t]!) * liftStorage;
        if (profit > 0n) units += profit * BigInt(upper.store[i]!);
      }
  return { units, scale };
}

/** v_jk ≤ floor_j · N_jk with v_jk ≤ Σ_t m_jkt priced at `floor`. */
function floorTerm(network: Network, prices: Prices, weight: Decimal): Decimal {
  const { R, K, exact } = network;
  const { floor } = prices;
  const scale = Math.max(exact.points.scale + weight.scale, floor.scale);
  const onPoints = pow10(scale - exact.points.scale - weight.scale) * weight.units;
  const onFloor = pow10(scale - floor.scale);
  let units = 0n;
  // without a weight no price is low enough
  for (let j = 0; j < R && onPoints > 0n; j++) {
    const share = exact.floor.units[j]!;
    for (let k = 0; k < K && share > 0n; k++) {
      const profit = exact.points.units[j * K + k]! * onPoints - BigInt(floor.units[j * K + k]!) * onFloor;
      if (profit > 0n) units += profit * share * BigInt(totalNeed(network, j, k));
    }
  }
  return { units, scale: scale + exact.floor.scale };
}

/** z ≤ 1 with z · N_jk ≤ Σ_t m_jkt priced at `maxmin`. */
function maxminTerm(network: Network, prices: Prices, weight: Decimal): Decimal {
  const { R, K } = network;
  const { maxmin } = prices;
  const scale = Math.max(weight.scale, maxmin.scale);
  const priced = dot();
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const price = maxmin.units[j * K + k]!;
      if (!price) continue;
      const needed = totalNeed(network, j, k);
      if (!addProduct(priced, price, needed)) priced.spilled += BigInt(price) * BigInt(needed);
    }
  const units = atScale(weight, scale) - total(priced) * pow10(scale - maxmin.scale);
  return { units: units > 0n ? units : 0n, scale };
}
