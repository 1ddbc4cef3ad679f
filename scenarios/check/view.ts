/**
 * Looks at a value that may be misshapen. What has the wrong shape was reported by the schema already and is
 * passed over here, so that one fault does not hide the others.
 */
import type { Path } from '../faults.js';

export type Fields = Readonly<Record<string, unknown>>;

export interface Entry {
  path: Path;
  fields: Fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a list field that are objects, with their paths. */
export function entries(parent: Entry, key: string): Entry[] {
  const found: Entry[] = [];
  items(parent, key).forEach((fields, i) => {
    if (isFields(fields)) found.push({ path: [...parent.path, key, i], fields });
  });
  return found;
}

/** The same one by one, so that of a million routes no million paths are held. */
export function* each(parent: Entry, key: string): Generator<Entry> {
  for (const [i, fields] of items(parent, key).entries())
    if (isFields(fields)) yield { path: [...parent.path, key, i], fields };
}

/** A list field; empty where it is absent or no list. */
export function items({ fields }: Entry, key: string): readonly unknown[] {
  const value = fields[key];
  return Array.isArray(value) ? value : [];
}

/** A non-empty text field, or undefined. */
export function textOf({ fields }: Entry, key: string): string | undefined {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number that is 0 or more, or undefined. */
export function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
