/** Says in words what the JSON Schema asks for at some place of the file. */
import type { Path } from './faults.js';
import { english, orElse, type Text, type Wording, wording } from './wording.js';

/** A part of the JSON Schema; only the keywords that zod writes for our fields are read. */
export type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** The parts of the schema that can apply at a path; several where a union leaves it open. */
export function nodesAt(root: Node, path: Path, value: unknown): Node[] {
  let candidates = branches(root);
  let at = value;
  for (const step of path) {
    const container = at;
    candidates = narrow(candidates, container).flatMap((node) => inside(node, step));
    at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
  }
  return narrow(candidates, at);
}

/** The candidates that fit a value, or all where none does: then any of them may have been meant. */
function narrow(candidates: Node[], value: unknown): Node[] {
  const fitting = candidates.filter((node) => fits(node, value));
  return fitting.length > 0 ? fitting : candidates;
}

/** Names of the fields that objects at a place can have. */
export function fieldsOf(candidates: readonly Node[]): string[] {
  return [...new Set(candidates.flatMap((node) => (isNode(node.properties) ? Object.keys(node.properties) : [])))];
}

/** What may stand at a place, in words, with what the field means. */
export function expectation(candidates: readonly Node[]): Text {
  const choices = new Set<string>();
  const words: Text[] = [];
  for (const node of candidates) {
    if (node.const !== undefined) choices.add(JSON.stringify(node.const));
    else if (Array.isArray(node.enum)) for (const choice of node.enum) choices.add(JSON.stringify(choice));
    else words.push(valueSaid(node));
  }
  const listed = [...choices].join(', ');
  if (choices.size > 0) words.push(choices.size > 1 ? wording`one of ${listed}` : listed);
  const either = orElse([...new Map(words.map((one) => [english(one), one])).values()]);
  const meanings = new Set(candidates.map((node) => node.description).filter((d) => typeof d === 'string'));
  const [meaning, another] = meanings;
  return meaning === undefined || another !== undefined ? either : wording`${either} (${described(meaning)})`;
}

/** The description of a field is translated as a whole: what it has in braces is no placeholder, as there is no value for it. */
const described = (description: string): Wording => ({ pattern: description, values: [] });

function branches(node: Node): Node[] {
  const options = [...nodes(node.anyOf), ...nodes(node.oneOf)];
  if (options.length === 0) return [node];
  // What a union means is said on the union, not on its branches.
  return options
    .flatMap(branches)
    .map((option) => (node.description === undefined ? option : { ...option, description: node.description }));
}

function inside(node: Node, step: string | number): Node[] {
  const pair = nodes(node.prefixItems);
  const next =
    typeof step === 'number' && pair.length > 0
      ? pair[step]
      : isNode(node.properties) && Object.hasOwn(node.properties, step)
        ? node.properties[step]
        : (node.items ?? node.additionalProperties);
  return isNode(next) ? branches(next) : [];
}

/** Stages of a policy and kinds of a report are told apart by their constant; everything else by its type. */
function fits(node: Node, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (node.type === 'array') return Array.isArray(value);
  if (node.type !== 'object') return false;
  const { properties } = node;
  if (!isNode(properties)) return true;
  return ['stage', 'kind', 'type'].every((key) => {
    const field = properties[key];
    const said: unknown = Reflect.get(value, key);
    return !isNode(field) || field.const === undefined || said === undefined || field.const === said;
  });
}

function valueSaid(node: Node): Text {
  if (node.type === 'string') return textSaid(node);
  if (node.type === 'object') return wording`an object`;
  if (nodes(node.prefixItems).length > 0) return wording`a pair of numbers`;
  if (node.type === 'array') return node.minItems === 1 ? wording`a list with at least one entry` : wording`a list`;
  const kind = node.type === 'integer' ? wording`a whole number` : wording`a number`;
  const { exclusiveMinimum: above } = node;
  const [least, most] = [bound(node.minimum), bound(node.maximum)];
  if (typeof above === 'number')
    return most === undefined ? wording`${kind} above ${above}` : wording`${kind} above ${above} up to ${most}`;
  if (least === undefined) return most === undefined ? kind : wording`${kind} up to ${most}`;
  return most === undefined ? wording`${kind} from ${least}` : wording`${kind} from ${least} up to ${most}`;
}

/** zod bounds integers by ±(2^53 − 1), which nobody needs to be told. */
function bound(limit: unknown): number | undefined {
  return typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : undefined;
}

const HEX = '^[0-9a-f]{64}$';

function textSaid(node: Node): Text {
  if (node.format === 'duration') return wording`an ISO 8601 duration such as "P1D"`;
  if (node.format === 'date') return wording`a date such as "2026-11-22"`;
  if (node.format === 'date-time') return wording`a time such as "2026-11-22T09:30:00Z"`;
  if (node.pattern === HEX) return wording`a digest of 64 hexadecimal digits`;
  const { minLength: least, maxLength } = node;
  const most = String(maxLength);
  const text =
    typeof least === 'number'
      ? wording`a text of ${least} to ${most} characters`
      : wording`a text of at most ${most} characters`;
  const plain = typeof node.pattern === 'string' && node.pattern.includes('Cc');
  return plain ? wording`${text} without control characters` : text;
}
