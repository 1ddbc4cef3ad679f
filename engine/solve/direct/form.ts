/**
 * Network and `need` stage → a direct problem, where every route goes from a depot to a region that keeps nothing. Goods are
 * measured in tonnes, so that a tonne on a route, through a depot or in a fleet counts once whatever it is.
 */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import { bytesOf, type Layout, layOut, RECORD, record, setWord } from './layout.js';

export interface Direct {
  layout: Layout;
  network: Network;
  policy: Policy;
  stage: number;
  /** Arc of the network by position in the layout. */
  arcs: Int32Array;
  /** Tonnes a lot by resource. */
  weight: Float64Array;
  /** Usual worth of a tonne, Σ need × steepest slope × worth ÷ Σ need: what prices are about as large as. */
  usualWorth: number;
  /** Rows that can bind: routes by position, handling by node. */
  limits: { routes: number; handling: number };
  /** Bytes that one pass over all flows moves. */
  bytesPerPass: number;
}

/** Steps of fleets and budget, as a share of those of the other rows (406 iterations to 1e-3 instead of 470). */
const SIDE = 0.5;
/** Stands for "no limit" in single precision. */
const UNLIMITED = 3e38;

/** Why the direct solver cannot take a stage, in words; null where it can. */
export function declineDirect(network: Network, policy: Policy, s: number): string | null {
  const { D, H, R, T, K, arcs, approx, need, supply, scenario } = network;
  const { stage } = policy.stages[s]!;
  if (stage !== 'need') return `stage '${stage}' has other rows than needs`;
  const nothing = (stage: string) =>
    (stage === 'floor' && !approx.floor.some((share) => share > 0)) || (stage === 'stay' && network.planned === null);
  const before = policy.stages.slice(0, s).find((e) => !nothing(e.stage));
  if (before) return `stage '${before.stage}' before it has to be kept`;
  for (let a = 0; a < arcs.count; a++) {
    if (arcs.from[a]! >= D * T) return 'a route starts at a hub';
    if (arcs.to[a]! < (D + H) * T) return 'a route ends at a depot or hub';
  }
  for (let j = 0; j < R && T > 1; j++) if (approx.storage[D + H + j]! > 0) return 'a region can store goods';
  for (let good = D * T * K; good < (D + H) * T * K; good++)
    if (supply[good]! > 0) return 'goods that left before are at a hub';
  for (let k = 0; k < K; k++) {
    if (T > 1 && scenario.resources[k]!.kind === 'durable' && needed(k)) return 'an unmet need of a durable waits';
    if (!(approx.weight[k]! > 0) && needed(k)) return 'a resource weighs nothing';
  }
  if (!bytesOf(sizesOf(network, policy, 1))) return 'it takes more than the 4 GB that WebAssembly can address';
  return null;

  function needed(k: number): boolean {
    for (let n = k; n < need.length; n += K) if (need[n]! > 0) return true;
    return false;
  }
}

function sizesOf(network: Network, policy: Policy, threads: number) {
  const { D, R, T, K, arcs, exact } = network;
  const bands = policy.bands.widths.length;
  return {
    arcs: arcs.count,
    groups: R * T,
    depots: D,
    periods: T,
    resources: K,
    fleets: exact.fleet.length / T,
    bands,
    threads,
  };
}

/** Lays the problem of a stage out; `declineDirect` has nothing against it. */
export function buildDirect(network: Network, policy: Policy, stage: number, threads: number): Direct {
  const { D, H, T, arcs, approx } = network;
  const layout = layOut(sizesOf(network, policy, threads));
  const first = arcs.inStart[(D + H) * T]!;
  const order = arcs.in.subarray(first, first + arcs.count);
  const weight = approx.weight;
  const usualWorth = fillNeeds(network, policy, stage, layout);
  fillSupply(network, layout);
  const limits = fillArcs(network, policy, stage, layout, order);
  const { lanes, groups } = layout;
  const bytesPerPass = arcs.count * (lanes * 12 + RECORD * 4 + 4) + groups * lanes * 28;
  return { layout, network, policy, stage, arcs: order, weight, usualWorth, limits, bytesPerPass };
}

/**
 * Lays other needs, supplies and limits of the same network out in the memory of `direct`, which holds what `buildDirect` would give;
 * flows and prices stay as they are.
 */
export function refillDirect(direct: Direct, network: Network): Direct {
  const { layout, policy, stage, arcs: order } = direct;
  const { groups, lanes, nodes } = layout;
  layout.floats('need', groups * lanes).fill(0);
  layout.floats('worth', groups * lanes).fill(0);
  layout.doubles('handlingStep', nodes).fill(0);
  const usualWorth = fillNeeds(network, policy, stage, layout);
  fillSupply(network, layout);
  const limits = fillArcs(network, policy, stage, layout, order);
  return { ...direct, network, usualWorth, limits };
}

/** Needs in tonnes, what is there for them already, worth a tonne and the bands. Returns the usual worth. */
function fillNeeds(network: Network, policy: Policy, stage: number, layout: Layout): number {
  const { D, H, R, T, K, approx, need, supply, upper, arcs } = network;
  const { lanes, groups } = layout;
  const slopes = policy.bands.approx.slopes[stage]!;
  const bands = layout.floats('bands', layout.bands * 2);
  let upTo = 0;
  policy.bands.approx.widths.forEach((width, b) => {
    upTo += width;
    bands[2 * b] = slopes[b]!;
    bands[2 * b + 1] = b === layout.bands - 1 ? 1 : upTo;
  });
  const tonnes = layout.floats('need', groups * lanes);
  const worth = layout.floats('worth', groups * lanes);
  const given = layout.floats('given', groups * lanes);
  let sum = 0;
  let weighted = 0;
  for (let j = 0; j < R; j++)
    for (let t = 0; t < T; t++) {
      const g = j * T + t;
      const node = (D + H) * T + g;
      for (let k = 0; k < K; k++) {
        const n = g * K + k;
        const there = supply[node * K + k]!;
        given[g * lanes + k] = there * approx.weight[k]!;
        if (there === 0 && arcs.inStart[node] === arcs.inStart[node + 1]) continue;
        // what no supply can reach is no need here: its flows are bounded by zero
        if (!(need[n]! > 0) || upper.met[n] === 0) continue;
        const d = need[n]! * approx.weight[k]!;
        const w = approx.points[j * K + k]! / approx.weight[k]!;
        tonnes[g * lanes + k] = d;
        worth[g * lanes + k] = w;
        sum += d;
        weighted += d * w;
      }
    }
  const usual = sum > 0 ? (weighted / sum) * slopes[0]! : 0;
  return usual > 0 ? usual : 1;
}

function fillSupply(network: Network, layout: Layout): void {
  const { K, approx, supply } = network;
  const { lanes, nodes, fleetRows } = layout;
  const tonnes = layout.floats('supply', nodes * lanes);
  for (let node = 0; node < nodes; node++)
    for (let k = 0; k < K; k++) tonnes[node * lanes + k] = supply[node * K + k]! * approx.weight[k]!;
  const handling = layout.doubles('handlingLimit', nodes);
  for (let node = 0; node < nodes; node++) handling[node] = Math.min(approx.handling[node]!, UNLIMITED);
  const fleet = layout.doubles('fleetLimit', fleetRows).fill(UNLIMITED);
  fleet.set(approx.fleet);
  layout.doubles('budget', 4)[3] = Math.min(approx.budget, UNLIMITED);
}

/** Records of arcs, groups, and which limits can bind at all. */
function fillArcs(network: Network, policy: Policy, stage: number, layout: Layout, order: Int32Array) {
  const { D, H, R, T, arcs, approx } = network;
  const { lanes, nodes, f32, i32 } = layout;
  const need = layout.floats('need', layout.groups * lanes);
  const supply = layout.floats('supply', nodes * lanes);
  const group = layout.ints('group', layout.groups + 1);
  const costWeight = policy.approxCostWeight[stage]!;
  layout.doubles('cost', 1)[0] = costWeight;
  const base = layout.start('arc');
  const none = approx.fleet.length / T;
  const first = arcs.inStart[(D + H) * T]!;
  for (let g = 0; g <= R * T; g++) group[g] = arcs.inStart[(D + H) * T + g]! - first;

  let km = 0;
  let cost = 0;
  for (let i = 0; i < order.length; i++) {
    const r = arcs.route[order[i]!]!;
    km += approx.km[r]!;
    cost += approx.costPerTonne[r]!;
  }
  const fleetSide = km > 0 ? (SIDE * order.length) / km : 0;
  const budgetSide = cost > 0 && approx.budget < Infinity ? (SIDE * order.length) / cost : 0;

  // most that can leave a node, all together and by good
  const most = new Float64Array(nodes);
  const mostOf = new Float64Array(nodes * lanes);
  let routes = 0;
  for (let g = 0; g < R * T; g++)
    for (let i = group[g]!; i < group[g + 1]!; i++) {
      const a = order[i]!;
      const r = arcs.route[a]!;
      const at = base + i * RECORD;
      const node = arcs.from[a]!;
      const f = arcs.fleet[a]!;
      const capacity = approx.capacity[r]!;
      i32[at + record.node] = node;
      i32[at + record.row] = (f >= 0 ? f : none) * T + arcs.depart[a]!;
      i32[at + record.mode] = f >= 0 ? f : none;
      f32[at + record.perTonne] = approx.costPerTonne[r]!;
      f32[at + record.km] = f >= 0 ? approx.km[r]! : 0;
      f32[at + record.capacity] = Math.min(capacity, UNLIMITED);
      let sum = 0;
      for (let k = 0; k < lanes; k++) {
        const d = need[g * lanes + k]!;
        sum += d;
        mostOf[node * lanes + k]! += Math.min(d, capacity);
      }
      most[node]! += Math.min(sum, capacity);
      const binding = sum > capacity;
      if (binding) routes++;
      f32[at + record.step] = binding ? 1 : 0;
    }

  const handlingStep = layout.doubles('handlingStep', nodes);
  const handlingLimit = layout.doubles('handlingLimit', nodes);
  let handling = 0;
  for (let depot = 0; depot < nodes; depot += T) {
    const stock = new Float64Array(lanes);
    for (let node = depot; node < depot + T; node++) {
      let there = 0;
      for (let k = 0; k < lanes; k++) {
        stock[k]! += supply[node * lanes + k]!;
        there += Math.min(stock[k]!, mostOf[node * lanes + k]!);
      }
      if (Math.min(there, most[node]!) <= handlingLimit[node]!) continue;
      handlingStep[node] = 1;
      handling++;
    }
  }
  // supply and handling of a depot are almost parallel: one step for both where there is one period
  const joint = T === 1;
  setWord(layout, 'joint', joint ? 1 : 0);
  for (let i = 0; i < order.length; i++) {
    const at = base + i * RECORD;
    const rows =
      2 +
      (f32[at + record.step]! > 0 ? 1 : 0) +
      (!joint && handlingStep[i32[at + record.node]!]! > 0 ? 1 : 0) +
      fleetSide * f32[at + record.km]! +
      budgetSide * f32[at + record.perTonne]!;
    f32[at + record.column] = 1 / rows;
  }
  sides.set(layout, { fleet: fleetSide, budget: budgetSide });
  return { routes, handling };
}

/** Weights of the fleets' and the budget's rows in the steps, by layout. */
export const sides = new WeakMap<Layout, { fleet: number; budget: number }>();
