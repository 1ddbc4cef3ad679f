/**
 * Primal network simplex: Dantzig's method on spanning trees, kept strongly feasible (Cunningham 1976) so that it cannot
 * cycle, with block search for the entering arc. After Ahuja, Magnanti and Orlin, "Network Flows" (1993), chapter 11, and
 * Király and Kovács, "Efficient implementations of minimum-cost flow algorithms" (2012), whose threaded index it keeps.
 *
 * An arc at its upper bound is turned round (ends exchanged, cost negated), so that every arc outside the tree has flow 0
 * and room `upper`; an arc in the tree has reduced cost 0 exactly. So an arc may enter if cost + y_from − y_to < 0, whatever
 * it is. The room left on tree arcs is kept at their lower nodes: nothing else of an arc is touched on a cycle.
 *
 * Plain twin of `pivot.as.ts`: same pivots in the same order.
 */
import type { FlowProblem, FlowSolution } from './flow.js';
import { type Arcs, layArcs, readTree, startTree, type Tree } from './start.js';

export function pivotPlain(problem: FlowProblem): FlowSolution {
  const start = startTree(problem);
  const { tree, arcAt, block } = start;
  const arcs = layArcs(problem, arcAt);
  let pivots = 0;
  let next = 0;
  for (;;) {
    next = scan(arcs, tree.price, block, next);
    if (entering < 0) return readTree(problem, start, (place) => arcs.from[place]!, pivots);
    pivot(arcs, tree, entering);
    pivots++;
  }
}

/** The arc that `scan` has found, or −1. A module variable, as an object a call costs a tenth of the time. */
let entering = -1;

/**
 * Block search: goes round the arcs from `next`, block by block, until a block has an arc that may enter, and takes the one with
 * the most negative reduced cost in it. Returns where to go on.
 */
function scan({ from, to, cost }: Arcs, price: Float64Array, block: number, next: number): number {
  const m = from.length;
  let best = 0;
  entering = -1;
  let left = block;
  let a = next;
  for (let seen = 0; seen < m; seen++) {
    const reduced = cost[a]! + price[from[a]!]! - price[to[a]!]!;
    if (reduced < best) {
      best = reduced;
      entering = a;
    }
    if (++a === m) a = 0;
    if (--left === 0) {
      if (entering >= 0) break;
      left = block;
    }
  }
  return a;
}

/** Sends what there is room for round the cycle of the entering arc; the arc that fills up leaves. */
function pivot(arcs: Arcs, tree: Tree, a: number): void {
  const { up, down, parent, pred, size } = tree;
  const first = arcs.from[a]!;
  const second = arcs.to[a]!;
  const room = arcs.upper[a]!;

  // Of the arcs that block, the last along the cycle from the join leaves: that keeps the tree strongly feasible
  let delta = room;
  let out = -1;
  let onFirst = false;
  let u = first;
  let v = second;
  while (u !== v)
    if (size[u]! < size[v]!) {
      if (down[u]! < delta) {
        delta = down[u]!;
        out = u;
        onFirst = true;
      }
      u = parent[u]!;
    } else {
      if (up[v]! <= delta) {
        delta = up[v]!;
        out = v;
        onFirst = false;
      }
      v = parent[v]!;
    }
  const join = u;

  if (delta > 0) {
    for (let w = first; w !== join; w = parent[w]!) {
      down[w]! -= delta;
      up[w]! += delta;
    }
    for (let w = second; w !== join; w = parent[w]!) {
      up[w]! -= delta;
      down[w]! += delta;
    }
  }
  if (out < 0) {
    turn(arcs, a);
    return;
  }
  const reduced = arcs.cost[a]! + tree.price[first]! - tree.price[second]!;
  // the leaving arc is empty in the direction from `out` up where it was drained, from its parent down where it was filled
  const leaving = pred[out]!;
  if ((arcs.from[leaving] === out) !== onFirst) turn(arcs, leaving);
  if (onFirst) rehang(tree, join, out, first, second, a, room - delta, delta, -reduced);
  else rehang(tree, join, out, second, first, a, delta, room - delta, reduced);
}

function turn({ from, to, cost }: Arcs, a: number): void {
  const tail = from[a]!;
  from[a] = to[a]!;
  to[a] = tail;
  cost[a] = -cost[a]!;
}

/**
 * Cuts the subtree of `out` off and hangs it, with `inner` as its root now, below `outer` on arc `a`; its prices change by
 * `shift`. `join`: where the ways to the root from both ends of the arc meet. `roomUp`, `roomDown`: the room on that arc.
 */
function rehang(
  tree: Tree,
  join: number,
  out: number,
  inner: number,
  outer: number,
  a: number,
  roomUp: number,
  roomDown: number,
  shift: number,
): void {
  const { price, up, down, parent, pred, thread, before, size, last } = tree;
  const moved = size[out]!;
  const oldLast = last[out]!;
  const previous = before[out]!;

  const after = thread[oldLast]!;
  thread[previous] = after;
  before[after] = previous;
  for (let v = parent[out]!; v >= 0 && last[v] === oldLast; v = parent[v]!) last[v] = previous;
  for (let v = parent[out]!; v !== join; v = parent[v]!) size[v]! -= moved;

  // Up the stem from `inner` to `out`: each node's subtree without the part that is done already
  let node = inner;
  let above = parent[node]!;
  let tail = last[node]!;
  let rest = thread[tail]!;
  let [lastBelow, sizeBelow, beforeNode] = [tail, size[node]!, before[node]!];
  let [arc, rising, sinking] = [pred[node]!, up[node]!, down[node]!];
  parent[node] = outer;
  pred[node] = a;
  up[node] = roomUp;
  down[node] = roomDown;
  size[node] = moved;
  while (node !== out) {
    const below = node;
    node = above;
    above = parent[node]!;
    const [ownLast, ownSize, ownBefore] = [last[node]!, size[node]!, before[node]!];
    const [ownArc, ownUp, ownDown] = [pred[node]!, up[node]!, down[node]!];
    thread[tail] = node;
    before[node] = tail;
    tail = beforeNode;
    if (ownLast !== lastBelow) {
      thread[tail] = rest;
      before[rest] = tail;
      tail = ownLast;
      rest = thread[tail]!;
    }
    parent[node] = below;
    pred[node] = arc;
    up[node] = sinking;
    down[node] = rising;
    size[node] = moved - sizeBelow;
    [lastBelow, sizeBelow, beforeNode] = [ownLast, ownSize, ownBefore];
    [arc, rising, sinking] = [ownArc, ownUp, ownDown];
  }
  for (let v = out; v !== outer; v = parent[v]!) last[v] = tail;

  const follower = thread[outer]!;
  thread[outer] = inner;
  before[inner] = outer;
  thread[tail] = follower;
  before[follower] = tail;
  for (let v = outer; v >= 0 && last[v] === outer; v = parent[v]!) last[v] = tail;
  for (let v = outer; v !== join; v = parent[v]!) size[v]! += moved;

  for (let v = inner; ; v = thread[v]!) {
    price[v]! += shift;
    if (v === tail) break;
  }
}
