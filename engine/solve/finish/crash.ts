/**
 * A basis near a first-order solution, which lies in the middle of a face: far more flows are positive than a basis has
 * columns. The network part of the LP picks them: a forest of the heaviest flows over the node rows (Kruskal), where
 * each tree is rooted by one column or slack that touches a single node; such a basis is triangular, whatever the
 * coefficients. Each side row with a price gets one of the flows that would have closed a cycle.
 */
import type { Lp } from '../lp.js';
import { slacks } from './price.js';

/** HiGHS' codes. */
export const LOWER = 0;
export const BASIC = 1;
export const UPPER = 2;

export interface Basis {
  colStatus: Int32Array;
  /** Slacks: basic, or at the row's upper limit. */
  rowStatus: Int32Array;
}

/**
 * Flows on priced side rows weigh a tenth in the forest, so that more of them are left for their row (province: 822 of
 * 1,610 such rows get one instead of 577, nation-day 1,404 of 3,148 instead of 1,035; 5 to 10 % fewer pivots).
 */
const RESERVED = 0.1;
/** Rows over more columns than this (fleets, budget, stages) reserve nothing. */
const WIDE = 64;
/** Below these, flows (as a share of their bound), slacks and prices are taken for zero. */
const FLOW = 1e-9;
const SLACK = 1e-7;
const PRICE = 1e-9;

/** A basis with exactly as many basic columns and slacks as rows. O(entries). */
export function crashBasis(lp: Lp, x: Float64Array, y: Float64Array): Basis {
  const { rows, columns, start, index, upper } = lp;
  const slack = slacks(lp, x);
  const node = nodeRows(lp);
  const count = new Int32Array(rows);
  for (const i of index) count[i]!++;
  const rowStatus = new Int32Array(rows).fill(UPPER);
  const colStatus = Int32Array.from(upper, (u, j) => (x[j]! > u / 2 ? UPPER : LOWER));
  /** Side rows with a price, each of which wants a column. */
  const open = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    if (node[i]) continue;
    if (y[i]! > PRICE) open[i] = 1;
    else rowStatus[i] = BASIC;
  }

  // candidates: columns 0 … columns − 1, then slacks
  const weight = new Float32Array(columns + rows);
  for (let j = 0; j < columns; j++) {
    const room = Math.min(x[j]!, upper[j]! - x[j]!);
    if (!(room > FLOW * upper[j]!)) continue;
    weight[j] = room;
    for (let p = start[j]!; p < start[j + 1]!; p++)
      if (open[index[p]!] && count[index[p]!]! <= WIDE) {
        weight[j] = RESERVED * room;
        break;
      }
  }
  for (let i = 0; i < rows; i++) if (node[i] && slack[i]! > SLACK && y[i]! < PRICE) weight[columns + i] = slack[i]!;

  const forest = new Forest(rows);
  const left: number[] = [];
  for (const candidate of heaviestFirst(weight)) {
    if (candidate >= columns) {
      if (forest.root(candidate - columns)) rowStatus[candidate - columns] = BASIC;
      continue;
    }
    let a = -1;
    let b = -1;
    for (let p = start[candidate]!; p < start[candidate + 1]!; p++)
      if (node[index[p]!]) {
        if (a < 0) a = index[p]!;
        else b = index[p]!;
      }
    const fits = a < 0 ? false : b < 0 ? forest.root(a) : forest.join(a, b);
    if (fits) colStatus[candidate] = BASIC;
    else left.push(candidate);
  }
  for (const j of left)
    for (let p = start[j]!; p < start[j + 1]!; p++)
      if (open[index[p]!]) {
        open[index[p]!] = 0;
        colStatus[j] = BASIC;
        break;
      }
  for (let i = 0; i < rows; i++) if (open[i] || (node[i] && forest.root(i))) rowStatus[i] = BASIC;
  return { colStatus, rowStatus };
}

/** Rows such that no column has entries in more than two of them, taken in order: goods come first. */
function nodeRows(lp: Lp): Uint8Array {
  const { rows, columns, start, index } = lp;
  const rowStart = new Int32Array(rows + 1);
  for (const i of index) rowStart[i + 1]!++;
  for (let i = 0; i < rows; i++) rowStart[i + 1]! += rowStart[i]!;
  const fill = rowStart.slice();
  const column = new Int32Array(index.length);
  for (let j = 0; j < columns; j++) for (let p = start[j]!; p < start[j + 1]!; p++) column[fill[index[p]!]!++] = j;

  const node = new Uint8Array(rows);
  const ends = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    let free = rowStart[i]! < rowStart[i + 1]!;
    for (let q = rowStart[i]!; free && q < rowStart[i + 1]!; q++) free = ends[column[q]!]! < 2;
    if (!free) continue;
    node[i] = 1;
    for (let q = rowStart[i]!; q < rowStart[i + 1]!; q++) ends[column[q]!]!++;
  }
  return node;
}

/** Numbers of positive weights, descending to within an eighth: a counting sort on the upper bits of the floats. */
function heaviestFirst(weight: Float32Array): Int32Array {
  const bits = new Uint32Array(weight.buffer, weight.byteOffset, weight.length);
  const bucket = (i: number) => 2047 - (bits[i]! >>> 20);
  const place = new Int32Array(2049);
  for (let i = 0; i < weight.length; i++) if (weight[i]! > 0) place[bucket(i) + 1]!++;
  for (let b = 0; b < 2048; b++) place[b + 1]! += place[b]!;
  const order = new Int32Array(place[2048]!);
  for (let i = 0; i < weight.length; i++) if (weight[i]! > 0) order[place[bucket(i)]!++] = i;
  return order;
}

/** Union–find with at most one root a tree (Tarjan 1975, path halving). */
class Forest {
  private readonly parent: Int32Array;
  private readonly rooted: Uint8Array;

  constructor(nodes: number) {
    this.parent = Int32Array.from({ length: nodes }, (_, i) => i);
    this.rooted = new Uint8Array(nodes);
  }

  private find(node: number): number {
    const { parent } = this;
    let i = node;
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  }

  /** Roots the tree of a node; false where it has a root. */
  root(node: number): boolean {
    const r = this.find(node);
    if (this.rooted[r]) return false;
    this.rooted[r] = 1;
    return true;
  }

  /** Joins two trees; false where that would close a cycle or give a tree two roots. */
  join(a: number, b: number): boolean {
    const r = this.find(a);
    const s = this.find(b);
    if (r === s || (this.rooted[r] && this.rooted[s])) return false;
    this.parent[r] = s;
    this.rooted[s]! |= this.rooted[r]!;
    return true;
  }
}
