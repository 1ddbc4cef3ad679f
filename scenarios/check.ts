/** All that can be wrong with a scenario, found at once. */
import { acceptor } from './accept.js';
import { contextOf } from './check/context.js';
import { checkGoods } from './check/goods.js';
import { checkPast } from './check/past.js';
import { checkPolicy } from './check/policy.js';
import { checkResponse } from './check/response.js';
import { checkTiers } from './check/tiers.js';
import { checkFleets, checkRoutes } from './check/transport.js';
import { isFields } from './check/view.js';
import { type Checked, type Fault, fault } from './faults.js';
import { faultsOf, onePerPlace } from './issues.js';
import { scenarioJsonSchema } from './jsonschema.js';
import { type Scenario, scenarioSchema } from './schema.js';

/**
 * Checks a parsed JSON value against the format and all that fields say of each other. The scenario is the very
 * value that was given, not a copy; the faults come in the order schema, then references. Never throws.
 */
export function checkScenario(value: unknown): Checked<Scenario> {
  const faults = acceptor(scenarioSchema)(value) ? [] : schemaFaults(value);
  faults.push(...relations(value, new Set(faults.map((f) => f.pointer))));
  if (faults.length > 0) return { ok: false, faults };
  // The schema accepted the value and transforms nothing, so the value itself has the type.
  return { ok: true, scenario: value as Scenario };
}

function schemaFaults(value: unknown): Fault[] {
  const parsed = scenarioSchema.safeParse(value);
  return parsed.success ? [] : onePerPlace(faultsOf(parsed.error.issues, value, scenarioJsonSchema()));
}

/** What no single field shows: references, duplicates, lengths, lots. A place that has a fault gets no second one. */
function relations(value: unknown, taken: Set<string>): Fault[] {
  if (!isFields(value)) return [];
  const faults: Fault[] = [];
  const context = contextOf({ path: [], fields: value }, (path, found, what, mend) => {
    const next = fault(path, found, what, mend);
    if (!taken.has(next.pointer)) faults.push(next);
  });
  checkGoods(context);
  checkRoutes(context);
  checkFleets(context);
  checkPolicy(context);
  checkPast(context);
  checkTiers(context);
  checkResponse(context);
  return faults;
}
