/**
 * A spanning forest under exchanges of edges: nodes know who is above them and by which edge, nothing else, so cutting an edge and
 * hanging the cut part up elsewhere costs only the way between. Union by size knows the trees: an exchange keeps their nodes together.
 * Edges that leave are free for those that come.
 */

/** Doubles of an edge's record, and what they hold; `ROW` and `POSITION` are in the int32 view at 2 × the record's start. */
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
const NODE = 4;
const UP = 0;
const BY = 1;
const SEEN = 2;

export interface Forest {
  /** Records of edges, as doubles and as integers. */
  edge: Float64Array;
  ints: Int32Array;
  /** All nodes alone, all records free. */
  clear(): void;
  above(n: number): number;
  /** Record of the edge to the node above. */
  edgeOf(n: number): number;
  take(): number;
  give(record: number): void;
  /** Hangs a node that was alone below a source. */
  hang(n: number, source: number, record: number): void;
  /** Makes one tree of those of a sink and a source by an edge between them; false where they are one already. */
  join(sink: number, source: number, record: number): boolean;
  /** The first common node on the ways up from two nodes of a tree. */
  meet(u: number, v: number): number;
  /** Cuts the edge above `cut`, a node on the way up from u, and hangs what is cut off by its node u below v. */
  exchange(u: number, cut: number, v: number, record: number): void;
}

/** Nodes 0 … sources − 1 are sources, the others are sinks; edges lead from source to sink only. */
export function openForest(nodes: number, sources: number): Forest {
  const tree = new Int32Array(nodes * NODE);
  const boss = new Int32Array(sources);
  const size = new Int32Array(sources);
  // a tree's edges, and the one that asks to enter
  const edge = new Float64Array((nodes + 1) * RECORD);
  const free = new Int32Array(nodes + 1);
  let freed = 0;
  let seen = 0;

  return {
    edge,
    ints: new Int32Array(edge.buffer),
    clear() {
      tree.fill(0);
      for (let n = 0; n < nodes; n++) tree[n * NODE + UP] = -1;
      for (let n = 0; n < sources; n++) boss[n] = n;
      size.fill(1);
      for (let n = 0; n <= nodes; n++) free[n] = n * RECORD;
      freed = nodes + 1;
      seen = 0;
    },
    above: (n) => tree[n * NODE + UP]!,
    edgeOf: (n) => tree[n * NODE + BY]!,
    take: () => free[--freed]!,
    give(record) {
      free[freed++] = record;
    },
    hang(n, source, record) {
      tree[n * NODE + UP] = source;
      tree[n * NODE + BY] = record;
    },
    join(sink, source, record) {
      // a sink always has a source above it: roots are sources, and neither joins nor exchanges change that
      const a = find(tree[sink * NODE + UP]!);
      const b = find(source);
      if (a === b) return false;
      const small = size[a]! < size[b]! ? a : b;
      const big = small === a ? b : a;
      if (small === a) turn(sink, -1, source, record);
      else turn(source, -1, sink, record);
      boss[small] = big;
      size[big]! += size[small]!;
      return true;
    },
    meet(u, v) {
      seen++;
      let a = u;
      let b = v;
      tree[a * NODE + SEEN] = seen;
      tree[b * NODE + SEEN] = seen;
      for (;;) {
        const upA = tree[a * NODE + UP]!;
        if (upA >= 0) {
          if (tree[upA * NODE + SEEN] === seen) return upA;
          tree[upA * NODE + SEEN] = seen;
          a = upA;
        }
        const upB = tree[b * NODE + UP]!;
        if (upB >= 0) {
          if (tree[upB * NODE + SEEN] === seen) return upB;
          tree[upB * NODE + SEEN] = seen;
          b = upB;
        }
      }
    },
    exchange: turn,
  };

  function find(n: number): number {
    let at = n;
    while (boss[at]! !== at) {
      boss[at] = boss[boss[at]!]!;
      at = boss[at]!;
    }
    return at;
  }

  /** Turns the way from u up to `end` (−1: to the root) round and hangs u below v. */
  function turn(u: number, end: number, v: number, record: number): void {
    let n = u;
    let up = v;
    let by = record;
    for (;;) {
      const nextUp = tree[n * NODE + UP]!;
      const nextBy = tree[n * NODE + BY]!;
      tree[n * NODE + UP] = up;
      tree[n * NODE + BY] = by;
      if (n === end || nextUp < 0) return;
      up = n;
      by = nextBy;
      n = nextUp;
    }
  }
}
