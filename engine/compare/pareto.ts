/**
 * Who is dominated, in efficacy, efficiency and equity: Huang, Smilowitz and Balcik, "Models for relief routing: equity,
 * efficiency and efficacy", Transportation Research Part E 48 (2012) 2–18.
 */
import type { Measures } from '../types.js';
import { differs } from './noise.js';
import type { Pareto } from './types.js';

/** The three criteria of each allocation. Cost decides unless nobody has any or currencies differ; then tonne-km does. */
export function pareto(measures: readonly Measures[], tolerance: number): Pareto {
  const currencies = new Set(measures.flatMap((m) => (m.currency === null ? [] : [m.currency])));
  const efficiency = currencies.size > 1 || measures.every((m) => m.cost === 0) ? 'tonneKm' : 'cost';
  const by = dominance(
    // 1 + Gini, so that the noise of a Gini near 0 is measured against 1
    measures.map((m) => [-m.peoplePeriodsMet, m[efficiency], 1 + m.gini]),
    tolerance,
  );
  return {
    efficiency,
    tolerance,
    allocations: measures.map((m, i) => ({
      efficacy: m.peoplePeriodsMet,
      efficiency: m[efficiency],
      equity: m.gini,
      smallestCoverage: m.smallestCoverage,
      dominated: by[i]!.length > 0,
      dominatedBy: by[i]!,
    })),
  };
}

/**
 * For each point the positions of those that dominate it: nowhere more, somewhere less. Noise decides nothing: values that
 * follow each other within the tolerance share a rank, and ranks are compared. (Comparing values pair by pair with a
 * tolerance could make three points dominate each other in a circle; ranks cannot.)
 */
export function dominance(points: readonly (readonly number[])[], tolerance: number): number[][] {
  const ranks = points.map(() => [] as number[]);
  for (let c = 0; c < (points[0]?.length ?? 0); c++) {
    const order = points.map((_, i) => i).sort((a, b) => points[a]![c]! - points[b]![c]!);
    let rank = 0;
    order.forEach((i, n) => {
      if (n > 0 && differs(points[order[n - 1]!]![c]!, points[i]![c]!, tolerance)) rank++;
      ranks[i]!.push(rank);
    });
  }
  const dominates = (a: number[], b: number[]) => a.every((r, c) => r <= b[c]!) && a.some((r, c) => r < b[c]!);
  return ranks.map((mine) => ranks.flatMap((other, i) => (dominates(other, mine) ? [i] : [])));
}
