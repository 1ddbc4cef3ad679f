/** From the text of a JSON file of a given form to its value, or to all that is wrong with it: as for a scenario, with places. */
import { z } from 'zod';
import { type Fault, fault, type Report } from '../faults.js';
import { faultsOf, onePerPlace } from '../issues.js';
import { withPlaces } from '../places.js';
import { syntaxFaults } from '../syntax.js';
import { type Text, wording } from '../wording.js';

export type Read<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/**
 * Reads `text` by a schema that transforms nothing; `relations` reports what fields say of each other and is asked only where each field
 * by itself is in order. `whole` names the file in the faults. Never throws.
 */
export function readBy<T>(
  schema: z.ZodType<T>,
  text: string,
  whole: Text,
  relations: (value: T, report: Report) => void,
): Read<T> {
  let value: unknown;
  const { fatal, ambiguous } = syntaxFaults(text);
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      faults: [fatal ?? fault([], reason, wording`is not JSON (${reason})`, wording`mend it`, whole)],
    };
  }
  if (fatal !== undefined) return { ok: false, faults: [fatal] };
  const faults = [...ambiguous, ...faultsBy(schema, value, whole, relations)];
  // the schema accepted the value and transforms nothing, so the value itself has the type
  return faults.length === 0
    ? { ok: true, value: value as T }
    : { ok: false, faults: withPlaces(onePerPlace(faults), text) };
}

function faultsBy<T>(
  schema: z.ZodType<T>,
  value: unknown,
  whole: Text,
  relations: (value: T, report: Report) => void,
): Fault[] {
  const parsed = schema.safeParse(value);
  const root = () => z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  if (!parsed.success) return faultsOf(parsed.error.issues, value, root());
  const faults: Fault[] = [];
  relations(parsed.data, (path, found, what, mend) => {
    faults.push(fault(path, found, what, mend, whole));
  });
  return faults;
}
