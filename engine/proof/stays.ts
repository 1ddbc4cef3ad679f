/**
 * What the stage `stay` adds to the bound, exactly. It takes λ · weight · |x − p| off every flow, where p lots were planned:
 *
 *   max over 0 ≤ x ≤ u of profit·x − λw·|x − p|  =  (u − q)·max(0, profit − λw) + q·max(0, profit + λw) − λw·p,   q = min(p, u)
 *
 * as each lot up to p saves λw and each beyond it costs as much. `ships.ts` takes λ for a part of the price of a tonne, which sums
 * u·max(0, profit − λw); here is the rest, over the flows that were planned, and what was planned and can no longer depart.
 */
import type { Network } from '../network.js';
import type { Prices } from './bound.js';
import { type Decimal, plus, times } from './exact.js';
import { tonnePrices } from './ships.js';

export function stayTerm(network: Network, prices: Prices, money: Decimal, stay: Decimal): Decimal {
  const { planned, arcs, K, exact, upper } = network;
  if (!planned || stay.units === 0n) return { units: 0n, scale: 0 };
  const { scale, lift, onStay, of } = tonnePrices(network, prices, money, stay);
  const goods = prices.goods.units;
  let units = 0n;
  for (let a = 0; a < arcs.count; a++)
    for (let k = 0; k < K; k++) {
      const possible = Math.min(planned.ship[a * K + k]!, upper.ship[a * K + k]!);
      if (!(possible > 0)) continue;
      const income = BigInt(goods[arcs.to[a]! * K + k]!) - BigInt(goods[arcs.from[a]! * K + k]!);
      const weight = exact.weight.units[k]!;
      const beyond = income * lift - weight * of(a);
      const within = beyond + 2n * weight * onStay;
      units += BigInt(possible) * ((within > 0n ? within : 0n) - (beyond > 0n ? beyond : 0n));
    }
  const all = times(stay, planned.tonnes);
  return plus({ units, scale }, { units: -all.units, scale: all.scale });
}
