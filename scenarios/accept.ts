/**
 * A zod schema as a quick yes. zod makes a result for every number it looks at, which for the ten million of a large
 * scenario takes half a minute; this walks the same schema and makes nothing. "No" only means that zod has to be asked, who
 * alone knows what is wrong: what is not understood here is left to it, so nothing gets in that zod would not accept.
 */
import { z } from 'zod';

export type Accepts = (value: unknown) => boolean;
type Schema = z.core.$ZodType;

/** True only for plain JSON values that the schema accepts as they are. For one use: it remembers the texts it has seen. */
export function acceptor(schema: Schema): Accepts {
  const own = schema._zod.def.checks?.length ?? 0;
  if (schema instanceof z.ZodExactOptional) return acceptor(schema.def.innerType);
  if (schema instanceof z.ZodNumber) return number(schema) ?? ask(schema);
  if (schema instanceof z.ZodArray) return array(schema) ?? ask(schema);
  if (own > 0) return ask(schema);
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever) return object(schema.def.shape);
  if (schema instanceof z.ZodRecord) return record(acceptor(schema.def.keyType), acceptor(schema.def.valueType));
  if (schema instanceof z.ZodUnion) return union(schema.def.options.map(acceptor));
  return ask(schema);
}

/** zod itself. Ids come again and again: each is looked at once. */
function ask(schema: Schema): Accepts {
  const good = new Set<unknown>();
  return (value) => {
    if (good.has(value)) return true;
    const accepted = z.safeParse(schema, value).success;
    if (accepted && typeof value === 'string') good.add(value);
    return accepted;
  };
}

function number(schema: z.ZodNumber): Accepts | undefined {
  let least = -Number.MAX_VALUE;
  let above = Number.NEGATIVE_INFINITY;
  let most = Number.MAX_VALUE;
  for (const check of schema._zod.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckGreaterThan && typeof check._zod.def.value === 'number') {
      if (check._zod.def.inclusive) least = Math.max(least, check._zod.def.value);
      else above = Math.max(above, check._zod.def.value);
    } else if (check instanceof z.core.$ZodCheckLessThan && typeof check._zod.def.value === 'number') {
      if (!check._zod.def.inclusive) return undefined;
      most = Math.min(most, check._zod.def.value);
    } else return undefined;
  }
  const within = (value: unknown) => typeof value === 'number' && value >= least && value > above && value <= most;
  if (!(schema instanceof z.ZodNumberFormat)) return within;
  return schema._zod.def.format === 'safeint' ? (value) => Number.isSafeInteger(value) && within(value) : undefined;
}

function array(schema: z.ZodArray): Accepts | undefined {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (const check of schema._zod.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckMinLength) least = Math.max(least, check._zod.def.minimum);
    else if (check instanceof z.core.$ZodCheckMaxLength) most = Math.min(most, check._zod.def.maximum);
    else return undefined;
  }
  const accepts = acceptor(schema.def.element);
  const fits = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length >= least && value.length <= most;
  // Two loops, as V8 would turn lists of doubles into lists of boxed numbers where one loop reads those and lists of
  // objects: a large scenario grew by two thirds when it was checked.
  if (schema.def.element instanceof z.ZodNumber)
    return (value) => {
      if (!fits(value)) return false;
      for (let i = 0; i < value.length; i++) if (!accepts(value[i])) return false;
      return true;
    };
  return (value) => {
    if (!fits(value)) return false;
    for (let i = 0; i < value.length; i++) if (!accepts(value[i])) return false;
    return true;
  };
}

function object(shape: Readonly<Record<string, Schema>>): Accepts {
  const fields = new Map(Object.entries(shape).map(([key, field]) => [key, acceptor(field)]));
  const required = Object.keys(shape).filter((key) => !(shape[key] instanceof z.ZodExactOptional));
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) if (fields.get(key)?.(value[key]) !== true) return false;
    return required.every((key) => Object.hasOwn(value, key));
  };
}

function record(acceptsKey: Accepts, acceptsValue: Accepts): Accepts {
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) if (!acceptsKey(key) || !acceptsValue(value[key])) return false;
    return true;
  };
}

function union(options: Accepts[]): Accepts {
  return (value) => options.some((accepts) => accepts(value));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
