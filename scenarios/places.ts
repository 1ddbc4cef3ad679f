/** Line and column in the text of a file, for a reader with an editor open. */
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Fault } from './faults.js';

/** Above this many characters the tree costs more memory than its lines are worth. */
const LARGEST = 4 * 1024 * 1024;

/**
 * The faults with line and column (from 1) of the entry each pointer names, or of the nearest thing around it
 * where the entry is missing, in the order of the text. Texts of 4 MiB and more come back as they are. The text must
 * be valid JSON and not deeply nested.
 */
export function withPlaces(faults: Fault[], text: string): Fault[] {
  if (text.length >= LARGEST) return faults;
  const tree = parseTree(text);
  if (tree === undefined) return faults;
  const lines = lineStarts(text);
  return faults
    .map((f) => (f.line === undefined ? { ...f, ...lineColumn(lines, offsetOf(tree, f.pointer)) } : f))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function offsetOf(tree: Node, pointer: string): number {
  let node = tree;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = findNodeAtLocation(node, [node.type === 'array' ? Number(name) : name]);
    if (next === undefined) break;
    node = next;
  }
  return (node.parent?.type === 'property' ? node.parent : node).offset;
}

/** Offsets at which the lines of a text begin. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function lineColumn(starts: number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}
