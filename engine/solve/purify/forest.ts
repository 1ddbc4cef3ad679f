/**
 * A spanning forest under exchanges of edges: nodes know who is above them and by which edge, nothing else, so cutting an edge and
 * hanging the cut part up elsewhere costs only the way between. Union by size knows the trees: an exchange keeps their nodes together.
 */

/** Doubles of an edge's record, and what they hold; `ROW` and `POSITION` are words of the same record, from twice its start. */
export const RECORD = 8;
export const FLOW = 0;
/** Lots by which the flow could still grow. */
export const ROOM = 1;
/** Cost and tonne-km a lot. */
export const COST = 2;
export const KM = 3;
export const ROW = 8;
export const POSITION = 9;

/** Words of a node: the node above or −1, the record of the edge to it, when last seen. */
export const NODE = 4;
export const UP = 0;
export const EDGE = 1;
const SEEN = 2;

const FREED = 0;
const CLOCK = 1;

/**
 * Plain data and functions at the top level: closures made anew for each resource cost half of all time, as what had been
 * compiled for the last ones was thrown away.
 */
export interface Forest {
  nodes: Int32Array;
  /** Records of edges as doubles, and as words. */
  edge: Float64Array;
  words: Int32Array;
  /** Union by size, of sources. */
  boss: Int32Array;
  size: Int32Array;
  /** Records that are free, how many, and the time of `SEEN`. */
  free: Int32Array;
  counters: Int32Array;
}

/** Nodes 0 … sources − 1 are sources, the others are sinks; edges lead from source to sink only. */
export function openForest(nodes: number, sources: number): Forest {
  // a tree's edges, and the one that asks to enter
  const edge = new Float64Array((nodes + 1) * RECORD);
  return {
    nodes: new Int32Array(nodes * NODE),
    edge,
    words: new Int32Array(edge.buffer),
    boss: new Int32Array(sources),
    size: new Int32Array(sources),
    free: new Int32Array(nodes + 1),
    counters: new Int32Array(2),
  };
}

/** All nodes alone, all records free. */
export function clear({ nodes, boss, size, free, counters }: Forest): void {
  nodes.fill(0);
  for (let n = 0; n < nodes.length; n += NODE) nodes[n + UP] = -1;
  for (let n = 0; n < boss.length; n++) boss[n] = n;
  size.fill(1);
  for (let n = 0; n < free.length; n++) free[n] = n * RECORD;
  counters[FREED] = free.length;
  counters[CLOCK] = 0;
}

/** A free record. */
export function take({ free, counters }: Forest): number {
  counters[FREED]!--;
  return free[counters[FREED]!]!;
}

export function give({ free, counters }: Forest, record: number): void {
  free[counters[FREED]!] = record;
  counters[FREED]!++;
}

/** Hangs a sink that was alone below a source. */
export function hang({ nodes }: Forest, sink: number, source: number, record: number): void {
  nodes[sink * NODE + UP] = source;
  nodes[sink * NODE + EDGE] = record;
}

/** Makes one tree of those of a sink and a source by an edge between them; false where they are one already. */
export function join(forest: Forest, sink: number, source: number, record: number): boolean {
  const { nodes, boss, size } = forest;
  // a sink that has an edge has a source above it: roots are sources, and neither joins nor exchanges change that
  const a = find(boss, nodes[sink * NODE + UP]!);
  const b = find(boss, source);
  if (a === b) return false;
  const small = size[a]! < size[b]! ? a : b;
  const large = small === a ? b : a;
  if (small === a) exchange(forest, sink, -1, source, record);
  else exchange(forest, source, -1, sink, record);
  boss[small] = large;
  size[large]! += size[small]!;
  return true;
}

function find(boss: Int32Array, n: number): number {
  let at = n;
  while (boss[at]! !== at) {
    boss[at] = boss[boss[at]!]!;
    at = boss[at]!;
  }
  return at;
}

/** The first common node on the ways up from two nodes of one tree, which are taken by turns so that neither goes much too far. */
export function meet({ nodes, counters }: Forest, u: number, v: number): number {
  counters[CLOCK]!++;
  const now = counters[CLOCK]!;
  let a = u;
  let b = v;
  nodes[a * NODE + SEEN] = now;
  nodes[b * NODE + SEEN] = now;
  for (;;) {
    const upA = nodes[a * NODE + UP]!;
    if (upA >= 0) {
      if (nodes[upA * NODE + SEEN] === now) return upA;
      nodes[upA * NODE + SEEN] = now;
      a = upA;
    }
    const upB = nodes[b * NODE + UP]!;
    if (upB >= 0) {
      if (nodes[upB * NODE + SEEN] === now) return upB;
      nodes[upB * NODE + SEEN] = now;
      b = upB;
    }
  }
}

/** Cuts the edge above `cut`, a node on the way up from u (−1: none, up to the root), and hangs what is cut off by its node u below v. */
export function exchange({ nodes }: Forest, u: number, cut: number, v: number, record: number): void {
  let n = u;
  let up = v;
  let edge = record;
  for (;;) {
    const nextUp = nodes[n * NODE + UP]!;
    const nextEdge = nodes[n * NODE + EDGE]!;
    nodes[n * NODE + UP] = up;
    nodes[n * NODE + EDGE] = edge;
    if (n === cut || nextUp < 0) return;
    up = n;
    edge = nextEdge;
    n = nextUp;
  }
}
