/** Where a cold ascent begins: no flows, and goods that a depot never has at a price nobody pays. */
import type { Direct } from './form.js';

export function coldStart({ layout }: Direct): void {
  const { nodes, lanes, groups, periods: T, resources: K } = layout;
  const supply = layout.floats('supply', nodes * lanes);
  const worth = layout.floats('worth', groups * lanes);
  const goods = layout.floats('goods', nodes * lanes);
  const steepest = layout.floats('bands', 1)[0]!;
  let dearest = 0;
  for (let i = 0; i < worth.length; i++) dearest = Math.max(dearest, worth[i]!);
  for (let depot = 0; depot < nodes; depot += T)
    for (let k = 0; k < K; k++) {
      let stock = 0;
      for (let t = 0; t < T; t++) stock += supply[(depot + t) * lanes + k]!;
      if (stock > 0) continue;
      for (let t = 0; t < T; t++) goods[(depot + t) * lanes + k] = 2 * steepest * dearest;
    }
}
