/** A change of a scenario as a JSON Patch (RFC 6902): `add`, `replace` and `remove`, which are all that is needed here. */
import type { Scenario } from '../../scenarios/index.js';

export type Operation = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

/** The scenario with the patch applied; the argument stays as it is. Throws a RangeError where a path leads nowhere. */
export function patched(scenario: Scenario, patch: readonly Operation[]): Scenario {
  let root: unknown = scenario;
  for (const operation of patch) root = apply(root, pointer(operation.path), operation);
  return root as Scenario; // patches here are made for scenarios; whoever takes one from outside checks the result
}

/** RFC 6901: ~1 is a slash, ~0 a tilde. */
const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));

export const escapePointer = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');

function apply(target: unknown, [key, ...rest]: string[], operation: Operation): unknown {
  const nowhere = () => new RangeError(`the patch has no place ${operation.path} to ${operation.op}`);
  if (key === undefined) {
    if (operation.op === 'remove') throw nowhere();
    return operation.value;
  }
  if (Array.isArray(target)) {
    const copy: unknown[] = [...target];
    const n = key === '-' ? copy.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
    const adding = rest.length === 0 && operation.op === 'add';
    if (n < 0 || n > copy.length || (n === copy.length && !adding)) throw nowhere();
    if (rest.length > 0 || operation.op === 'replace') copy[n] = apply(copy[n], rest, operation);
    else if (operation.op === 'add') copy.splice(n, 0, operation.value);
    else copy.splice(n, 1);
    return copy;
  }
  if (typeof target !== 'object' || target === null) throw nowhere();
  const copy = { ...target } as Record<string, unknown>; // a JSON object
  const there = Object.hasOwn(copy, key);
  if (!there && (rest.length > 0 || operation.op !== 'add')) throw nowhere();
  if (rest.length > 0 || operation.op !== 'remove') {
    const value = rest.length > 0 ? apply(copy[key], rest, operation) : apply(null, [], operation);
    // as its own property, whatever the name
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  } else delete copy[key];
  return copy;
}
