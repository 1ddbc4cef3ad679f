/** The terms of the bound column by column in decimals of any length, straight from MODEL.md; slow and short. */
import type { Network } from '../../engine/network.js';
import type { Policy } from '../../engine/policy.js';
import type { Grid, Prices } from '../../engine/proof/bound.js';
import { type Decimal, decimal, type Fixed, plus, times } from '../../engine/proof/exact.js';

const zero = decimal(0);
const minus = (a: Decimal, b: Decimal): Decimal => plus(a, { units: -b.units, scale: b.scale });
const of = ({ units, scale }: Grid | Fixed, row: number): Decimal => ({ units: BigInt(units[row] ?? 0), scale });
const sum = (list: Decimal[]): Decimal => list.reduce(plus, zero);

/** Price of what one lot of resource k takes up on arc a. */
export function wayPrice(network: Network, prices: Prices, money: Decimal, a: number, k: number): Decimal {
  const { arcs, exact, T } = network;
  const [r, f] = [arcs.route[a]!, arcs.fleet[a]!];
  const driven = f < 0 ? zero : times(of(exact.km, r), of(prices.fleet, f * T + arcs.depart[a]!));
  const tonne = [
    of(prices.route, a),
    of(prices.handling, arcs.from[a]!),
    driven,
    times(of(exact.costPerTonne, r), money),
  ];
  return times(of(exact.weight, k), sum(tonne));
}

/**
 * Σ over flows of the most that 0 ≤ x ≤ u can bring: (y_to − y_from − way) · x, less `stay` × weight × |x − planned|, which is at an
 * end or at what was planned; less `stay` × what was planned and has no flow.
 */
export function plainShips(network: Network, prices: Prices, money: Decimal, stay = zero): Decimal {
  const { arcs, K, upper, planned, exact } = network;
  let all = zero;
  let lost = planned?.tonnes ?? zero;
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      const gain = minus(of(prices.goods, arcs.to[a]! * K + k), of(prices.goods, arcs.from[a]! * K + k));
      const profit = minus(gain, wayPrice(network, prices, money, a, k));
      const u = upper.ship[a * K + k]!;
      const p = planned?.ship[a * K + k] ?? 0;
      const each = times(of(exact.weight, k), stay);
      let best: Decimal | null = null;
      for (const x of [0, u, Math.min(p, u)]) {
        const worth = minus(times(profit, decimal(x)), times(each, decimal(Math.abs(x - p))));
        if (best === null || minus(worth, best).units > 0n) best = worth;
      }
      all = plus(all, best!);
      lost = minus(lost, times(of(exact.weight, k), decimal(p)));
    }
  return planned ? minus(all, times(stay, lost)) : all;
}

/** What a lot of need (j, k, t) is worth in band b. */
export function slopeOf(policy: Policy, weights: Decimal[], b: number): Decimal {
  return sum(
    weights.map((weight, r) => {
      const slopes = policy.bands.slopes[r]!;
      return slopes.units.length ? times(weight, of(slopes, b)) : zero;
    }),
  );
}

/** `divisor` × the best of met need beyond its price. */
export function plainBands(network: Network, policy: Policy, prices: Prices, weights: Decimal[]): Decimal {
  const { D, H, R, T, K, exact, need, upper, scenario } = network;
  const { denominator, widths } = policy.bands;
  let all = zero;
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++)
      for (let t = 0; t < T; t++) {
        const i = (j * T + t) * K + k;
        const good = ((D + H + j) * T + t) * K + k;
        let price = of(prices.goods, good);
        for (const block of [prices.floor, prices.maxmin, prices.leximin]) price = minus(price, of(block, j * K + k));
        if (scenario.resources[k]!.kind === 'durable') {
          price = minus(price, of(prices.backlog, i));
          if (t + 1 < T) price = minus(plus(price, of(prices.backlog, i + K)), of(prices.goods, good + K));
        }
        let left = BigInt(upper.met[i]!) * denominator;
        widths.forEach((width, b) => {
          const most = width * BigInt(need[i]!);
          const amount = left < most ? left : most;
          const profit = minus(times(of(exact.points, j * K + k), slopeOf(policy, weights, b)), price);
          if (profit.units > 0n) all = plus(all, times(profit, { units: amount, scale: 0 }));
          left -= amount;
        });
      }
  return all;
}
