/** Reports as people ask for them: what state each is in, whose turn it is and until when. All of it follows from the record. */
import type { Scenario } from '../../scenarios/index.js';
import {
  type Case,
  isSuperseded,
  type LocalLedger,
  nextEscalation,
  type ReportDocument,
  type Rung,
  type Step,
  waitsFor,
} from '../ledger/index.js';
import { organisationOf, rungsOf } from './tiers.js';

export const reportStates = ['filed', 'verified', 'rejected', 'amended', 'resolved', 'superseded'] as const;
export type ReportState = (typeof reportStates)[number];

export interface ReportView {
  /** Null, as all that is in it, where the report was forgotten. */
  digest: string | null;
  report: ReportDocument | null;
  seq: number;
  state: ReportState;
  /** What it waits for; null at its end. */
  step: Step | null;
  /** Whose turn it is; null where the scenario names no tiers, or the report is at its end. */
  owner: { tier: string; organisation: string | null } | null;
  due: string | null;
  overdue: boolean;
  /** How often it was passed on to the tier above. */
  escalations: number;
}

export interface Asked {
  state?: ReportState | undefined;
  kind?: string | undefined;
  overdue?: boolean | undefined;
  tier?: string | undefined;
  /** Place of an entry in the log. */
  from: number;
  limit: number;
}

export interface Register {
  view(of: Case): Promise<ReportView>;
  /** In the order of the log; `next` is where to go on, or null. */
  list(asked: Asked): Promise<{ reports: ReportView[]; next: number | null }>;
  /** The report's next escalation; null where it waits for nobody, or nobody answers for it. */
  nextOf(of: Case): Promise<ReturnType<typeof nextEscalation>>;
}

/** What the contents say of a report; they never change, so it is read once. */
interface Facts {
  kind: string;
  rungs: readonly Rung[];
  organisations: ReadonlyMap<string, string | null>;
}

export function stateOf(of: Case): ReportState {
  const { verification, amendments, resolution } = of;
  if (isSuperseded(of)) return 'superseded';
  if (resolution) return 'resolved';
  if (amendments.length > 0) return 'amended';
  return verification?.verdict ?? 'filed';
}

/** `clock` in milliseconds since 1970. */
export function openRegister(ledger: LocalLedger, clock: () => number): Register {
  const facts = new Map<string, Facts>();
  let last: { digest: string; scenario: Scenario } | undefined;

  async function scenarioOf(digest: string): Promise<Scenario | undefined> {
    if (last?.digest === digest) return last.scenario;
    const scenario = await ledger.scenario(digest);
    if (scenario) last = { digest, scenario };
    return scenario;
  }

  async function factsOf({ report, verification, scenario: asked }: Case): Promise<Facts | undefined> {
    // A verification may name the place, and with it who answers.
    const key = verification?.digest ?? report;
    const known = facts.get(key);
    if (known) return known;
    const [document, scenario] = [await ledger.report(report), await scenarioOf(asked)];
    if (!document || !scenario) return undefined;
    const place = verification ? (await ledger.verification(verification.digest))?.place : undefined;
    const rungs = rungsOf(document, scenario, place);
    const organisations = new Map(rungs.map(({ tier }) => [tier, organisationOf(scenario, tier)]));
    const read = { kind: document.kind, rungs, organisations };
    facts.set(key, read);
    return read;
  }

  async function nextOf(of: Case) {
    const step = waitsFor(of);
    const known = step === null ? undefined : await factsOf(of);
    return step !== null && known ? nextEscalation(of, step, known.rungs) : null;
  }

  async function view(of: Case): Promise<ReportView> {
    const known = await factsOf(of);
    const next = await nextOf(of);
    const report = (await ledger.report(of.report)) ?? null;
    return {
      digest: report && ((await ledger.contentName(of.report)) ?? null),
      report,
      seq: of.seq,
      state: stateOf(of),
      step: waitsFor(of),
      owner: next?.from ? { tier: next.from, organisation: known?.organisations.get(next.from) ?? null } : null,
      due: next?.due ?? null,
      overdue: next !== null && Date.parse(next.due) < clock(),
      escalations: of.escalations.length,
    };
  }

  async function matches(of: Case, { state, kind, overdue, tier, from }: Asked): Promise<boolean> {
    if (of.seq < from || (state !== undefined && state !== stateOf(of))) return false;
    if (kind !== undefined && (await factsOf(of))?.kind !== kind) return false;
    if (overdue === undefined && tier === undefined) return true;
    const next = await nextOf(of);
    if (tier !== undefined && next?.from !== tier) return false;
    return overdue === undefined || overdue === (next !== null && Date.parse(next.due) < clock());
  }

  return {
    view,
    nextOf,
    async list(asked) {
      const reports: ReportView[] = [];
      for (const of of ledger.lives()) {
        if (!(await matches(of, asked))) continue;
        if (reports.length === asked.limit) return { reports, next: of.seq };
        reports.push(await view(of));
      }
      return { reports, next: null };
    },
  };
}
