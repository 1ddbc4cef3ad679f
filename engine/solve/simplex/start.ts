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
  tree: Tree;
  /** The problem's arc at each place; (problem's arcs + v) is the one by which node v gives goods up. */
  arcAt: Int32Array;
  /** Arcs in a block of the search. */
  block: number;
}

/**
 * Share of √m in a block; Király and Kovács take all of it. On nation-day with one resource the time is the same from 0.35 to 0.7 (five
 * to eight milliseconds) and a tenth more at 0.2, where pivots are a third more; dense problems like larger blocks.
 */
const BLOCK = 0.7;
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
  const arcAt = new Int32Array(count);
  const stride = Math.max(SMALLEST_BLOCK, Math.floor(Math.sqrt(count)));
  for (let first = 0, place = 0; first < stride; first++)
    for (let a = first; a < count; a += stride) arcAt[place++] = a;
  const rows = Math.floor(count / stride);
  const placeOf = (a: number) => {
    const first = a % stride;
    return first * rows + Math.min(first, count % stride) + (a - first) / stride;
  };

  const up = new Float64Array(n + 1).fill(Infinity);
  const pred = new Int32Array(n + 1);
  const price = new Float64Array(n + 1);
  for (let v = 0; v < n; v++) pred[v] = placeOf(m + v);
  for (let a = 0; a < m; a++) {
    const v = from[a]!;
    if (to[a] !== n || supply[v] !== 0 || -cost[a]! <= price[v]!) continue;
    price[v] = -cost[a]!;
    up[v] = upper[a]!;
    pred[v] = placeOf(a);
  }
  const tree: Tree = {
    price,
    up,
    down: new Float64Array(n + 1),
    parent: new Int32Array(n + 1).fill(n),
    pred,
    // n, 0, 1, …, n − 1
    thread: Int32Array.from({ length: n + 1 }, (_, v) => (v === n ? 0 : v + 1)),
    before: Int32Array.from({ length: n + 1 }, (_, v) => (v === 0 ? n : v - 1)),
    size: new Int32Array(n + 1).fill(1),
    last: Int32Array.from({ length: n + 1 }, (_, v) => v),
  };
  tree.down.set(supply);
  tree.parent[n] = -1;
  tree.size[n] = n + 1;
  tree.last[n] = Math.max(0, n - 1);
  return { tree, arcAt, block: Math.max(SMALLEST_BLOCK, Math.floor(BLOCK * Math.sqrt(count))) };
}

/** The arcs by place, none turned yet. */
export function layArcs(problem: FlowProblem, arcAt: Int32Array): Arcs {
  const { nodes: n, from, to, cost, upper } = problem;
  const m = from.length;
  return {
    from: arcAt.map((a) => (a < m ? from[a]! : a - m)),
    to: arcAt.map((a) => (a < m ? to[a]! : n)),
    cost: Float64Array.from(arcAt, (a) => (a < m ? cost[a]! : 0)),
    upper: Float64Array.from(arcAt, (a) => (a < m ? upper[a]! : Infinity)),
  };
}

/**
 * Flows and prices of a tree: an arc outside it is full where it was turned round, and empty where not. `tailAt` gives the node
 * that the arc at a place leads from now.
 */
export function readTree(
  problem: FlowProblem,
  { tree, arcAt }: Start,
  tailAt: (place: number) => number,
  pivots: number,
): FlowSolution {
  const { from, upper, nodes } = problem;
  const m = from.length;
  const flow = new Float64Array(m);
  for (let place = 0; place < arcAt.length; place++) {
    const a = arcAt[place]!;
    if (a < m && tailAt(place) !== from[a]) flow[a] = upper[a]!;
  }
  for (let v = 0; v < nodes; v++) {
    const a = arcAt[tree.pred[v]!]!;
    if (a < m) flow[a] = from[a] === v ? tree.down[v]! : tree.up[v]!;
  }
  return { flow, price: tree.price.slice(0, nodes), pivots };
}
