/** The operations that make one JSON value from another, each change guarded by a test of what it changes. */
import { sameJson } from '../digest.js';
import { escapePointer, type Operation } from '../patch.js';

/** Operations below `path`: objects field by field, everything else as a whole. Empty where the two are the same. */
export function changesOf(path: string, before: object, after: object): Operation[] {
  const operations = inside(path, before, after);
  // The whole entry is tested, as a patch cannot test that a field is absent, nor otherwise that it is the right entry.
  return operations.length > 0 ? [{ op: 'test', path, value: before }, ...operations] : [];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inside(path: string, before: object, after: object): Operation[] {
  const operations: Operation[] = [];
  const [b, a] = [before as Record<string, unknown>, after as Record<string, unknown>];
  for (const key of [...new Set([...Object.keys(b), ...Object.keys(a)])]) {
    const at = `${path}/${escapePointer(key)}`;
    if (a[key] === undefined) {
      if (b[key] !== undefined) operations.push({ op: 'remove', path: at });
    } else if (!Object.hasOwn(b, key)) operations.push({ op: 'add', path: at, value: a[key] });
    else if (isObject(b[key]) && isObject(a[key])) operations.push(...inside(at, b[key], a[key]));
    else if (!sameJson(b[key], a[key])) operations.push({ op: 'replace', path: at, value: a[key] });
  }
  return operations;
}
