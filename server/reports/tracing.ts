/**
 * What became of a report: the amendment that took it up, the plan that followed, and what the report has moved, by solving once more
 * as if nobody had sent it. That plan goes on the record as every other.
 */
import {
  type AllocateOptions,
  type Allocation,
  allocate,
  carryOut,
  type Effect,
  effectBetween,
  type PlanInForce,
} from '../../engine/index.js';
import { compileAmendment } from '../../scenarios/field/compile.js';
import { type Amendment, declareLevel, digestOf, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { wording } from '../../scenarios/wording.js';
import type { Case, LocalLedger } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { amendmentsTo, moveOnWith, planInForce, type RecordedAmendment, stepsTo } from '../replanning.js';
import { verifiedReport } from './amending.js';
import { english, type TraceSaid } from './said.js';

export interface Trace {
  report: string;
  kind: string;
  /** Entries of the record, in order. */
  filed: { seq: number; org: string; at: string };
  verified: { seq: number; org: string; at: string; verdict: 'verified' | 'rejected'; why: string } | null;
  /** The amendments that took it up, and what it changed by itself, in words. */
  amendments: { digest: string; seq: number; words: string[] }[];
  /** The first plan after the last of them; null where none was made yet. */
  replan: { allocation: string; seq: number; period: number; gap: number } | null;
  /** Against the plan that would have been made without the report; null where nothing could be compared. */
  effect: TraceEffect | null;
  resolved: { seq: number; at: string; what: string } | null;
  /** What the reporter is told, and the same in parts, of which a reader's own language is made. */
  told: string[];
  said: TraceSaid[];
}

export interface TraceEffect {
  /** The plan without the report, on the record. */
  without: string;
  gap: number;
  /** People-periods of the plan with it less those of the plan without it, as planned. */
  planned: Effect;
  /** The same against what would really have come of the plan without it, as the world is as the report says. */
  saved: Effect;
}

export type TraceOptions = Pick<AllocateOptions, 'signal' | 'onProgress' | 'threads'>;

/** Throws ProblemError 'unknown-report'. */
export async function traceReport(ledger: LocalLedger, digest: string, options: TraceOptions = {}): Promise<Trace> {
  const of = await ledger.life(digest);
  const report = of && (await ledger.report(digest));
  if (!of || !report) throw new ProblemError('unknown-report', wording`No report ${digest} is on the record.`);
  const content = of.verification && (await ledger.verification(of.verification.digest));
  const resolution = of.resolution && (await ledger.resolution(of.resolution.digest));
  const amendments = await amendmentsOf(ledger, of);
  const replan = await firstPlanAfter(ledger, amendments);
  const effect = replan ? await effectOf(ledger, digest, replan, options) : null;
  const trace: Omit<Trace, 'told' | 'said'> = {
    ...{ report: digest, kind: report.kind },
    filed: { seq: of.seq, org: of.org, at: iso(of.ts) },
    verified: of.verification && {
      ...{ seq: of.verification.seq, org: of.verification.org, at: iso(of.verification.ts) },
      ...{ verdict: of.verification.verdict, why: content?.why ?? '' },
    },
    amendments: await Promise.all(amendments.map((one) => ownWords(ledger, one, digest))),
    replan: replan && {
      ...{ allocation: replan.digest, seq: replan.seq, period: replan.scenario.after?.period ?? 0 },
      gap: replan.allocation.gap.proven,
    },
    effect,
    resolved: of.resolution && { seq: of.resolution.seq, at: iso(of.resolution.ts), what: resolution?.what ?? '' },
  };
  const said = toldOf(trace);
  return { ...trace, told: said.map(english), said };
}

const iso = (ms: number): string => new Date(ms).toISOString();

async function amendmentsOf(ledger: LocalLedger, of: Case): Promise<RecordedAmendment[]> {
  const found: RecordedAmendment[] = [];
  for (const { digest: salted, seq } of of.amendments) {
    const [digest, amendment] = [await ledger.contentName(salted), await ledger.amendment(salted)];
    if (digest !== undefined && amendment) found.push({ digest, seq, amendment });
  }
  return found;
}

/** Of an amendment what this report alone changes in the scenario that was amended; all of it where that cannot be told. */
async function ownWords(ledger: LocalLedger, { digest, seq, amendment }: RecordedAmendment, report: string) {
  const parent = await ledger.scenario(amendment.parent);
  const compiled = parent && compileAmendment(parent, [await verifiedReport(ledger, report)]);
  return { digest, seq, words: compiled?.ok ? compiled.amendment.words : amendment.words };
}

interface RecordedPlan extends PlanInForce {
  digest: string;
  seq: number;
}

/** Entries read at a time. */
const PAGE = 256;

/** The first plan on the record, after the last of the amendments, whose scenario holds them all. */
async function firstPlanAfter(
  ledger: LocalLedger,
  amendments: readonly RecordedAmendment[],
): Promise<RecordedPlan | null> {
  const last = amendments.at(-1);
  if (!last) return null;
  for (let from = last.seq + 1; from < ledger.size(); from += PAGE)
    for (const { seq, entry } of await ledger.entries(from, PAGE)) {
      if (entry.kind !== 'allocation') continue;
      const digest = await ledger.contentName(entry.body.allocation);
      const allocation = digest === undefined ? undefined : await ledger.allocation(digest);
      const scenario = allocation && (await ledger.scenario(allocation.scenario.digest));
      if (digest === undefined || !allocation || !scenario) continue;
      const chain = await amendmentsTo(ledger, baseOf(scenario));
      if (amendments.every((one) => chain.some(({ seq }) => seq === one.seq)))
        return { digest, seq, allocation, scenario };
    }
  return null;
}

const baseOf = (scenario: Scenario): string => scenario.after?.base ?? scenarioDigest(scenario);

/** Solves the plan's own question as if the report had never come. Null where its scenario cannot be made without it. */
async function effectOf(
  ledger: LocalLedger,
  report: string,
  plan: RecordedPlan,
  options: TraceOptions,
): Promise<TraceEffect | null> {
  const made = await withoutReport(ledger, report, baseOf(plan.scenario));
  if (!made) return null;
  const { after } = plan.scenario;
  let scenario = made.scenario;
  const before = after?.allocation === undefined ? undefined : await planInForce(ledger, after.allocation);
  if (after && before)
    scenario = supposed(moveOnWith({ scenario, before, period: after.period }, made.deliveries).scenario);
  const key = `trace:${digestOf({ report, plan: plan.digest, scenario: scenarioDigest(scenario) })}`;
  const known = await ledger.recorded(key);
  const { policy, gap } = plan.allocation;
  const without =
    (known && (await ledger.allocation(known.digest))) ??
    (await allocate(scenario, {
      ...options,
      policy: policy.name === 'custom' ? policy.stages : policy.name,
      gap: gap.asked,
      warm: { allocation: plan.allocation, scenario: plan.scenario },
    }));
  const { digest } = await ledger.recordAllocation(without, scenario, { idempotencyKey: key });
  return {
    ...{ without: digest, gap: Math.max(gap.proven, without.gap.proven) },
    planned: effectBetween(plan.allocation.coverage, without.coverage),
    saved: effectBetween(plan.allocation.coverage, really(plan.scenario, without)),
  };
}

/** A past that was not: it does not claim to be made of what is on the record. */
function supposed({ after, ...scenario }: Scenario): Scenario {
  if (!after) return scenario;
  const { base: _base, amendments: _amendments, ...past } = after;
  return { ...scenario, after: past };
}

/** What the plan without the report would have come to in the world that the report tells of. */
const really = (world: Scenario, plan: Allocation) => carryOut(world, plan).coverage;

/** The scenario with all amendments that lead to it, less what the report brought; null where the rest contradicts itself without it. */
async function withoutReport(ledger: LocalLedger, report: string, base: string) {
  const chain = await stepsTo(ledger, base);
  const [first] = chain;
  const root = first && ('amendment' in first ? first.amendment.parent : first.declaration.parent);
  let scenario = root === undefined ? undefined : await ledger.scenario(root);
  if (!scenario) return null;
  const deliveries: { digest: string; amendment: Amendment }[] = [];
  for (const step of chain) {
    if ('declaration' in step) {
      // whoever declared it would have declared it all the same
      const declared = declareLevel(scenario, step.declaration);
      if (!declared.ok) return null;
      scenario = declared.scenario;
      continue;
    }
    const { digest, amendment } = step;
    const kept = amendment.reports.filter((one) => one !== report);
    const verified = await Promise.all(kept.map((one) => verifiedReport(ledger, one)));
    const compiled = compileAmendment(scenario, verified);
    if (!compiled.ok) return null;
    scenario = compiled.scenario;
    if (compiled.amendment.deliveries.length > 0) deliveries.push({ digest, amendment: compiled.amendment });
  }
  return { scenario, deliveries };
}

/** In the reporter's words: what was done, and what for. */
function toldOf({ filed, verified, amendments, replan, effect, resolved }: Omit<Trace, 'told' | 'said'>): TraceSaid[] {
  const told: TraceSaid[] = [{ say: 'told.filed', at: filed.at, entry: filed.seq }];
  if (!verified) return [...told, { say: 'told.unseen' }];
  const { org, at, verdict, why: text } = verified;
  told.push(text ? { say: `told.${verdict}.why`, org, at, text } : { say: `told.${verdict}`, org, at });
  if (verdict === 'rejected') return told;
  if (amendments.length === 0) return [...told, { say: 'told.unchanged' }];
  told.push({ say: 'told.taken', entries: amendments.map(({ seq }) => seq) });
  if (!replan) return [...told, { say: 'told.unplanned' }];
  told.push({ say: 'told.planned', period: replan.period, entry: replan.seq });
  if (effect) told.push(effectTold(effect));
  if (resolved) told.push({ say: 'told.resolved', text: resolved.what });
  return told;
}

/** Regions named of those that a report moved. */
const NAMED = 3;

function effectTold({ planned, saved, gap }: TraceEffect): TraceSaid {
  if (planned.regions.length === 0 && saved.regions.length === 0) return { say: 'told.same' };
  const better = Math.round(saved.peoplePeriods);
  const what: TraceSaid =
    Math.abs(saved.peoplePeriods) < 1
      ? { say: 'worth.same' }
      : { say: better > 0 ? 'worth.more' : 'worth.fewer', amount: Math.abs(better) };
  const list = planned.regions.slice(0, NAMED).map(({ region, peoplePeriods }): TraceSaid => {
    const moved = Math.round(peoplePeriods);
    return { say: 'told.region', region, gain: { lo: moved, hi: moved } };
  });
  return list.length > 0 ? { say: 'told.moved', list, what, gap } : { say: 'told.unmoved', what, gap };
}
