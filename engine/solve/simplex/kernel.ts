/** The WebAssembly twin of `pivot.ts`: packs the tree into records, runs, and reads it back. */
import type { FlowProblem, FlowSolution, Pivot } from './flow.js';
import { pivotPlain } from './pivot.js';
import { WASM } from './pivot.wasm.js';
import { readTree, startTree, type Tree } from './start.js';

/** Bytes of a node's first record, of both, and of an arc's. */
const HOT = 16;
const NODE = 48;
const ARC = 16;
const PAGE = 65536;
const MOST_PAGES = 65536;
/** Pivots a call: a function is compiled with optimisation from one call to the next only. */
const CHUNK = 256;

interface Exports {
  begin(arcs: number): void;
  run(arcs: number, end: number, uppers: number, block: number, most: number): number;
}

/**
 * The fastest machine there is: the kernel in a memory of its own, which it keeps for the next problem, or the plain twin where there
 * is no shared WebAssembly memory or too little of it.
 */
export function loadPivot(): Pivot {
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(Uint8Array.from(atob(WASM), (c) => c.charCodeAt(0)));
  } catch {
    return pivotPlain;
  }
  let memory: WebAssembly.Memory | undefined;
  let kernel: Exports | undefined;

  return (problem: FlowProblem): FlowSolution => {
    const start = startTree(problem);
    const { tree, arcAt, block } = start;
    // the second records begin at twice the first address; nothing lies at address 0, which is no node and no arc
    const base = Math.max(1024, tree.parent.length * HOT);
    const arcBase = 2 * base + tree.parent.length * (NODE - HOT);
    const end = arcBase + arcAt.length * ARC;
    const bytes = end + arcAt.length * 8;
    if (!memory || !kernel || memory.buffer.byteLength < bytes)
      try {
        memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MOST_PAGES, shared: true });
        // what `pivot.as.ts` exports
        kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
      } catch {
        return pivotPlain(problem);
      }
    packTree(memory, tree, base, arcBase);
    packArcs(memory, problem, arcAt, base, arcBase);
    let pivots = 0;
    kernel.begin(arcBase);
    for (let done = CHUNK; done === CHUNK; pivots += done) done = kernel.run(arcBase, end, end, block, CHUNK);
    unpackTree(memory, tree, base, arcBase);
    const u32 = new Uint32Array(memory.buffer);
    return readTree(problem, start, (place) => (u32[arcBase / 4 + 4 * place + 2]! - base) / HOT, pivots);
  };
}

/** Writes the records of nodes as `pivot.as.ts` describes them. */
function packTree(memory: WebAssembly.Memory, tree: Tree, base: number, arcBase: number): void {
  const f64 = new Float64Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const node = (v: number) => base + v * HOT;
  for (let v = 0; v < tree.parent.length; v++) {
    const [hot, cold] = [node(v) / 8, node(v) / 4];
    f64[hot] = tree.price[v]!;
    u32[2 * hot + 2] = node(tree.thread[v]!);
    u32[2 * hot + 3] = node(tree.before[v]!);
    f64[cold] = tree.up[v]!;
    f64[cold + 1] = tree.down[v]!;
    u32[2 * cold + 4] = tree.parent[v]! < 0 ? 0 : node(tree.parent[v]!);
    u32[2 * cold + 5] = arcBase + tree.pred[v]! * ARC;
    u32[2 * cold + 6] = tree.size[v]!;
    u32[2 * cold + 7] = node(tree.last[v]!);
  }
}

/** The same for arcs, in the order of their places, and their upper bounds behind them. */
function packArcs(
  memory: WebAssembly.Memory,
  { nodes: n, from, to, cost, upper }: FlowProblem,
  arcAt: Int32Array,
  base: number,
  arcBase: number,
): void {
  const f64 = new Float64Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const m = from.length;
  const [costs, ends, uppers] = [arcBase / 8, arcBase / 4 + 2, arcBase / 8 + 2 * arcAt.length];
  for (let place = 0; place < arcAt.length; place++) {
    const a = arcAt[place]!;
    const own = a < m;
    f64[costs + 2 * place] = own ? cost[a]! : 0;
    u32[ends + 4 * place] = base + (own ? from[a]! : a - m) * HOT;
    u32[ends + 4 * place + 1] = base + (own ? to[a]! : n) * HOT;
    f64[uppers + place] = own ? upper[a]! : Infinity;
  }
}

/** Reads back what `readTree` looks at. */
function unpackTree(memory: WebAssembly.Memory, tree: Tree, base: number, arcBase: number): void {
  const f64 = new Float64Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  for (let v = 0; v < tree.parent.length; v++) {
    const cold = (base + v * HOT) / 4;
    tree.price[v] = f64[cold / 2]!;
    tree.up[v] = f64[cold]!;
    tree.down[v] = f64[cold + 1]!;
    tree.pred[v] = (u32[2 * cold + 5]! - arcBase) / ARC;
  }
}
