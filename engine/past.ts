/**
 * When time has moved on (MODEL.md): what was sent before has left, what came is where it came to, what is on the road will come,
 * and what was spent is gone. Behind this line a network with a past is one like any other, with goods at more places.
 */
import type { CompletePast, CompleteScenario } from '../scenarios/index.js';
import { routeFinder } from '../scenarios/index.js';
import type { ExactData } from './coefficients.js';
import { type Decimal, decimal, plus, times } from './proof/exact.js';

/** Sizes and numbers that a past is counted in. */
export interface Places {
  T: number;
  K: number;
  D: number;
  H: number;
  siteNumber: ReadonlyMap<string, number>;
  resourceNumber: ReadonlyMap<string, number>;
  /** Whole lots of resource k in a quantity. */
  lots(quantity: number, k: number): number;
}

/** First period in which anything can depart. */
export const firstPeriod = ({ after }: CompleteScenario): number => after?.period ?? 0;

/** Whether goods that come to a site in a period that is past are there in the first open one: not where they are used as they come. */
const waits = (s: number, { D, H }: Places, exact: ExactData): boolean => s < D + H || exact.storage[s]!.units > 0n;

/** Puts the past into `supply` (lots by good), where what depots have until the first open period stands in that one already. */
export function addPast(supply: Float64Array, past: CompletePast, exact: ExactData, places: Places): void {
  const { T, K, siteNumber, resourceNumber, lots } = places;
  const { period: first } = past;
  const add = (s: number, t: number, k: number, amount: number) => {
    if (t < T) supply[(s * T + t) * K + k]! += amount;
  };
  for (const { resource, from, to, quantity, delivered, arrived } of past.shipped) {
    const k = resourceNumber.get(resource)!;
    add(siteNumber.get(from)!, first, k, -lots(quantity, k));
    const s = siteNumber.get(to)!;
    add(s, waits(s, places, exact) ? Math.max(arrived, first) : arrived, k, lots(delivered, k));
  }
  for (const { region, resource, period, quantity } of past.used) {
    const k = resourceNumber.get(resource)!;
    const s = siteNumber.get(region)!;
    add(s, first, k, -lots(quantity, k));
    add(s, period, k, lots(quantity, k));
  }
}

/** Tonnes that left before, and what that cost. */
export interface Spent {
  tonnes: Decimal;
  cost: Decimal;
}

export function spentBefore({ routes }: CompleteScenario, past: CompletePast, exact: ExactData, places: Places): Spent {
  const { K, resourceNumber, lots } = places;
  const route = routeFinder(routes);
  // by route and resource first: there are few of them, and many lines
  const sums = new Float64Array((routes.length + 1) * K);
  for (const line of past.shipped) {
    const k = resourceNumber.get(line.resource)!;
    sums[(route(line, line.depart) + 1) * K + k]! += lots(line.quantity, k);
  }
  const zero = decimal(0);
  let [tonnes, cost] = [zero, zero];
  sums.forEach((sum, i) => {
    if (sum === 0) return;
    const r = Math.floor(i / K) - 1;
    const load = times({ units: exact.weight.units[i % K]!, scale: exact.weight.scale }, decimal(sum));
    tonnes = plus(tonnes, load);
    if (r >= 0)
      cost = plus(cost, times(load, { units: exact.costPerTonne.units[r]!, scale: exact.costPerTonne.scale }));
  });
  return { tonnes, cost };
}
