/** The Lorenz curve (Lorenz 1905) of what is met, over regions weighted by what they need. */
import type { LorenzPoint } from './types.js';

/**
 * Points from (0, 0) to (1, 1), the least covered region first: 1 − 2 · area below is the Gini coefficient of
 * `measures.ts`. Where nothing is met all have the same, so the curve is the diagonal.
 */
export function lorenz(regions: readonly { region: string; needed: number; met: number }[]): LorenzPoint[] {
  const sorted = regions
    .filter((r) => r.needed > 0)
    .map((r) => ({ ...r, ratio: r.met / r.needed }))
    .sort((a, b) => a.ratio - b.ratio || (a.region < b.region ? -1 : 1));
  const total = { needed: 0, met: 0 };
  for (const r of sorted) {
    total.needed += r.needed;
    total.met += r.met;
  }
  const points: LorenzPoint[] = [{ needed: 0, met: 0 }];
  const sum = { needed: 0, met: 0 };
  if (total.met > 0)
    for (const r of sorted.slice(0, -1)) {
      sum.needed += r.needed;
      sum.met += r.met;
      points.push({ needed: sum.needed / total.needed, met: sum.met / total.met });
    }
  points.push({ needed: 1, met: 1 });
  return points;
}

/** The curve at a share of need from 0 to 1, linear between its points. */
export function lorenzAt(points: readonly LorenzPoint[], share: number): number {
  const i = points.findIndex((p) => p.needed >= share);
  if (i <= 0) return i < 0 ? 1 : points[0]!.met;
  const [a, b] = [points[i - 1]!, points[i]!];
  return a.met + ((b.met - a.met) * (share - a.needed)) / (b.needed - a.needed);
}
