/**
 * The bound that prices prove (MODEL.md, "The certificate"): for rows A x ≤ b, 0 ≤ x ≤ u and any y ≥ 0,
 *
 *   f_s(x) ≤ b'y + Σ_j u_j · max(0, c_j − y'A_j)      for every feasible x
 *
 * (weak duality of linear programming with bounded variables). The columns are summed family by family, each with
 * its rows written out, so that nothing here depends on how a solver was told about the problem:
 *
 *   ship  (a, k)     goods at `from` − goods at `to`, tonnes on route, handling, fleet, budget, cost of stages
 *   store (site, t)  goods at t − goods at t+1, tonnes in storage
 *   band  (j, k, t)  met need: goods at the region, backlog, credits of floor and maxmin, utility of stages
 *   floor (j, k)     floor met, at most the floor and at most Σ_t m;   z ≤ 1 with z · N_jk ≤ Σ_t m
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import type { PriceBlockName } from '../types.js';
import { atScale, ceilDiv, type Decimal, decimal, type Fixed, fixed, plus, times } from './exact.js';
import { PLACES } from './values.js';

/** Dense exact prices by block; all non-negative. Row numbers: see engine/README.md. */
export type Prices = Record<PriceBlockName, Fixed>;

const zero: Decimal = { units: 0n, scale: 0 };

/**
 * Upper bound on the maximand of stage `s` over all plans that reach `reached[r]` on every stage r < s,
 * rounded up at twelve decimals.
 */
export function provenBound(network: Network, policy: Policy, s: number, prices: Prices, reached: Decimal[]): Decimal {
  const multiplier = (r: number): Decimal =>
    r === s ? decimal(1) : r < s ? { units: prices.stage.units[r] ?? 0n, scale: prices.stage.scale } : zero;
  const weights = policy.stages.map((_, r) => multiplier(r));
  const named = (name: string) =>
    weights.filter((_, r) => policy.stages[r]!.stage === name).reduce((a, b) => plus(a, b), zero);

  const bands = bandTerm(network, policy, prices, weights);
  let sum = rowTerm(network, prices, reached);
  sum = plus(sum, shipTerm(network, policy, prices, weights));
  sum = plus(sum, storeTerm(network, prices));
  sum = plus(sum, floorTerm(network, prices, named('floor')));
  sum = plus(sum, maxminTerm(network, prices, named('maxmin')));
  const total = plus({ units: sum.units * bands.divisor, scale: sum.scale }, bands);
  return ceilDiv(total, bands.divisor, PLACES);
}

/** b'y. */
function rowTerm(network: Network, prices: Prices, reached: Decimal[]): Decimal {
  const { D, T, K, exact, arcs, supply } = network;
  let goods = 0n;
  for (let i = 0; i < D * T * K; i++) {
    const y = prices.goods.units[i]!;
    if (y && supply[i]) goods += y * BigInt(supply[i]!);
  }
  let sum: Decimal = { units: goods, scale: prices.goods.scale };
  const add = (block: Fixed, limit: (row: number) => Decimal | null) => {
    block.units.forEach((y, row) => {
      if (!y) return;
      const b = limit(row);
      if (!b) throw new RangeError(`a price on row ${row}, which has no limit`);
      sum = plus(sum, times({ units: y, scale: block.scale }, b));
    });
  };
  add(prices.route, (a) => exact.capacity[arcs.route[a]!]!);
  add(prices.handling, (node) => exact.handling[Math.floor(node / T)]!);
  add(prices.storage, (node) => exact.storage[Math.floor(node / T)]!);
  add(prices.fleet, (row) => exact.fleet[Math.floor(row / T)]!);
  add(prices.budget, () => exact.budget);
  add(prices.stage, (r) => ({ units: -reached[r]!.units, scale: reached[r]!.scale }));
  return sum;
}

/** Σ over (arc, resource) of u · max(0, y_to − y_from − weight × price of a tonne on the arc). */
function shipTerm(network: Network, policy: Policy, prices: Prices, weights: Decimal[]): Decimal {
  const { arcs, K, exact, upper } = network;
  let money: Decimal = { units: prices.budget.units[0] ?? 0n, scale: prices.budget.scale };
  policy.costWeight.forEach((weight, r) => {
    money = plus(money, times(weight, weights[r]!));
  });
  const tonne = tonnePrices(network, prices, money);
  const scale = Math.max(prices.goods.scale, tonne.scale + exact.weight.scale);
  const lift = 10n ** BigInt(scale - prices.goods.scale);
  const liftTonne = 10n ** BigInt(scale - tonne.scale - exact.weight.scale);
  const weight = exact.weight.units.map((w) => w * liftTonne);

  // Most columns are far from profitable. Doubles rule those out with a margin of 32 units in the last place of the
  // largest term, where the three roundings and two operations err by at most five; the rest is done exactly.
  const y = toDoubles(prices.goods);
  const w = toDoubles(exact.weight);
  const p = toDoubles(tonne);
  const MARGIN = 32 * Number.EPSILON;
  let units = 0n;
  for (let a = 0; a < arcs.count; a++) {
    const from = arcs.from[a]! * K;
    const to = arcs.to[a]! * K;
    for (let k = 0; k < K; k++) {
      const u = upper.ship[a * K + k]!;
      if (u === 0) continue;
      const gain = y[to + k]!;
      const loss = y[from + k]! + w[k]! * p[a]!;
      if (gain < loss - MARGIN * loss) continue;
      const profit =
        (prices.goods.units[to + k]! - prices.goods.units[from + k]!) * lift - weight[k]! * tonne.units[a]!;
      if (profit > 0n) units += profit * BigInt(u);
    }
  }
  return { units, scale };
}

/** Price of one tonne on each arc: route, handling, km × fleet, cost × money. */
function tonnePrices(network: Network, prices: Prices, money: Decimal): Fixed {
  const { arcs, T, exact } = network;
  const { route, handling, fleet } = prices;
  const scale = Math.max(
    route.scale,
    handling.scale,
    exact.km.scale + fleet.scale,
    exact.costPerTonne.scale + money.scale,
  );
  const lift = (from: number) => 10n ** BigInt(scale - from);
  const [onRoute, onHandling] = [lift(route.scale), lift(handling.scale)];
  const onFleet = lift(exact.km.scale + fleet.scale);
  const onMoney = lift(exact.costPerTonne.scale + money.scale) * money.units;
  const units = new Array<bigint>(arcs.count);
  for (let a = 0; a < arcs.count; a++) {
    const r = arcs.route[a]!;
    let price = route.units[a]! * onRoute + handling.units[arcs.from[a]!]! * onHandling;
    const f = arcs.fleet[a]!;
    if (f >= 0) price += exact.km.units[r]! * fleet.units[f * T + arcs.depart[a]!]! * onFleet;
    units[a] = price + exact.costPerTonne.units[r]! * onMoney;
  }
  return { units, scale };
}

function storeTerm(network: Network, prices: Prices): Decimal {
  const { S, T, K, D, exact, upper } = network;
  const { goods, storage } = prices;
  const scale = Math.max(goods.scale, exact.weight.scale + storage.scale);
  const lift = 10n ** BigInt(scale - goods.scale);
  const liftStorage = 10n ** BigInt(scale - exact.weight.scale - storage.scale);
  let units = 0n;
  for (let s = 0; s < S; s++)
    for (let t = 0; t + 1 < T; t++)
      for (let k = 0; k < K; k++) {
        const i = (s * T + t) * K + k;
        const u = upper.store[i]!;
        if (u === 0) continue;
        let profit = (goods.units[i + K]! - goods.units[i]!) * lift;
        if (s >= D) profit -= exact.weight.units[k]! * storage.units[s * T + t]! * liftStorage;
        if (profit > 0n) units += profit * BigInt(u);
      }
  return { units, scale };
}

/** Met need, band by band; a quotient, as bands may be thirds. */
function bandTerm(network: Network, policy: Policy, prices: Prices, weights: Decimal[]): Decimal & { divisor: bigint } {
  const { D, H, R, T, K, exact, need, upper, scenario } = network;
  const { denominator, widths, slopes } = policy.bands;
  // σ_b = Σ_r multiplier_r · φ_rb
  const sigma = fixed(
    widths.map((_, b) =>
      slopes.reduce<Decimal>((sum, slope, r) => {
        const units = slope.units[b];
        return units ? plus(sum, times(weights[r]!, { units, scale: slope.scale })) : sum;
      }, zero),
    ),
  );
  const { goods, backlog, floor, maxmin } = prices;
  const worthScale = exact.points.scale + sigma.scale;
  const scale = Math.max(worthScale, goods.scale, backlog.scale, floor.scale, maxmin.scale);
  const lift = (from: number) => 10n ** BigInt(scale - from);
  const [onWorth, onGoods, onBacklog] = [lift(worthScale), lift(goods.scale), lift(backlog.scale)];
  const [onFloor, onMaxmin] = [lift(floor.scale), lift(maxmin.scale)];
  let units = 0n;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const durable = scenario.resources[k]!.kind === 'durable';
      const points = exact.points.units[j * K + k]! * onWorth;
      const worth = sigma.units.map((slope) => slope * points);
      const credit = floor.units[j * K + k]! * onFloor + maxmin.units[j * K + k]! * onMaxmin;
      for (let t = 0; t < T; t++) {
        const i = (j * T + t) * K + k;
        if (upper.met[i] === 0) continue;
        const good = ((D + H + j) * T + t) * K + k;
        let price = goods.units[good]! * onGoods - credit;
        if (durable) {
          price -= backlog.units[i]! * onBacklog;
          if (t + 1 < T) price += backlog.units[i + K]! * onBacklog - goods.units[good + K]! * onGoods;
        }
        const n = BigInt(need[i]!);
        let rest = BigInt(upper.met[i]!) * denominator;
        for (let b = 0; b < widths.length && rest > 0n; b++) {
          const profit = worth[b]! - price;
          if (profit <= 0n) break; // slopes never rise, so later bands are no better
          const width = widths[b]! * n;
          units += profit * (rest < width ? rest : width);
          rest -= width;
        }
      }
    }
  return { units, scale, divisor: denominator };
}

/** v_jk ≤ floor_j · N_jk with v_jk ≤ Σ_t m_jkt priced at `floor`. */
function floorTerm(network: Network, prices: Prices, weight: Decimal): Decimal {
  const { R, K, exact } = network;
  const { floor } = prices;
  const scale = Math.max(exact.points.scale + weight.scale, floor.scale);
  const onPoints = 10n ** BigInt(scale - exact.points.scale - weight.scale) * weight.units;
  const onFloor = 10n ** BigInt(scale - floor.scale);
  let units = 0n;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const profit = exact.points.units[j * K + k]! * onPoints - floor.units[j * K + k]! * onFloor;
      if (profit > 0n) units += profit * exact.floor.units[j]! * BigInt(totalNeed(network, j, k));
    }
  return { units, scale: scale + exact.floor.scale };
}

/** z ≤ 1 with z · N_jk ≤ Σ_t m_jkt priced at `maxmin`. */
function maxminTerm(network: Network, prices: Prices, weight: Decimal): Decimal {
  const { R, K } = network;
  const { maxmin } = prices;
  const scale = Math.max(weight.scale, maxmin.scale);
  let units = atScale(weight, scale);
  const lift = 10n ** BigInt(scale - maxmin.scale);
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const price = maxmin.units[j * K + k]!;
      if (price) units -= price * BigInt(totalNeed(network, j, k)) * lift;
    }
  return { units: units > 0n ? units : 0n, scale };
}

function toDoubles(f: Fixed): Float64Array {
  const one = 10 ** f.scale;
  return Float64Array.from(f.units, (units) => Number(units) / one);
}
