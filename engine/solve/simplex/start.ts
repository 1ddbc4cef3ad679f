/** Where the pivots start, and what is read off the tree where they end. */
import type { FlowProblem, FlowSolution } from './flow.js';

/** A spanning tree over nodes and root, in thread order (preorder); the root's own `pred`, `up` and `down` mean nothing. */
export interface Tree {
  price: Float64Array;
  /** How much more can be pushed from the node to its parent, and from the parent to it. */
  up: Float64Array;
  down: Float64Array;
  /** −1 for the root. */
  parent: Int32Array;
  /** Place of the arc to the parent. */
  pred: Int32Array;
  thread: Int32Array;
  before: Int32Array;
  /** Nodes in the subtree, and the last of them in thread order. */
  size: Int32Array;
  last: Int32Array;
}

/** Arcs by place, as they are turned now. */
export interface Arcs {
  from: Int32Array;
  to: Int32Array;
  cost: Float64Array;
  upper: Float64Array;
}

export interface Start {
  arcs: Arcs;
  tree: Tree;
  /** The problem's arc at each place; (problem's arcs + v) is the one by which node v gives goods up. */
  arcAt: Int32Array;
  /** Arcs in a block of the search. */
  block: number;
}

/**
 * Share of √m in a block; Király and Kovács take all of it. On nation-day with one resource the time is the same from 0.35 to 0.7 (five
 * to eight milliseconds), and a tenth more at 0.2: smaller blocks make more pivots.
 */
const BLOCK = 0.5;
const SMALLEST_BLOCK = 10;

/**
 * All arcs empty, all goods given up: a star around the root, strongly feasible as every arc leads to the root. A node
 * without supply hangs on the arc to the root that is worth most, so that goods are drawn to it from the first pivot on.
 *
 * Arcs are laid out with a stride of √m, so that each block looks into all parts of the country: on nation-day in the
 * order of the file twice the searching and twice as large subtrees to move.
 */
export function startTree(problem: FlowProblem): Start {
  const { nodes: n, supply, from, to, cost, upper } = problem;
  const m = from.length;
  const count = m + n;
  const arcs: Arcs = {
    from: new Int32Array(count),
    to: new Int32Array(count),
    cost: new Float64Array(count),
    upper: new Float64Array(count),
  };
  const arcAt = new Int32Array(count);
  const pred = new Int32Array(n + 1);
  const best = new Float64Array(n);
  const stride = Math.max(SMALLEST_BLOCK, Math.floor(Math.sqrt(count)));
  let place = 0;
  for (let first = 0; first < stride; first++)
    for (let a = first; a < count; a += stride, place++) {
      arcAt[place] = a;
      const own = a < m;
      const v = own ? from[a]! : a - m;
      arcs.from[place] = v;
      arcs.to[place] = own ? to[a]! : n;
      arcs.cost[place] = own ? cost[a]! : 0;
      arcs.upper[place] = own ? upper[a]! : Infinity;
      if (own ? to[a] === n && supply[v] === 0 && cost[a]! < best[v]! : best[v] === 0) {
        best[v] = arcs.cost[place]!;
        pred[v] = place;
      }
    }

  const tree: Tree = {
    price: new Float64Array(n + 1),
    up: new Float64Array(n + 1),
    down: new Float64Array(n + 1),
    parent: new Int32Array(n + 1).fill(n),
    pred,
    thread: new Int32Array(n + 1),
    before: new Int32Array(n + 1),
    size: new Int32Array(n + 1).fill(1),
    last: new Int32Array(n + 1),
  };
  for (let v = 0; v <= n; v++) {
    // n, 0, 1, …, n − 1
    tree.thread[v] = v === n ? 0 : v + 1;
    tree.before[v] = v === 0 ? n : v - 1;
    tree.last[v] = v;
    if (v === n) continue;
    tree.price[v] = -arcs.cost[pred[v]!]!;
    tree.up[v] = arcs.upper[pred[v]!]!;
    tree.down[v] = supply[v]!;
  }
  tree.parent[n] = -1;
  tree.size[n] = n + 1;
  tree.last[n] = n === 0 ? 0 : n - 1;
  return { arcs, tree, arcAt, block: Math.max(SMALLEST_BLOCK, Math.floor(BLOCK * Math.sqrt(count))) };
}

/** Flows and prices of a tree: an arc outside it is full where it was turned round, and empty where not. */
export function readTree(problem: FlowProblem, { arcs, tree, arcAt }: Start, pivots: number): FlowSolution {
  const m = problem.from.length;
  const flow = new Float64Array(m);
  arcAt.forEach((a, place) => {
    if (a < m && arcs.from[place] !== problem.from[a]) flow[a] = problem.upper[a]!;
  });
  for (let v = 0; v < problem.nodes; v++) {
    const a = arcAt[tree.pred[v]!]!;
    if (a < m) flow[a] = problem.from[a] === v ? tree.down[v]! : tree.up[v]!;
  }
  return { flow, price: tree.price.slice(0, problem.nodes), pivots };
}
