/**
 * Large answers that the engine makes and has checked itself (allocation, comparison, explanation). Their types live
 * in the engine; here an example of that type is turned into the JSON Schema that the API's document shows.
 */
import { z } from 'zod';

/** JSON Schema's names of types. */
type Types = Readonly<Record<string, readonly string[]>>;

/**
 * A schema that lets everything pass and documents itself by an example; top-level fields of it are required. `types` gives
 * those of fields that can be of several, by name and wherever they stand; none leaves a field open.
 */
export function documented<T extends object>(
  description: string,
  example: T,
  optional: readonly (keyof T)[] = [],
  types: Types = {},
) {
  const required = Object.keys(example).filter((key) => !optional.some((other) => other === key));
  return z.custom<T>().meta({ ...shapeOf(example, types), description, required, examples: [example] });
}

/** Types and fields of a value; null says that the type depends, a list is described by its first entry. */
function shapeOf(value: unknown, types: Types): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value))
    return value.length === 0 ? { type: 'array' } : { type: 'array', items: shapeOf(value[0], types) };
  if (typeof value !== 'object') return { type: typeof value };
  const properties = Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      const shape = shapeOf(field, types);
      const several = Object.hasOwn(types, key) ? types[key]! : null;
      if (several?.length === 0) return [key, {}];
      return [key, several ? { ...shape, type: several } : shape];
    }),
  );
  return { type: 'object', properties };
}
