/** What is left of stock and arrivals where goods were lost (MODEL.md: losses). */
import { countLots, decimalOf, decimalText } from './lots.js';
import type { Scenario } from './schema.js';

type Depot = Scenario['depots'][number];
type Resource = Scenario['resources'][number];

/** So many lots as units: the exact decimal where a double can tell it. */
export function unitsOf(lots: number, lot = 1): number {
  const { digits, exponent } = decimalOf(lot);
  return Number(decimalText({ digits: BigInt(lots) * digits, exponent }));
}

/** Whole lots in a quantity of a checked scenario, of either sign; NaN where it is not a whole number of them. */
export function lotsOf(quantity: number, lot = 1): number {
  const counted = countLots(Math.abs(quantity), lot);
  return counted.kind === 'whole' ? (quantity < 0 ? -counted.lots : counted.lots) : Number.NaN;
}

/** Lots of one resource that came to a depot up to and including each period, less what was lost until then. */
export function netSupply({ stock, arrivals, losses }: Depot, { id, lot }: Resource, count: number): number[] {
  const change = new Array<number>(count).fill(0);
  change[0]! += lotsOf(stock?.[id] ?? 0, lot);
  for (const a of arrivals ?? []) if (a.resource === id) change[a.period]! += lotsOf(a.quantity, lot);
  for (const l of losses ?? []) if (l.resource === id) change[l.period]! -= lotsOf(l.quantity, lot);
  let sum = 0;
  return change.map((lots) => (sum += lots));
}

/**
 * The depot as if the goods that are lost had never come: of what is lost the latest arrivals are missing first, so that all
 * the others can still leave when they could. The very depot where nothing was lost.
 */
export function withoutLosses(depot: Depot, resources: readonly Resource[], count: number): Depot {
  const { losses, ...whole } = depot;
  if (!losses) return depot;
  const lost = new Set(losses.map((l) => l.resource));
  const stock = { ...whole.stock };
  const arrivals = (whole.arrivals ?? []).filter((a) => !lost.has(a.resource));
  for (const resource of resources) {
    if (!lost.has(resource.id)) continue;
    // never more by a period than is there in any later one
    const supply = netSupply(depot, resource, count);
    for (let t = count - 2; t >= 0; t--) supply[t] = Math.min(supply[t]!, supply[t + 1]!);
    stock[resource.id] = unitsOf(Math.max(0, supply[0]!), resource.lot);
    for (let period = 1; period < count; period++) {
      const more = Math.max(0, supply[period]!) - Math.max(0, supply[period - 1]!);
      if (more > 0) arrivals.push({ period, resource: resource.id, quantity: unitsOf(more, resource.lot) });
    }
  }
  return { ...whole, stock, arrivals };
}
