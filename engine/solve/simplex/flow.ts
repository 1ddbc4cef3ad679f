/**
 * Minimum-cost flow in the form the pivots need: every node may give goods up at no cost, so there is always a plan (send
 * nothing), no artificial arcs, no big M, and no price is below zero.
 *
 *   min Σ cost·flow   out(v) + given up(v) = supply(v) + in(v),   0 ≤ flow ≤ upper
 */
export interface FlowProblem {
  /** Nodes 0 … nodes − 1; the root, where goods end, is node number `nodes` and has no supply. */
  nodes: number;
  /** Whole numbers ≥ 0 by node. */
  supply: Float64Array;
  from: Int32Array;
  /** The root for arcs that use goods up. */
  to: Int32Array;
  /** Below zero where a flow is worth something. */
  cost: Float64Array;
  /** Finite, above zero. */
  upper: Float64Array;
}

export interface FlowSolution {
  flow: Float64Array;
  /** y ≥ 0 by node, of one unit there; 0 at the root. Optimal with `flow`: flow < upper ⇒ y_to ≤ y_from + cost, flow > 0 ⇒ ≥. */
  price: Float64Array;
  pivots: number;
}

/** Either kind of machine: the same pivots in the same order, so the same digits. */
export type Pivot = (problem: FlowProblem) => FlowSolution;

/** Bits of a double's significand, less two for sums of three terms. */
const BITS = 50;

/** Least power of two from `x` on. */
function powerAbove(x: number): number {
  let power = 2 ** Math.ceil(Math.log2(x));
  while (power < x) power *= 2;
  return power;
}

/**
 * The same problem on binary grids so coarse that no sum of flows or costs in the simplex method is ever rounded: bounds
 * down to multiples of total supply ÷ 2^50, costs to the nearest of nodes × largest cost ÷ 2^50. In exact arithmetic a
 * strongly feasible tree cannot cycle, and no tolerance is needed anywhere.
 */
export function onGrids(problem: FlowProblem): FlowProblem {
  const total = problem.supply.reduce((a, b) => a + b, 0);
  const steepest = problem.cost.reduce((a, c) => Math.max(a, Math.abs(c)), 0);
  const unit = total > 0 ? powerAbove(total) / 2 ** BITS : 1;
  const grain = steepest > 0 ? powerAbove(steepest * (problem.nodes + 1)) / 2 ** BITS : 1;
  return {
    ...problem,
    // more than everything never flows, as no cycle gains; a bound of exactly that might be full, and its price lost
    upper: problem.upper.map((u) => Math.floor(Math.min(u, 2 * total + 1) / unit) * unit),
    cost: problem.cost.map((c) => Math.round(c / grain) * grain),
  };
}
