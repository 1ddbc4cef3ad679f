/** What a compact plan is read by: columns that are there, and as long as they have to be. */
import { type Column, type Container, PackedError } from './container.js';
import { type Lot, unitsOf } from './lots.js';

export interface Sections {
  has(name: string): boolean;
  column(name: string, length?: number): Column;
  /** A column that was written as doubles. */
  doubles(name: string, length?: number): Float64Array;
  /** Quantities of the resources `of`, in units. */
  quantities(name: string, of: Column, lots: readonly Lot[]): (line: number) => number;
}

export function openSections({ columns }: Container): Sections {
  function column(name: string, length?: number): Column {
    const found = columns.get(name);
    if (!found || (length ?? found.length) !== found.length)
      throw new PackedError(
        `The compact plan has ${found?.length ?? 'no'} numbers of ${name} for ${length ?? 'some'}.`,
      );
    return found;
  }
  return {
    column,
    has: (name) => columns.has(name),
    doubles: (name, length) => column(name, length) as Float64Array,
    quantities(name, of, lots) {
      const units = columns.get(name);
      const counted = units ?? column(`${name}.lots`, of.length);
      return (line) => (units ? units[line]! : unitsOf(counted[line]!, lots[of[line]!]!));
    },
  };
}
