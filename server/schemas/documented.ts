/**
 * Large answers that the engine makes and has checked itself (allocation, comparison, explanation). Their types live
 * in the engine; here an example of that type is turned into the JSON Schema that the API's document shows.
 */
import { z } from 'zod';

/**
 * A schema that lets everything pass and documents itself by an example; top-level fields of it are required. The type of fields named in
 * `depends` is left open, wherever they are.
 */
export function documented<T extends object>(
  description: string,
  example: T,
  optional: readonly (keyof T)[] = [],
  depends: readonly string[] = [],
) {
  const required = Object.keys(example).filter((key) => !optional.some((other) => other === key));
  return z.custom<T>().meta({ ...shapeOf(example, depends), description, required, examples: [example] });
}

/** Types and fields of a value; null says that the type depends, a list is described by its first entry. */
function shapeOf(value: unknown, depends: readonly string[]): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value))
    return value.length === 0 ? { type: 'array' } : { type: 'array', items: shapeOf(value[0], depends) };
  if (typeof value !== 'object') return { type: typeof value };
  const properties = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, depends.includes(key) ? {} : shapeOf(field, depends)]),
  );
  return { type: 'object', properties };
}
