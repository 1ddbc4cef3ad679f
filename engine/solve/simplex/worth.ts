/** What flows are worth in doubles, for fractions of lots: the exact arithmetic of the proof counts whole ones. */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import type { Plan } from '../../proof/values.js';

/** Maximand of a `need` or `cost` stage (MODEL.md). */
export function worthOf(network: Network, policy: Policy, s: number, { ship, met }: Plan): number {
  const { arcs, approx, need, T, K } = network;
  const { widths } = policy.bands.approx;
  const slopes = policy.bands.approx.slopes[s]!;
  const money = policy.approxCostWeight[s]!;
  let sum = 0;
  for (let n = 0; n < met.length; n++) {
    const point = approx.points[Math.floor(n / (K * T)) * K + (n % K)]!;
    let rest = met[n]!;
    for (let b = 0; b < widths.length && rest > 0; b++) {
      const most = widths[b]! * need[n]!;
      sum += point * (slopes[b] ?? 0) * Math.min(rest, most);
      rest -= most;
    }
  }
  for (let a = 0; a < arcs.count && money > 0; a++) {
    let tonnes = 0;
    for (let k = 0; k < K; k++) tonnes += approx.weight[k]! * ship[a * K + k]!;
    sum -= money * approx.costPerTonne[arcs.route[a]!]! * tonnes;
  }
  return sum;
}
