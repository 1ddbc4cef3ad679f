/** What entries about reports say of their contents, and what those say of each other: held against the blobs where they are at hand. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { english, type Text, wording } from '../../scenarios/wording.js';
import { fromUtf8 } from './bytes.js';
import { type Case, caseOf, caseOfVerification, stepFault, tierNow, waitsSince } from './cases.js';
import { blobDigest, contentDigest } from './digest.js';
import type { KnownEntry } from './entry.js';
import type { Step } from './fieldbody.js';
import type { Contents } from './known.js';
import { messageOf } from './messages.js';
import type { AmendmentDocument, DeclarationDocument, ReportDocument } from './types.js';
import type { HeldBlob, Report } from './verify.js';

/** A tier that answers for a report, with the hours it has for each step. */
export interface Rung {
  tier: string;
  hours: Record<Step, number>;
}

/** A verified report, with the place that its verification names. */
export interface VerifiedReport {
  digest: string;
  document: ReportDocument;
  place: unknown;
}

/** Of reports, amendments and declarations; what is wrong in words, nothing where all is well. None of them throws. */
export interface CheckField {
  /** `allocation` is the plan that a delivery names; undefined where it names none or it was forgotten. */
  report(document: ReportDocument, scenario: Scenario, allocation: Allocation | undefined): string[];
  /** That the patch makes the stated scenario of the parent; and, with all the reports, that they make that patch. */
  amendment(document: AmendmentDocument, parent: Scenario, reports: VerifiedReport[] | undefined): string[];
  /** That the level makes the stated scenario of the parent, and that figures and rules suggest what is stated. */
  declaration(document: DeclarationDocument, parent: Scenario): string[];
  /** The tiers that answer for a report, lowest first; none where nobody does. */
  rungs(document: ReportDocument, scenario: Scenario, place: unknown): Rung[];
}

/** Where no organisation is registered, whoever verifies must at least have another name. */
export function byFault(report: ReportDocument | undefined, { by }: { by: string }): Text | null {
  const same = report !== undefined && plainName(report.by) === plainName(by);
  return same ? wording`${by} filed the report: somebody else verifies it` : null;
}

const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** When the tier that has a report must be done with the step, and to whom it goes then; null where it goes nowhere. */
export function nextEscalation(of: Case, step: Step, rungs: readonly Rung[]) {
  const now = tierNow(of);
  const at = now ? rungs.findIndex(({ tier }) => tier === now.tier) : 0;
  const [from, to] = [rungs[at], rungs[at + 1]];
  if (!from) return null;
  const due = (now?.since ?? waitsSince(of)) + from.hours[step] * 3_600_000;
  return { step, from: from.tier, to: to?.tier ?? null, due: new Date(due).toISOString() };
}

/** Checks an entry about a report; `blob` is its own, where it is at hand. The step itself is judged without any content. */
export async function checkStep(
  contents: Contents,
  entry: KnownEntry,
  seq: number,
  organisations: boolean,
  report: Report,
): Promise<boolean> {
  const step = stepFault(contents.cases, entry, organisations);
  if (step !== null) report(seq, 'step', `entry ${seq}: ${step}`);
  return step === null;
}

/** As `checkStep`, of what the contents say. Reads the cases as they were before the entry. */
export async function checkStepContent(
  contents: Contents,
  entry: KnownEntry,
  blob: HeldBlob | undefined,
  seq: number,
  organisations: boolean,
  report: Report,
): Promise<void> {
  const bind = (what: string): void => report(seq, 'binding', `entry ${seq}: ${what}`);
  try {
    switch (entry.kind) {
      case 'report':
        return blob && (await checkReport(contents, entry.body, blob, bind));
      case 'verification': {
        if (!blob) return;
        const { report: digest, reportSeq } = entry.body;
        const said = parsed<{ report: string; verdict: string; by: string }>(blob);
        const of = await held(contents, digest);
        if (said.verdict !== entry.body.verdict)
          bind(`it says ${entry.body.verdict}, its content says ${said.verdict}`);
        if (of && contentDigest(of.bytes) !== said.report)
          bind(`it is about report ${said.report}, which is not that of entry ${reportSeq}`);
        const fault = organisations || !of ? null : byFault(parsed(of), said);
        if (fault !== null) report(seq, 'step', `entry ${seq}: ${english(fault)}`);
        return;
      }
      case 'amendment':
        return blob && (await checkAmendment(contents, entry.body, blob, bind));
      case 'resolution': {
        if (!blob) return;
        const said = parsed<Record<'report' | 'amendment' | 'allocation', string | undefined>>(blob);
        for (const kind of ['report', 'amendment', 'allocation'] as const)
          await checkName(contents, kind, said[kind], entry.body[kind], bind);
        return;
      }
      case 'declaration':
        return blob && (await checkDeclaration(contents, entry.body, blob, bind));
      case 'escalation':
        return await checkEscalation(contents, entry.body, bind);
    }
  } catch (error) {
    bind(`its content cannot be read: ${messageOf(error)}`);
  }
}

type Body<K extends KnownEntry['kind']> = Extract<KnownEntry, { kind: K }>['body'];
type Bind = (what: string) => void;

async function checkReport(contents: Contents, body: Body<'report'>, blob: HeldBlob, bind: Bind): Promise<void> {
  const document = parsed<ReportDocument>(blob);
  for (const kind of ['scenario', 'supersedes', 'photo'] as const)
    await checkName(contents, kind, document[kind], body[kind], bind);
  const named = document.kind === 'delivery' ? document.allocation : undefined;
  await checkName(contents, 'allocation', named, body.allocation, bind);
  const scenario = await held(contents, body.scenario);
  if (!scenario || !contents.checks.checkField) return;
  const plan = body.allocation === undefined ? undefined : await held(contents, body.allocation);
  for (const fault of contents.checks.checkField.report(document, parsed(scenario), plan && parsed(plan))) bind(fault);
}

async function checkAmendment(contents: Contents, body: Body<'amendment'>, blob: HeldBlob, bind: Bind): Promise<void> {
  const document = parsed<AmendmentDocument>(blob);
  await checkName(contents, 'parent', document.parent, body.scenario, bind);
  await checkName(contents, 'result', document.scenario, body.result, bind);
  const reports: VerifiedReport[] = [];
  for (const { verification } of body.verifications) {
    const of = caseOfVerification(contents.cases, verification);
    const [filed, verified] = [of && (await held(contents, of.report)), await held(contents, verification)];
    if (!filed || !verified) continue;
    const { place } = parsed<{ place?: unknown }>(verified);
    reports.push({ digest: contentDigest(filed.bytes), document: parsed(filed), place });
  }
  const whole = reports.length === body.verifications.length;
  if (whole) {
    const stated = [...document.reports].sort().join();
    if (
      stated !==
      reports
        .map(({ digest }) => digest)
        .sort()
        .join()
    )
      return bind('its content names other reports than those whose verifications it cites');
  } else if (document.reports.length !== body.verifications.length)
    return bind(`its content names ${document.reports.length} reports, it cites ${body.verifications.length}`);
  const parent = await held(contents, body.scenario);
  if (!parent || !contents.checks.checkField) return;
  const faults = contents.checks.checkField.amendment(document, parsed(parent), whole ? reports : undefined);
  for (const fault of faults) bind(fault);
}

async function checkDeclaration(
  contents: Contents,
  body: Body<'declaration'>,
  blob: HeldBlob,
  bind: Bind,
): Promise<void> {
  const document = parsed<DeclarationDocument>(blob);
  await checkName(contents, 'parent', document.parent, body.scenario, bind);
  await checkName(contents, 'result', document.scenario, body.result, bind);
  for (const what of ['level', 'suggested'] as const) {
    const said = document[what] ?? 'none';
    if (said !== body[what]) bind(`it says ${what} ${body[what]}, its content says ${said}`);
  }
  const parent = await held(contents, body.scenario);
  if (!parent || !contents.checks.checkField) return;
  for (const fault of contents.checks.checkField.declaration(document, parsed(parent))) bind(fault);
}

async function checkEscalation(contents: Contents, body: Body<'escalation'>, bind: Bind): Promise<void> {
  const of = caseOf(contents.cases, body.report);
  const rungs = of && (await rungsOf(contents, of));
  const next = of && rungs && nextEscalation(of, body.step, rungs);
  if (!of || !rungs) return;
  const { step, from, to, due } = body;
  if (!next || next.to !== to || next.from !== from)
    bind(
      `the tiers of the scenario pass the report on ${next ? `from ${next.from} to ${next.to}` : 'to nobody'}, not from ${from} to ${to}`,
    );
  else if (next.due !== due) bind(`the time to ${step} ended at ${next.due}, not at ${due}`);
}

/** Undefined where the contents that say it are not at hand. */
async function rungsOf(contents: Contents, of: Case): Promise<Rung[] | undefined> {
  const { checkField } = contents.checks;
  const [filed, scenario] = [await held(contents, of.report), await held(contents, of.scenario)];
  const verified = of.verification ? await held(contents, of.verification.digest) : undefined;
  if (!checkField || !filed || !scenario || (of.verification && !verified)) return undefined;
  const place = verified && parsed<{ place?: unknown }>(verified).place;
  return checkField.rungs(parsed(filed), parsed(scenario), place);
}

/** That a content names what its entry cites, and nothing where that cites nothing. */
async function checkName(
  contents: Contents,
  what: string,
  named: string | undefined,
  cited: string | undefined,
  bind: Bind,
): Promise<void> {
  if (named === undefined && cited === undefined) return;
  if (named === undefined || cited === undefined)
    return bind(
      `its content names ${named === undefined ? 'no' : 'a'} ${what}, the entry ${cited === undefined ? 'none' : 'one'}`,
    );
  const blob = await held(contents, cited);
  if (blob && contentDigest(blob.bytes) !== named)
    bind(`its content names the ${what} ${named}, the entry another one`);
}

/** An earlier content; undefined where it is absent, or false, which its own entry reports. */
async function held({ evidence }: Contents, digest: string): Promise<HeldBlob | undefined> {
  const blob = await evidence.blob(digest);
  return blob && blobDigest(blob.salt, blob.bytes) === digest ? blob : undefined;
}

// The digest of each was checked: the writer vouches for the type, and every property used is compared or checked.
const parsed = <T>(blob: HeldBlob): T => JSON.parse(fromUtf8(blob.bytes)) as T;
