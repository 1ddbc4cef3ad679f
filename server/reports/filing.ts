/** A report on its way to the record, by HTTP or by the command line: read against its scenario and its plan, with its photo. */
import type { Allocation } from '../../engine/index.js';
import { fault, MOST_TOLD, unlisted } from '../../scenarios/faults.js';
import { checkReport, placeFaults } from '../../scenarios/field/check.js';
import { allocationFaults } from '../../scenarios/field/check-delivery.js';
import { type NearPlace, placeNamed, proposePlaces } from '../../scenarios/field/near.js';
import {
  type Fault,
  type FieldReport,
  type PlaceName,
  type ReportOf,
  reportJsonSchema,
  reportSchema,
  type Scenario,
} from '../../scenarios/index.js';
import { faultsOf } from '../../scenarios/issues.js';
import { type Text, wording } from '../../scenarios/wording.js';
import { type LocalLedger, notOnRecord, type Receipt, type RecordOptions } from '../ledger/index.js';
import type { Photos } from './photos.js';

/** All that is wrong with a report or with the place that a verification names, each with its mend. */
export class ReportError extends Error {
  override name = 'ReportError';
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join('\n'));
    unlisted(this, 'faults');
  }
}

export interface Filed {
  report: FieldReport;
  receipt: Receipt;
  /** Where the report names no place: what is near, with the distance in km. */
  proposals: NearPlace[];
}

/** Throws ReportError with all faults, LedgerRefusal 'unknown' where scenario or plan are not on the record. */
export async function fileReport(
  ledger: LocalLedger,
  photos: Photos,
  value: unknown,
  options: RecordOptions = {},
): Promise<Filed> {
  const scenario = await scenarioAsked(ledger, value);
  const checked = checkReport(value, scenario);
  const faults = checked.ok ? await recordFaults(ledger, checked.report) : checked.faults;
  if (!checked.ok || faults.length > 0) throw new ReportError(faults);
  const { report } = checked;
  const photo = report.photo === undefined ? undefined : await photoOf(ledger, photos, report.photo);
  const receipt = await ledger.recordReport(report, photo, options);
  if (report.photo !== undefined) await photos.settle(report.photo);
  return { report, receipt, proposals: placeNamed(report) === undefined ? proposePlaces(scenario, report) : [] };
}

async function scenarioAsked(ledger: LocalLedger, value: unknown): Promise<Scenario> {
  const digest: unknown = Object(value).scenario;
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) {
    const { error } = reportSchema.safeParse(value);
    throw new ReportError(faultsOf(error?.issues ?? [], value, reportJsonSchema(), MOST_TOLD));
  }
  const scenario = await ledger.scenario(digest);
  if (scenario) return scenario;
  throw notOnRecord('scenario', digest);
}

/** What only the record shows of a report: its plan, its photo, the report that it corrects. */
async function recordFaults(ledger: LocalLedger, report: FieldReport): Promise<Fault[]> {
  const faults: Fault[] = [];
  if (report.supersedes !== undefined && !(await ledger.report(report.supersedes)))
    faults.push(
      unknown(
        'supersedes',
        report.supersedes,
        wording`a report on the record`,
        wording`name the digest of its receipt`,
      ),
    );
  if (report.kind !== 'delivery') return faults;
  const plan = await ledger.allocation(report.allocation);
  if (plan) faults.push(...deliveryFaults(report, plan));
  else
    faults.push(
      unknown('allocation', report.allocation, wording`a plan on the record`, wording`name the plan that was followed`),
    );
  return faults;
}

const unknown = (field: string, found: string, what: Text, mend: Text): Fault =>
  fault([field], JSON.stringify(found), wording`names ${found}, which is not ${what}`, mend, wording`The report`);

export function deliveryFaults(report: ReportOf<'delivery'>, { shipments }: Allocation): Fault[] {
  const { resource, from, to, mode, depart } = report;
  const lines = shipments.filter(
    (one) =>
      one.resource === resource && one.from === from && one.to === to && one.mode === mode && one.depart === depart,
  );
  return allocationFaults(
    report,
    lines.length === 0 ? undefined : lines.reduce((sum, { quantity }) => sum + quantity, 0),
  );
}

async function photoOf(ledger: LocalLedger, photos: Photos, digest: string): Promise<Uint8Array> {
  const photo = (await photos.waiting(digest)) ?? (await ledger.photo(digest));
  if (photo) return photo;
  throw new ReportError([unknown('photo', digest, wording`a photo that was sent`, wording`POST it to /photos first`)]);
}

/** Throws ReportError where a verification names no place and should, or one that the report cannot be about. */
export function mustFit(report: FieldReport, scenario: Scenario, verdict: string, place: unknown): void {
  const here = (found: Text, what: Text, mend: Text) =>
    new ReportError([fault(['place'], found, what, mend, wording`The verification`)]);
  if (placeNamed(report) !== undefined) {
    if (place === undefined) return;
    throw here(
      JSON.stringify(place),
      wording`stands beside the place that the report names itself`,
      wording`leave it out`,
    );
  }
  if (place === undefined) {
    if (verdict === 'rejected') return;
    const [near] = proposePlaces(scenario, report);
    const mend = near ? wording`name the place, for example ${JSON.stringify(near.place)}` : wording`name the place`;
    throw here(wording`nothing`, wording`is missing, and the report names none`, mend);
  }
  const faults = placeFaults(place);
  if (faults.length > 0) throw new ReportError(faults.map((one) => ({ ...one, pointer: `/place${one.pointer}` })));
  // The report with the place in it must be in order, and about one place only.
  const checked = checkReport({ ...report, ...(place as PlaceName) }, scenario);
  if (!checked.ok) throw new ReportError(checked.faults.map((one) => ({ ...one, pointer: `/place${one.pointer}` })));
}
