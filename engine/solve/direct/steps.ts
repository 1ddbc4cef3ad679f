/** Step sizes of rows after Pock and Chambolle (2011): one over the sum of the column scales in a row. */
import { sides } from './form.js';
import type { Kernel } from './kernel.js';
import type { Layout } from './layout.js';

/**
 * Takes column scales from the anchor, s = min(s₀, max(least · s₀, 4 · anchor)) with s₀ = min(need, capacity), and sets the steps of all
 * rows. A flow that came to nothing moves slowly from then on, and its share of the rows' steps goes to the others: half the
 * iterations (PERFORMANCE of the README). `sums` of all threads must be clear before.
 */
export function setSteps(layout: Layout, kernel: Kernel, least: number): void {
  const { nodes, lanes, periods: T, fleetRows, fleets } = layout;
  kernel.clear(0);
  kernel.scale(0, 0, layout.groups, least);
  const { goods, handling, fleet, total } = layout.sums;
  const goodStep = layout.floats('goodStep', nodes * lanes);
  const supply = layout.floats('supply', nodes * lanes);
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < lanes; k++) {
      // one step for all periods of a good, so that pooling them is a plain mean
      let most = 0;
      let stock = 0;
      for (let e = depot * lanes + k, t = 0; t < T; t++, e += lanes) {
        most = Math.max(most, goods[e]!);
        stock += supply[e]!;
      }
      const step = most > 0 && stock > 0 ? 1 / most : 0;
      for (let e = depot * lanes + k, t = 0; t < T; t++, e += lanes) goodStep[e] = step;
    }
  const handlingStep = layout.doubles('handlingStep', nodes);
  for (let n = 0; n < nodes; n++) if (handlingStep[n]! > 0) handlingStep[n] = 1 / Math.max(handling[n]!, 1e-30);
  const side = sides.get(layout)!;
  const fleetStep = layout.doubles('fleetStep', fleetRows);
  for (let f = 0; f < fleets * T; f++) fleetStep[f] = side.fleet > 0 && fleet[f]! > 0 ? side.fleet / fleet[f]! : 0;
  layout.doubles('budget', 4)[2] = side.budget > 0 && total[0]! > 0 ? side.budget / total[0]! : 0;
}
