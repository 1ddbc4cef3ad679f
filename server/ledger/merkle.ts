/**
 * The Merkle tree of RFC 6962, section 2.1: which subtrees make up a root or a proof, and how a stranger checks
 * one (RFC 9162, sections 2.1.3.2 and 2.1.4.2). Sizes are counts of leaves up to 2^53 − 1, so no bit operators.
 */
import { same } from './bytes.js';
import { sha256, sha256Of } from './hash.js';

/** The leaves from `start` up to but not including `end`. */
export type Range = readonly [start: number, end: number];

/** A subtree of 2^height leaves, the index-th of its height. */
export interface Node {
  height: number;
  index: number;
}

const nodePrefix = Uint8Array.of(1);

/** Root of the empty tree: SHA-256 of nothing. */
export const emptyRoot = sha256(new Uint8Array(0));

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256Of(nodePrefix, left, right);
}

/** Largest power of two below n, for n ≥ 2. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** PATH(m, D[n]): ranges whose hashes are the inclusion proof of leaf `index`, the leaf's sibling first. */
export function inclusionRanges(index: number, size: number): Range[] {
  const path: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      path.push([middle, end]);
      end = middle;
    } else {
      path.push([start, middle]);
      start = middle;
    }
  }
  return path.reverse();
}

/** PROOF(m, D[n]): ranges whose hashes prove that the tree of `from` leaves is a prefix of that of `size`. */
export function consistencyRanges(from: number, size: number): Range[] {
  if (from === 0 || from >= size) return [];
  const path: Range[] = [];
  let [start, end] = [0, size];
  while (from !== end) {
    const middle = start + split(end - start);
    if (from <= middle) {
      path.push([middle, end]);
      end = middle;
    } else {
      path.push([start, middle]);
      start = middle;
    }
  }
  // The verifier knows the old root; it is left out where the old tree is itself one subtree of the new.
  if (start !== 0) path.push([start, end]);
  return path.reverse();
}

/** The complete subtrees of a range, left to right; `start` must be where RFC 6962 would split. */
export function subtrees([start, end]: Range): Node[] {
  const nodes: Node[] = [];
  let at = start;
  for (let height = Math.floor(Math.log2(end - start || 1)) + 1; height >= 0; height--) {
    const width = 2 ** height;
    if (end - at < width) continue;
    nodes.push({ height, index: at / width });
    at += width;
  }
  return nodes;
}

/** MTH of consecutive complete subtrees of falling height, given left to right. */
export function fold(hashes: Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** True where `path` leads from `leaf` at `index` to the root of a tree of `size` leaves. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(hash, root);
}

/** True where the tree (from, fromRoot) is a prefix of the tree (size, root). */
export function verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (from > size) return false;
  if (from === size) return path.length === 0 && same(fromRoot, root);
  if (from === 0) return path.length === 0 && same(fromRoot, emptyRoot);
  let [fn, sn] = [from - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  const isPowerOfTwo = fn === 0;
  const first = isPowerOfTwo ? fromRoot : path[0];
  if (!first) return false;
  let [old, now] = [first, first];
  for (const hash of isPowerOfTwo ? path : path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(hash, old);
      now = nodeHash(hash, now);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else now = nodeHash(now, hash);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(old, fromRoot) && same(now, root);
}
