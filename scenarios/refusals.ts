/**
 * What zod has against a value, one issue after another. zod itself makes all of them before it shows the first, which for a list of a
 * million odd entries takes seconds and a gigabyte; this asks it of one part after the other, and whoever has enough stops asking.
 */
import { z } from 'zod';
import { type Accepts, acceptor } from './accept.js';
import type { Path } from './faults.js';

type Schema = z.core.$ZodType;
export type Issue = z.core.$ZodIssue;

/**
 * The issues of a JSON value that a schema refuses, in zod's order; of a union at most `most` for each of its branches. None where the
 * schema accepts it.
 */
export function refusals(schema: Schema, value: unknown, most: number): Generator<Issue> {
  const known = new Map<Schema, Accepts>();
  const accepts = (part: Schema, inner: unknown): boolean => {
    const ask = known.get(part) ?? acceptor(part);
    known.set(part, ask);
    return ask(inner);
  };

  function* of(part: Schema, inner: unknown, path: Path): Generator<Issue> {
    if (accepts(part, inner)) return;
    if (part instanceof z.ZodExactOptional) yield* of(part.def.innerType, inner, path);
    else if (part instanceof z.ZodArray && Array.isArray(inner)) yield* ofList(part, inner, path);
    else if (part instanceof z.ZodRecord && isObject(inner)) yield* ofRecord(part, inner, path);
    else if (part instanceof z.ZodObject && isStrict(part) && isObject(inner)) yield* ofObject(part, inner, path);
    else if (part instanceof z.ZodUnion && !(part instanceof z.ZodDiscriminatedUnion))
      yield* ofUnion(part, inner, path);
    else yield* asked(part, inner, path);
  }

  function* ofList(part: z.ZodArray, list: unknown[], path: Path): Generator<Issue> {
    let found = false;
    for (const [i, entry] of list.entries())
      for (const issue of of(part.def.element, entry, [...path, i])) {
        found = true;
        yield issue;
      }
    // its length is looked at where all entries are in order
    if (!found) yield* asked(part, list, path);
  }

  function* ofObject(part: z.ZodObject, fields: Fields, path: Path): Generator<Issue> {
    const { shape } = part.def;
    for (const [key, field] of Object.entries(shape))
      if (Object.hasOwn(fields, key) || !(field instanceof z.ZodExactOptional))
        yield* of(field, Object.hasOwn(fields, key) ? fields[key] : undefined, [...path, key]);
    const keys = Object.keys(fields).filter((key) => !Object.hasOwn(shape, key));
    if (keys.length > 0) yield { code: 'unrecognized_keys', keys, path: [...path], message: '' };
  }

  function* ofRecord(part: z.ZodRecord, fields: Fields, path: Path): Generator<Issue> {
    for (const key of Object.keys(fields)) {
      if (accepts(part.def.keyType, key)) yield* of(part.def.valueType, fields[key], [...path, key]);
      else yield* asked(part, { [key]: fields[key] }, path);
    }
  }

  function* ofUnion(part: z.ZodUnion, inner: unknown, path: Path): Generator<Issue> {
    const errors = part.def.options.map((option) => first(most, of(option, inner, [])));
    if (errors.some((issues) => issues.length === 0)) return;
    yield { code: 'invalid_union', errors, path: [...path], message: '' };
  }

  return of(schema, value, []);
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an object has nothing but its fields, of which none is looked at beside another. */
const isStrict = ({ def }: z.ZodObject): boolean =>
  def.catchall instanceof z.ZodNever && (def.checks?.length ?? 0) === 0;

function first<X>(most: number, all: Iterable<X>): X[] {
  const some: X[] = [];
  for (const one of all) if (some.push(one) >= most) break;
  return some;
}

function* asked(part: Schema, value: unknown, path: Path): Generator<Issue> {
  const { error } = z.safeParse(part, value);
  for (const issue of error?.issues ?? []) yield { ...issue, path: [...path, ...issue.path] };
}
