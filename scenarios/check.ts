/** All that can be wrong with a scenario, found at once. */
import { acceptor } from './accept.js';
import { contextOf } from './check/context.js';
import { checkGoods } from './check/goods.js';
import { checkPast } from './check/past.js';
import { checkPolicy } from './check/policy.js';
import { checkResponse } from './check/response.js';
import { checkTiers } from './check/tiers.js';
import { checkFleets, checkRoutes } from './check/transport.js';
import { type Entry, isFields } from './check/view.js';
import { type Checked, type Fault, fault, MOST_FAULTS, pointerOf, type Report } from './faults.js';
import { faultsOf } from './issues.js';
import { scenarioJsonSchema } from './jsonschema.js';
import { refusals } from './refusals.js';
import { type Scenario, scenarioSchema } from './schema.js';

/**
 * Checks a parsed JSON value against the format and all that fields say of each other. The scenario is the very
 * value that was given, not a copy; the faults come in the order schema, then references. Never throws. After `most` faults it looks no
 * further, and says so by `more`: of a million nobody reads the last, and each takes memory and time. Of a `draft`, whose routes are
 * still to be proposed, a fleet's mode may be one that no route has yet.
 */
export function checkScenario(value: unknown, most = MOST_FAULTS, draft = false): Checked<Scenario> {
  const schema = acceptor(scenarioSchema)(value) ? [] : schemaFaults(value, most + 1);
  if (schema.length > most) return { ok: false, faults: schema.slice(0, most), more: true };
  const taken = new Set(schema.map((f) => f.pointer));
  const { faults, more } = relations(value, taken, most - schema.length, draft);
  if (schema.length + faults.length > 0 || more)
    return { ok: false, faults: schema.concat(faults), ...(more ? { more: true as const } : {}) };
  // The schema accepted the value and transforms nothing, so the value itself has the type.
  return { ok: true, scenario: value as Scenario };
}

const schemaFaults = (value: unknown, most: number): Fault[] =>
  faultsOf(refusals(scenarioSchema, value, most), value, scenarioJsonSchema(), most);

/** What no single field shows: references, duplicates, lengths, lots. A place that has a fault gets no second one. */
function relations(
  value: unknown,
  taken: Set<string>,
  most: number,
  draft: boolean,
): { faults: Fault[]; more: boolean } {
  if (!isFields(value)) return { faults: [], more: false };
  const faults: Fault[] = [];
  const report: Report = (path, found, what, mend) => {
    if (taken.has(pointerOf(path))) return;
    if (faults.length >= most) throw ENOUGH;
    faults.push(fault(path, found, what, mend));
  };
  try {
    allRelations({ path: [], fields: value }, report, draft);
    return { faults, more: false };
  } catch (error) {
    if (error !== ENOUGH) throw error;
    return { faults, more: true };
  }
}

/** Thrown by a report that takes no more. */
const ENOUGH = Symbol('enough faults');

function allRelations(root: Entry, report: Report, draft: boolean): void {
  const context = contextOf(root, report);
  checkGoods(context);
  checkRoutes(context);
  checkFleets(context, draft);
  checkPolicy(context);
  checkPast(context);
  checkTiers(context);
  checkResponse(context);
}
