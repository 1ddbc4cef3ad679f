/** All that can be wrong with a report, found at once: by itself, and beside the scenario that it speaks of. */
import { isFields } from '../check/view.js';
import { type Fault, fault, MOST_TOLD, show } from '../faults.js';
import { faultsOf } from '../issues.js';
import type { Scenario } from '../schema.js';
import { wording } from '../wording.js';
import { deliveryRelations } from './check-delivery.js';
import { needRelations, stockRelations } from './check-goods.js';
import { obstacleRelations } from './check-obstacle.js';
import { type Known, knownOf } from './known.js';
import { type FieldReport, placeName, reportJsonSchema, reportSchema } from './report.js';
import type { View } from './view.js';

export type CheckedReport = { ok: true; report: FieldReport } | { ok: false; faults: Fault[] };

const WHOLE = wording`The report`;

/**
 * Checks a parsed JSON value against the format and against the scenario: names, periods, whole lots. The report is the very
 * value that was given. A report without a place is in order where it says `at`: `proposePlaces` has what is near. Never throws.
 */
export function checkReport(value: unknown, scenario: Scenario): CheckedReport {
  return checkKnown(value, knownOf(scenario));
}

/** As `checkReport`, for many reports on one scenario. */
export function checkKnown(value: unknown, known: Known): CheckedReport {
  const parsed = reportSchema.safeParse(value);
  const faults = parsed.success ? [] : faultsOf(parsed.error.issues, value, reportJsonSchema(), MOST_TOLD);
  const taken = new Set(faults.map((f) => f.pointer));
  faults.push(...relations(value, known).filter(({ pointer }) => !taken.has(pointer)));
  if (faults.length > 0) return { ok: false, faults };
  // The schema accepted the value and transforms nothing, so the value itself has the type.
  return { ok: true, report: value as FieldReport };
}

/** What is wrong with a place as a verification names it; empty where it has the right form. */
export function placeFaults(value: unknown): Fault[] {
  if (placeName.safeParse(value).success) return [];
  const mend = wording`state exactly one of route (with from, to and mode), site, fleet, region, depot`;
  return [fault(['place'], show(value), wording`is ${show(value)}, which does not name one place`, mend)];
}

function relations(value: unknown, known: Known): Fault[] {
  if (!isFields(value)) return [];
  const faults: Fault[] = [];
  const view: View = {
    known,
    root: { path: [], fields: value },
    report: (path, found, what, mend) => {
      faults.push(fault(path, found, what, mend, WHOLE));
    },
  };
  const { kind } = value;
  if (kind === 'obstacle') obstacleRelations(view);
  else if (kind === 'need') needRelations(view);
  else if (kind === 'stock') stockRelations(view);
  else if (kind === 'delivery') deliveryRelations(view);
  return faults;
}
