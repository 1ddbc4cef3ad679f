/** A base that is solved, in memory that all threads see: what is large is shared, what is small is copied, names stay behind. */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import type { Direct } from '../solve/direct/form.js';
import { type Layout, RECORD, record } from '../solve/direct/layout.js';
import type { Stocked } from './figures.js';

/** Everything a thread needs to solve futures; no part of it is written to. */
export interface Base {
  network: Network;
  policy: Policy;
  /** The need stage. */
  stage: number;
  stocked: Stocked;
  /** People-periods that a lot serves, by resource. */
  people: Float64Array;
  start: Iterate;
}

/** Flows and prices of an ascent where it ended, and the needs it had. */
export interface Iterate {
  x: Float32Array;
  need: Float32Array;
  pi: Float32Array;
  goods: Float32Array;
  handling: Float64Array;
  fleet: Float64Array;
  budget: Float64Array;
  route: Float32Array;
}

/** A copy in shared memory; where there is none, an ordinary one, which a thread gets as a copy. */
export function shared<A extends Float32Array | Float64Array | Int32Array>(array: A): A {
  if (typeof SharedArrayBuffer === 'undefined') return array.slice() as A;
  const type = array.constructor as new (buffer: SharedArrayBuffer) => A; // of the same kind
  const copy = new type(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** The arrays shared, without names and exact figures, which would be copied for each thread: an ascent reads neither. */
export function shareNetwork(network: Network): Network {
  const { arcs, approx, upper, scenario } = network;
  const none = { units: [], scale: 0 };
  return {
    ...network,
    scenario: { ...scenario, resources: [], depots: [], hubs: [], regions: [], routes: [], fleets: [], after: null },
    sites: [],
    arcs: {
      count: arcs.count,
      route: shared(arcs.route),
      depart: shared(arcs.depart),
      from: shared(arcs.from),
      to: shared(arcs.to),
      fleet: shared(arcs.fleet),
      outStart: shared(arcs.outStart),
      out: shared(arcs.out),
      inStart: shared(arcs.inStart),
      in: shared(arcs.in),
    },
    supply: shared(network.supply),
    need: shared(network.need),
    // futures have their own bounds
    upper: { ship: new Float64Array(0), store: new Float64Array(0), met: shared(upper.met) },
    planned: null,
    spent: null,
    exact: {
      ...{ weight: none, points: none, people: none, km: none, costPerTonne: none, floor: none },
      ...{ lot: [], capacity: [], handling: [], storage: [], budget: null },
      // their number is a size of the layout
      fleet: network.exact.fleet,
    },
    approx: {
      weight: shared(approx.weight),
      points: shared(approx.points),
      km: shared(approx.km),
      costPerTonne: shared(approx.costPerTonne),
      capacity: shared(approx.capacity),
      handling: shared(approx.handling),
      storage: shared(approx.storage),
      fleet: shared(approx.fleet),
      budget: approx.budget,
      floor: shared(approx.floor),
    },
  };
}

const views = (layout: Layout) => ({
  x: layout.floats('x', layout.arcs * layout.lanes),
  need: layout.floats('need', layout.groups * layout.lanes),
  pi: layout.floats('pi', layout.groups * layout.lanes),
  goods: layout.floats('goods', layout.nodes * layout.lanes),
  handling: layout.doubles('handling', layout.nodes),
  fleet: layout.doubles('fleet', layout.fleetRows),
  budget: layout.doubles('budget', 1),
});

export function takeIterate({ layout }: Direct): Iterate {
  const v = views(layout);
  const route = new Float32Array(layout.arcs);
  for (let a = 0, at = layout.start('arc'); a < route.length; a++, at += RECORD)
    route[a] = layout.f32[at + record.price]!;
  return {
    x: shared(v.x),
    need: shared(v.need),
    pi: shared(v.pi),
    goods: shared(v.goods),
    handling: shared(v.handling),
    fleet: shared(v.fleet),
    budget: shared(v.budget),
    route: shared(route),
  };
}

/** No flows and no prices: where `coldStart` begins. */
export function clearIterate({ layout }: Direct): void {
  const v = views(layout);
  for (const array of [v.x, v.pi, v.goods, v.handling, v.fleet, v.budget]) array.fill(0);
  for (let a = 0, at = layout.start('arc'); a < layout.arcs; a++, at += RECORD) layout.f32[at + record.price] = 0;
}

/**
 * After `coldStart` and `setSteps`: each flow serves the same share of its need as in the base, and prices are the base's. But those
 * that nobody pays stand where nothing is left to give, and where nothing is left to ask for it (a row without a step) there is none:
 * neither would ever move.
 */
export function putIterate({ layout }: Direct, start: Iterate): void {
  const v = views(layout);
  const { lanes, f32 } = layout;
  const group = layout.ints('group', layout.groups + 1);
  const share = new Float32Array(lanes);
  const at = layout.start('arc');
  for (let g = 0; g < layout.groups; g++) {
    for (let k = 0, n = g * lanes; k < lanes; k++, n++) share[k] = start.need[n]! > 0 ? v.need[n]! / start.need[n]! : 0;
    for (let a = group[g]!; a < group[g + 1]!; a++) {
      const open = f32[at + a * RECORD + record.capacity]! > 0;
      for (let k = 0, e = a * lanes; k < lanes; k++, e++) v.x[e] = open ? start.x[e]! * share[k]! : 0;
    }
  }
  v.pi.set(start.pi);
  const put = (
    to: Float32Array | Float64Array,
    from: Float32Array | Float64Array,
    step: Float32Array | Float64Array,
  ) => {
    for (let i = 0; i < to.length; i++) if (to[i] === 0 && step[i]! > 0) to[i] = from[i]!;
  };
  put(v.goods, start.goods, layout.floats('goodStep', layout.nodes * lanes));
  put(v.handling, start.handling, layout.doubles('handlingStep', layout.nodes));
  put(v.fleet, start.fleet, layout.doubles('fleetStep', layout.fleetRows));
  put(v.budget, start.budget, layout.doubles('budget', 4).subarray(2));
  for (let a = 0, r = at; a < layout.arcs; a++, r += RECORD)
    if (f32[r + record.step]! > 0 && f32[r + record.price] === 0) f32[r + record.price] = start.route[a]!;
}
