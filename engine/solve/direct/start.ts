/** Where a cold ascent begins: no flows, and goods that a depot never has at a price nobody pays. */
import type { Direct } from './form.js';
import { RECORD, record } from './layout.js';

export function coldStart({ layout }: Direct): void {
  const { arcs, nodes, lanes, groups, periods: T, resources: K, f32 } = layout;
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
  // no flow moves on a route of no capacity, so its price would never rise by itself, and it costs the bound nothing
  for (let a = 0, at = layout.start('arc'); a < arcs; a++, at += RECORD)
    if (f32[at + record.step]! > 0 && !(f32[at + record.capacity]! > 0))
      f32[at + record.price] = 2 * steepest * dearest;
}
