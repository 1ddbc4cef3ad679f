/**
 * Large answers that the engine makes and has checked itself (allocation, comparison, explanation). Their types live
 * in the engine; here an example of that type is turned into the JSON Schema that the API's document shows.
 */
import { z } from 'zod';

/**
 * A schema that lets everything pass and documents itself by an example; top-level fields of it are required. Fields named
 * in `nullable`, at any depth, may be null though the example has a value.
 */
export function documented<T extends object>(
  description: string,
  example: T,
  optional: readonly (keyof T)[] = [],
  nullable: readonly string[] = [],
) {
  const required = Object.keys(example).filter((key) => !optional.some((other) => other === key));
  return z.custom<T>().meta({ ...shapeOf(example, nullable), description, required, examples: [example] });
}

/** Types and fields of a value; null says that the type depends, a list is described by its first entry. */
function shapeOf(value: unknown, nullable: readonly string[]): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value))
    return value.length === 0 ? { type: 'array' } : { type: 'array', items: shapeOf(value[0], nullable) };
  if (typeof value !== 'object') return { type: typeof value };
  const properties = Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const shape = shapeOf(field, nullable);
      return [key, nullable.includes(key) ? { ...shape, type: [shape.type, 'null'] } : shape];
    }),
  );
  return { type: 'object', properties };
}
