/** From verified reports on the record to an amended scenario on the record. */
import { MOST_TOLD, prefaced, unlisted } from '../../scenarios/faults.js';
import { type Compiled, compileAmendment } from '../../scenarios/field/compile.js';
import type { AmendmentSaid } from '../../scenarios/field/said.js';
import { type Amendment, type PlaceName, sameJson } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import { LedgerRefusal, type LocalLedger, notOnRecord, type Receipt, type RecordOptions } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { ReportError } from './filing.js';

type Conflicts = Extract<Compiled, { ok: false }>['conflicts'];

/** Reports that cannot both hold: all pairs, each with the mend. */
export class AmendmentConflict extends Error {
  override name = 'AmendmentConflict';
  constructor(readonly conflicts: Conflicts) {
    super(conflicts.map(({ message }) => message).join('\n'));
    unlisted(this, 'conflicts');
  }
}

export function conflictProblem({ conflicts }: AmendmentConflict): ProblemError {
  const told = conflicts.slice(0, MOST_TOLD);
  const errors = told.map(({ said: { message, mend } }) => ({ pointer: '/reports', detail: message, mend }));
  const detail =
    conflicts.length === 1
      ? wording`Two reports contradict each other; the mend is below.`
      : told.length < conflicts.length
        ? wording`${conflicts.length} contradictions; the first of them are below, each with its mend.`
        : wording`${conflicts.length} contradictions, each with its mend below.`;
  return new ProblemError('amendment-conflict', detail, { errors });
}

export type Made = Extract<Compiled, { ok: true }>;

/**
 * Compiles reports on a scenario, all on the record. Throws LedgerRefusal 'unknown' or 'step' (not verified), ReportError
 * where a report does not fit the scenario, AmendmentConflict with all contradictions.
 */
export async function compileOnRecord(ledger: LocalLedger, parent: string, reports: readonly string[]): Promise<Made> {
  const scenario = await ledger.scenario(parent);
  if (!scenario) throw notOnRecord('scenario', parent);
  const verified = [];
  for (const digest of new Set(reports)) verified.push(await verifiedReport(ledger, digest));
  const compiled = compileAmendment(scenario, verified);
  if (compiled.ok) return compiled;
  if (compiled.conflicts.length > 0) throw new AmendmentConflict(compiled.conflicts);
  throw new ReportError(
    compiled.faults.map((one) =>
      one.report === undefined
        ? one
        : prefaced(one, (message) => wording`Report ${one.report!.slice(0, 12)}: ${message}`),
    ),
  );
}

/** A verified report with the place that its verification names. Throws LedgerRefusal. */
export async function verifiedReport(ledger: LocalLedger, digest: string) {
  const [of, report] = [await ledger.life(digest), await ledger.report(digest)];
  if (!of || !report) throw notOnRecord('report', digest);
  const { verification } = of;
  if (verification?.verdict !== 'verified')
    throw new LedgerRefusal(
      'step',
      verification
        ? wording`report ${digest} was rejected in entry ${verification.seq}: leave it out`
        : wording`report ${digest} is not verified yet: POST /reports/${digest}/verification first`,
    );
  // Read with its schema before it came onto the record.
  const place = (await ledger.verification(verification.digest))?.place as PlaceName | undefined;
  return { report, ...(place === undefined ? {} : { place }) };
}

/** Puts the scenario that results on the record, then the amendment. Asked again after a crash it does what is missing. */
export async function recordMade(
  ledger: LocalLedger,
  { amendment, scenario }: Pick<Made, 'amendment' | 'scenario'>,
  options: RecordOptions,
): Promise<Receipt> {
  await ledger.recordScenario(scenario, options.org === undefined ? {} : { org: options.org });
  return await ledger.recordAmendment(amendment, options);
}

/**
 * The words of an amendment on the record in parts, which the record does not keep: they are compiled anew. Undefined where that is not
 * possible, as what it was made of was forgotten, or comes to other words today.
 */
export async function saidOf(ledger: LocalLedger, amendment: Amendment): Promise<AmendmentSaid[] | undefined> {
  const made = await compileOnRecord(ledger, amendment.parent, amendment.reports).catch(() => undefined);
  return made && sameJson(made.amendment.words, amendment.words) ? made.said : undefined;
}
