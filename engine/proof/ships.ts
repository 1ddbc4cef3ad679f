/**
 * Σ over (arc, resource) of u · max(0, y_to − y_from − weight × price of a tonne on the arc), exactly.
 *
 * Doubles say for most columns whether they are profitable, residues for those near zero, BigInt for what is left. The
 * profits themselves are then never formed: what is summed are lots × price of goods, tonnes × price of the route and
 * so on, which are products of whole numbers below 2^53.
 */
import type { Network } from '../network.js';
import type { Prices } from './bound.js';
import { addProduct, dot, dots, safeUnits, total } from './dot.js';
import { type Decimal, pow10 } from './exact.js';
import { residue, residueOf, SMALL, small, timesResidue } from './residue.js';

/** A gain suffers two roundings of half an epsilon, a loss nine, their difference one: 5.5 epsilons of gain + loss. */
const MARGIN = 8 * Number.EPSILON;

/** What a tonne on each arc costs, exactly, in units of 10^-`scale` a unit of the weights. */
export interface TonnePrices {
  scale: number;
  /** By what a price of each kind is multiplied, to be of that scale. */
  lift: bigint;
  onRoute: bigint;
  onHandling: bigint;
  onFleet: bigint;
  /** With the price in it. */
  onMoney: bigint;
  onStay: bigint;
  of(a: number): bigint;
}

/**
 * `money`: points of the stage that one unit of currency is worth, in the budget and in cost together; `stay`: points that a tonne is
 * worth which departs as planned.
 */
export function tonnePrices(network: Network, prices: Prices, money: Decimal, stay: Decimal): TonnePrices {
  const { arcs, T, exact } = network;
  const { goods, route, handling, fleet } = prices;
  const scale = Math.max(
    goods.scale,
    exact.weight.scale +
      Math.max(
        ...[route.scale, handling.scale, exact.km.scale + fleet.scale, exact.costPerTonne.scale + money.scale],
        stay.scale,
      ),
  );
  const lift = pow10(scale - goods.scale);
  const ofTonne = (from: number) => pow10(scale - exact.weight.scale - from);
  const onRoute = ofTonne(route.scale);
  const onHandling = ofTonne(handling.scale);
  const onFleet = ofTonne(exact.km.scale + fleet.scale);
  const onMoney = ofTonne(exact.costPerTonne.scale + money.scale) * money.units;
  const onStay = ofTonne(stay.scale) * stay.units;

  const of = (a: number): bigint => {
    const r = arcs.route[a]!;
    const f = arcs.fleet[a]!;
    let price = BigInt(route.units[a]!) * onRoute + BigInt(handling.units[arcs.from[a]!]!) * onHandling;
    if (f >= 0) price += exact.km.units[r]! * BigInt(fleet.units[f * T + arcs.depart[a]!]!) * onFleet;
    return price + exact.costPerTonne.units[r]! * onMoney + onStay;
  };
  return { scale, lift, onRoute, onHandling, onFleet, onMoney, onStay, of };
}

/** `money` and `stay` as above; each flow beyond what was planned: what is planned itself gains (`stays.ts`). */
export function shipTerm(network: Network, prices: Prices, money: Decimal, stay: Decimal): Decimal {
  const { arcs, K, T, exact, upper } = network;
  const { goods, route, handling, fleet } = prices;
  const tonnes = tonnePrices(network, prices, money, stay);
  const { scale, lift, onRoute, onHandling, onFleet, onMoney, onStay } = tonnes;

  const y = goods.units;
  const weight = safeUnits(exact.weight.units);
  const km = safeUnits(exact.km.units);
  const cost = safeUnits(exact.costPerTonne.units);
  const asDouble = [lift, onRoute, onHandling, onFleet, onMoney, onStay].map(Number);
  const [dLift, dRoute, dHandling, dFleet, dMoney, dStay] = asDouble as [
    ...[number, number, number, number, number],
    number,
  ];
  const rStay = residueOf(onStay);
  const rLift = residueOf(lift);
  const rWeight = exact.weight.units.map(residueOf);
  const [rRoute, rHandling, rFleet, rMoney] = [onRoute, onHandling, onFleet, onMoney].map(residueOf) as [
    number,
    number,
    number,
    number,
  ];
  const residueOfTonne = (a: number): number => {
    const r = arcs.route[a]!;
    const f = arcs.fleet[a]!;
    let sum =
      timesResidue(residue(route.units[a]!), rRoute) +
      timesResidue(residue(handling.units[arcs.from[a]!]!), rHandling) +
      timesResidue(residue(cost[r]!), rMoney);
    if (f >= 0)
      sum += timesResidue(timesResidue(residue(km[r]!), residue(fleet.units[f * T + arcs.depart[a]!]!)), rFleet);
    return residue(sum + rStay);
  };

  let rest = 0n; // profits that were summed one by one
  const onGoods = dot();
  const onArcs = dot();
  const onNodes = dot();
  const onFleets = dots(fleet.units.length);
  const onCost = dot();
  const onAll = dot();
  for (let a = 0; a < arcs.count; a++) {
    const from = arcs.from[a]! * K;
    const to = arcs.to[a]! * K;
    const r = arcs.route[a]!;
    const row = arcs.fleet[a]! < 0 ? -1 : arcs.fleet[a]! * T + arcs.depart[a]!;
    const ofRoute = route.units[a]!;
    const ofNode = handling.units[arcs.from[a]!]!;
    let tonne = ofRoute * dRoute + ofNode * dHandling + cost[r]! * dMoney;
    if (row >= 0) tonne += km[r]! * fleet.units[row]! * dFleet;
    if (dStay > 0) tonne += dStay;
    let rTonne = -1;
    let load = 0;
    for (let k = 0; k < K; k++) {
      const [income, spent] = [y[to + k]!, y[from + k]!];
      const gain = income * dLift;
      const loss = spent * dLift + weight[k]! * tonne;
      const margin = MARGIN * (gain + loss);
      if (gain - loss < -margin || income === 0) continue;
      const u = upper.ship[a * K + k]!;
      if (u === 0) continue;
      const more = weight[k]! * u;
      let sure = load + more <= Number.MAX_SAFE_INTEGER;
      if (sure && !(gain - loss > margin)) {
        sure = 2 * margin <= SMALL;
        if (sure) {
          if (rTonne < 0) rTonne = residueOfTonne(a);
          const profit = timesResidue(residue(income - spent), rLift) - timesResidue(rWeight[k]!, rTonne);
          if (small(profit) <= 0) continue;
        }
      }
      if (sure && addProduct(onGoods, income - spent, u)) load += more;
      else {
        const profit = BigInt(income - spent) * lift - exact.weight.units[k]! * tonnes.of(a);
        if (profit > 0n) rest += profit * BigInt(u);
      }
    }
    if (load === 0) continue;
    addProduct(onArcs, ofRoute, load);
    addProduct(onNodes, ofNode, load);
    if (row >= 0) addProduct(onFleets[row]!, km[r]!, load);
    addProduct(onCost, cost[r]!, load);
    if (dStay > 0) addProduct(onAll, load, 1);
  }
  let units = rest + lift * total(onGoods) - onRoute * total(onArcs) - onHandling * total(onNodes);
  onFleets.forEach((tonneKm, row) => {
    units -= onFleet * BigInt(fleet.units[row]!) * total(tonneKm);
  });
  return { units: units - onMoney * total(onCost) - onStay * total(onAll), scale };
}
