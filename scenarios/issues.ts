/** Turns what zod found into faults: zod knows the place, the JSON Schema at that place knows the mend. */
import { expectation, fieldsOf, type Node, nodesAt } from './expected.js';
import { type Fault, fault, type Path, pointerOf, show } from './faults.js';
import { nearest } from './nearest.js';
import type { Issue } from './refusals.js';
import { wording } from './wording.js';

/**
 * One fault for each place, `most` at most, `root` being the JSON Schema of what was read; an unknown field is a fault of its own, a union is
 * reported by the branch that was meant. An empty id is both too short and of the wrong pattern; one sentence on it is enough.
 */
export function faultsOf(
  issues: Iterable<Issue>,
  value: unknown,
  root: Node,
  most = Number.POSITIVE_INFINITY,
): Fault[] {
  const faults = new Map<string, Fault>();
  const push = (path: Path, make: () => Fault) => {
    const pointer = pointerOf(path);
    if (faults.size < most && !faults.has(pointer)) faults.set(pointer, make());
  };
  const add = (issue: Issue, base: Path): void => {
    const path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsOf(nodesAt(root, path, value));
      for (const key of issue.keys) {
        if (faults.size >= most) return;
        push([...path, key], () => unknownField(path, key, known));
      }
      return;
    }
    const branch = issue.code === 'invalid_union' ? meant(issue.errors) : undefined;
    if (branch) for (const inner of branch) add(inner, path);
    else push(path, () => faultAt(issue, path, value, root));
  };
  for (const issue of issues) {
    add(issue, []);
    if (faults.size >= most) break;
  }
  return [...faults.values()];
}

function faultAt(issue: Issue, path: Path, value: unknown, root: Node): Fault {
  if (issue.code === 'invalid_key') {
    const name = show(path[path.length - 1]);
    return fault(path, name, wording`has a name that no id can have`, wording`use the id of a resource`);
  }
  const found = valueAt(value, path);
  const what = found === undefined ? wording`is missing` : wording`is ${show(found)}`;
  const expected = expectation(nodesAt(root, path, value));
  return fault(path, show(found), what, found === undefined ? wording`state ${expected}` : wording`write ${expected}`);
}

/** The one branch of a union whose type fits; undefined where none or several do. */
function meant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const wrongKind = (i: Issue) => i.path.length === 0 && (i.code === 'invalid_type' || i.code === 'invalid_value');
  const fitting = branches.filter((issues) => !issues.some(wrongKind));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function unknownField(path: Path, key: string, known: readonly string[]): Fault {
  const near = nearest(key, known);
  const mend =
    near === undefined
      ? wording`leave it out; known are ${known.join(', ')}`
      : wording`write "${near}" or leave it out`;
  return fault([...path, key], show(key), wording`is not a field of this format`, mend);
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Reflect.get(at, step);
  }
  return at;
}

/** What two checks say of one place is said once. */
export function onePerPlace(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}
