/** The right edge of a tree and nothing else: all that is needed to go on hashing, O(log n) hashes. */
import { fold, nodeHash } from './merkle.js';

/** Complete subtrees, left to right, of falling height. */
export interface Frontier {
  size: number;
  nodes: { height: number; hash: Uint8Array }[];
}

export function emptyFrontier(): Frontier {
  return { size: 0, nodes: [] };
}

/** Adds one leaf hash in place. */
export function addLeaf(frontier: Frontier, leaf: Uint8Array): void {
  let node = { height: 0, hash: leaf };
  for (let last = frontier.nodes.at(-1); last?.height === node.height; last = frontier.nodes.at(-1)) {
    node = { height: node.height + 1, hash: nodeHash(last.hash, node.hash) };
    frontier.nodes.pop();
  }
  frontier.nodes.push(node);
  frontier.size++;
}

export function frontierRoot(frontier: Frontier): Uint8Array {
  return fold(frontier.nodes.map(({ hash }) => hash));
}
