/** What scenarios/field/ knows of reports, amendments and levels, as the verifier asks it; none of it throws. */
import type { Allocation } from '../../engine/index.js';
import { checkReport } from '../../scenarios/field/check.js';
import { compileAmendment } from '../../scenarios/field/compile.js';
import {
  type Amendment,
  amendmentSchema,
  declarationFaults,
  digestOf,
  type PlaceName,
  patched,
  type Scenario,
} from '../../scenarios/index.js';
import type { CheckField, VerifiedReport } from '../ledger/index.js';
import { deliveryFaults } from './filing.js';
import { rungsOf } from './tiers.js';

export const checkField: CheckField = {
  report: (document, scenario, allocation) => safely(() => reportFaults(document, scenario, allocation)),
  amendment: (document, parent, reports) => safely(() => amendmentFaults(document, parent, reports)),
  declaration: (document, parent) => safely(() => declarationFaults(document, parent)),
  rungs: rungsOf,
};

function reportFaults(document: unknown, scenario: Scenario, allocation: Allocation | undefined): string[] {
  const checked = checkReport(document, scenario);
  if (!checked.ok) return checked.faults.map(({ message }) => message);
  if (checked.report.kind !== 'delivery' || !allocation) return [];
  return deliveryFaults(checked.report, allocation).map(({ message }) => message);
}

function amendmentFaults(document: unknown, parent: Scenario, reports: VerifiedReport[] | undefined): string[] {
  const read = amendmentSchema.safeParse(document);
  if (!read.success) return [`the amendment is not as its format has it: ${read.error.issues[0]?.message}`];
  const made = digestOf(patched(parent, read.data.patch));
  if (made !== read.data.scenario)
    return [`its patch makes the scenario ${made} of the parent, not ${read.data.scenario}`];
  return reports ? compiledFaults(read.data, parent, reports) : unlawful(read.data);
}

/** That exactly these reports make exactly this amendment. */
function compiledFaults(stated: Amendment, parent: Scenario, reports: VerifiedReport[]): string[] {
  const compiled = compileAmendment(
    parent,
    // Each was read with its schema when its own entry was checked.
    reports.map(({ document, place }) => ({
      report: document,
      ...(place === undefined ? {} : { place: place as PlaceName }),
    })),
  );
  if (!compiled.ok) return [...compiled.faults, ...compiled.conflicts].map(({ message }) => message);
  return digestOf(compiled.amendment) === digestOf(stated) ? [] : ['its reports make another amendment than it states'];
}

/** Where a report was forgotten: what an amendment shows by itself. */
function unlawful({ deliveries }: Amendment): string[] {
  return deliveries
    .filter(
      ({ allocated, shipped, held, returned, delivered }) =>
        shipped + held + returned !== allocated || delivered > shipped,
    )
    .map(({ report }) => `the delivery of report ${report} accounts for more or less than was allocated`);
}

function safely(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
