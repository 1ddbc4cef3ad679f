/**
 * JSON Patch (RFC 6902): `test`, `add`, `replace` and `remove`, which are all that is needed here; `move` and `copy` can be
 * written with them. Apart from the schema, so that a page need not load one.
 */
import { sameJson } from './digest.js';
import { unlisted } from './faults.js';
import type { Scenario } from './schema.js';
import { english, type Text, wording } from './wording.js';

export type Operation =
  | { op: 'test' | 'add' | 'replace'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** A `test` that does not hold: the patch was made for something else. */
export class PatchTestError extends Error {
  readonly path: string;
  /** The message, for readers of other languages. */
  readonly said: Text;

  constructor(path: string) {
    const said = wording`the patch was made for another scenario: ${path || wording`the whole`} is not what it expects`;
    super(english(said));
    this.name = 'PatchTestError';
    this.path = path;
    this.said = said;
    unlisted(this, 'said');
  }
}

/** A path that leads nowhere. */
export class PatchPathError extends RangeError {
  readonly said: Text;

  constructor({ path, op }: Operation) {
    const said = wording`the patch has no place ${path} to ${op}`;
    super(english(said));
    this.said = said;
    unlisted(this, 'said');
  }
}

/**
 * The scenario with the patch applied; the argument stays as it is. Throws a PatchPathError where a path leads nowhere, a
 * PatchTestError where a `test` does not hold. What comes out may be at fault: whoever takes a patch from outside checks it.
 */
export function patched(scenario: Scenario, patch: readonly Operation[]): Scenario {
  let root: unknown = scenario;
  for (const operation of patch) root = apply(root, pointer(operation.path), operation);
  return root as Scenario;
}

/** RFC 6901: ~1 is a slash, ~0 a tilde. */
const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));

export const escapePointer = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');

function apply(target: unknown, [key, ...rest]: string[], operation: Operation): unknown {
  const nowhere = () => new PatchPathError(operation);
  if (key === undefined) {
    if (operation.op === 'remove') throw nowhere();
    if (operation.op === 'test' && !sameJson(target, operation.value)) throw new PatchTestError(operation.path);
    return operation.op === 'test' ? target : operation.value;
  }
  if (Array.isArray(target)) {
    const n = key === '-' ? target.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
    const adding = rest.length === 0 && operation.op === 'add';
    if (n < 0 || n > target.length || (n === target.length && !adding)) throw nowhere();
    if (adding) return target.toSpliced(n, 0, operation.value);
    if (rest.length === 0 && operation.op === 'remove') return target.toSpliced(n, 1);
    const inner = apply(target[n], rest, operation);
    return operation.op === 'test' ? target : target.with(n, inner);
  }
  if (typeof target !== 'object' || target === null) throw nowhere();
  const there = Object.hasOwn(target, key);
  if (!there && (rest.length > 0 || operation.op !== 'add')) throw nowhere();
  if (operation.op === 'test') {
    apply(Reflect.get(target, key), rest, operation);
    return target;
  }
  const copy = { ...target } as Record<string, unknown>; // a JSON object
  if (rest.length > 0 || operation.op !== 'remove') {
    const value = apply(copy[key], rest, operation);
    // as its own property, whatever the name
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  } else delete copy[key];
  return copy;
}
