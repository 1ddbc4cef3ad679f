/**
 * The life of each report as its entries add up to it, and what they may not do to it. Writer and verifiers alike, so that
 * nothing is recorded that a stranger would object to.
 */
import { type Text, wording } from '../../scenarios/wording.js';
import type { KnownEntry } from './entry.js';
import type { Step } from './fieldbody.js';

export interface Case {
  /** Salted digest and place of the report, who filed it, and for which scenario (salted). */
  report: string;
  seq: number;
  org: string;
  /** Milliseconds since 1970. */
  ts: number;
  scenario: string;
  /** The one that counts. */
  verification: { digest: string; seq: number; org: string; ts: number; verdict: 'verified' | 'rejected' } | null;
  amendments: readonly { digest: string; seq: number; ts: number }[];
  resolution: { digest: string; seq: number; ts: number } | null;
  /** What it is filed to correct: the salted digest of another report. */
  supersedes: string | null;
  /** The entry by which another report took its place. */
  superseded: { seq: number } | null;
  escalations: readonly { seq: number; step: Step; from: string; to: string; due: string; ts: number }[];
}

/** Values are never changed in place; what is not here is looked for `below`. */
export interface Cases {
  reports: Map<string, Case>;
  /** Report of each verification, both by salted digest. */
  verifications: Map<string, string>;
  /** Reports that each amendment takes up. */
  amendments: Map<string, ReadonlySet<string>>;
  /** Reports that a scenario holds already, by its salted digest: none enters one line of scenarios twice. */
  taken: Map<string, ReadonlySet<string>>;
  below: Cases | null;
}

export function newCases(below: Cases | null = null): Cases {
  return { reports: new Map(), verifications: new Map(), amendments: new Map(), taken: new Map(), below };
}

type Maps = Omit<Cases, 'below'>;

function look<K extends keyof Maps>(
  cases: Cases | null,
  map: K,
  digest: string,
): (Maps[K] extends Map<string, infer V> ? V : never) | undefined {
  for (let at = cases; at; at = at.below) {
    const found = at[map].get(digest);
    // The map's own type of values, which the compiler loses through the key.
    if (found !== undefined) return found as Maps[K] extends Map<string, infer V> ? V : never;
  }
  return undefined;
}

export const caseOf = (cases: Cases, report: string): Case | undefined => look(cases, 'reports', report);
export const caseOfVerification = (cases: Cases, verification: string): Case | undefined => {
  const report = look(cases, 'verifications', verification);
  return report === undefined ? undefined : caseOf(cases, report);
};
export const takenBy = (cases: Cases, scenario: string): ReadonlySet<string> =>
  look(cases, 'taken', scenario) ?? new Set();

/**
 * Whether another report took its place before anything came of it: one of the same organisation when that was filed, of another when
 * somebody verified it. What is in a scenario already stays there until it is resolved.
 */
export const isSuperseded = ({ superseded, verification, amendments, resolution }: Case): boolean =>
  superseded !== null && amendments.length === 0 && resolution === null && verification?.verdict !== 'rejected';

/** What a report waits for; null where nobody has to do anything about it. */
export const waitsFor = (of: Case): Step | null => (isSuperseded(of) ? null : stepOf(of));

/** What comes next in a report's life; null where it has come to its end. What was superseded may still be verified, or rejected. */
export function stepOf({ verification, amendments, resolution }: Case): Step | null {
  if (resolution || verification?.verdict === 'rejected') return null;
  if (!verification) return 'verify';
  return amendments.length === 0 ? 'amend' : 'resolve';
}

/** Since when it waits for that, milliseconds since 1970. An author's clock that is behind makes nothing due. */
export function waitsSince(of: Case): number {
  const [first] = of.amendments;
  return Math.max(of.ts, of.verification?.ts ?? 0, first?.ts ?? 0);
}

/** The tier that the step it waits for was passed on to last; null where it never was. */
export function tierNow(of: Case): { tier: string; since: number } | null {
  const last = of.escalations.filter(({ step }) => step === stepOf(of)).at(-1);
  return last ? { tier: last.to, since: last.ts } : null;
}

/**
 * What an entry may not do after those before it, in words; null where nothing. `organisations`: some are on the record,
 * so that whoever verifies must be another one.
 */
export function stepFault(cases: Cases, entry: KnownEntry, organisations: boolean): Text | null {
  switch (entry.kind) {
    case 'verification': {
      const of = caseOf(cases, entry.body.report);
      if (!of) return wording`it verifies a report that is not on the record`;
      if (of.verification)
        return of.verification.verdict === 'verified'
          ? wording`the report was verified in entry ${of.verification.seq} already`
          : wording`the report was rejected in entry ${of.verification.seq} already`;
      if (organisations && of.org === entry.actor.org)
        return wording`${entry.actor.org} filed the report: another organisation verifies it`;
      return null;
    }
    case 'amendment':
      return amendmentFault(cases, entry.body);
    case 'resolution': {
      const of = caseOf(cases, entry.body.report);
      if (!of) return wording`it resolves a report that is not on the record`;
      if (of.resolution) return wording`the report was resolved in entry ${of.resolution.seq} already`;
      if (of.verification?.verdict !== 'verified')
        return of.verification
          ? wording`the report was rejected in entry ${of.verification.seq}: there is nothing to resolve`
          : wording`the report is not verified yet: verify it first`;
      const { amendment } = entry.body;
      if (amendment !== undefined && !look(cases, 'amendments', amendment)?.has(of.report))
        return wording`the amendment that it names does not take up the report`;
      return null;
    }
    case 'escalation': {
      const { report, step, from, due } = entry.body;
      const of = caseOf(cases, report);
      if (!of) return wording`it escalates a report that is not on the record`;
      if (entry.sig !== null || entry.actor.org !== entry.log) return wording`only the log itself escalates`;
      if (stepOf(of) !== step) return wording`the report does not wait for somebody to ${step}`;
      const now = tierNow(of);
      if (now && now.tier !== from) return wording`the report is with ${now.tier}, not with ${from}`;
      const since = now?.since ?? waitsSince(of);
      if (Date.parse(due) < since || Date.parse(due) > Date.parse(entry.ts))
        return wording`it was not due at ${entry.ts}`;
      return null;
    }
    default:
      return null;
  }
}

function amendmentFault(
  cases: Cases,
  { scenario, verifications }: Extract<KnownEntry, { kind: 'amendment' }>['body'],
): Text | null {
  const taken = takenBy(cases, scenario);
  let last = -1;
  for (const { verification, verificationSeq } of verifications) {
    if (verificationSeq <= last) return wording`its verifications are not in the order of the log, each once`;
    last = verificationSeq;
    const of = caseOfVerification(cases, verification);
    if (of?.verification?.digest !== verification) return wording`verification ${verification} is not one that counts`;
    if (of.verification.verdict !== 'verified')
      return wording`the report of entry ${of.seq} was rejected in entry ${of.verification.seq}`;
    if (taken.has(of.report)) return wording`the scenario holds the report of entry ${of.seq} already`;
  }
  return null;
}

/** Adds an entry that has no fault; those that are about neither reports nor levels leave the cases as they are. */
export function addStep(cases: Cases, entry: KnownEntry): void {
  const ts = Date.parse(entry.ts);
  const { seq } = entry;
  const change = (report: string, changed: (of: Case) => Partial<Case>): void => {
    const of = caseOf(cases, report);
    if (of) cases.reports.set(report, { ...of, ...changed(of) });
  };
  switch (entry.kind) {
    case 'report': {
      const { report, scenario, supersedes = null } = entry.body;
      const { org } = entry.actor;
      const none = { verification: null, amendments: [], resolution: null, superseded: null, escalations: [] };
      cases.reports.set(report, { report, seq, org, ts, scenario, supersedes, ...none });
      if (supersedes !== null)
        change(supersedes, (of) => (of.org === org && !of.superseded ? { superseded: { seq } } : {}));
      return;
    }
    case 'verification': {
      const { verification: digest, report, verdict } = entry.body;
      cases.verifications.set(digest, report);
      change(report, () => ({ verification: { digest, seq, org: entry.actor.org, ts, verdict } }));
      const earlier = verdict === 'verified' ? caseOf(cases, report)?.supersedes : null;
      if (earlier) change(earlier, ({ superseded }) => (superseded ? {} : { superseded: { seq } }));
      return;
    }
    case 'amendment': {
      const { amendment: digest, scenario, result, verifications } = entry.body;
      const reports = new Set(
        verifications.flatMap(({ verification }) => caseOfVerification(cases, verification)?.report ?? []),
      );
      cases.amendments.set(digest, reports);
      cases.taken.set(result, new Set([...takenBy(cases, result), ...takenBy(cases, scenario), ...reports]));
      for (const report of reports)
        change(report, ({ amendments }) => ({ amendments: [...amendments, { digest, seq, ts }] }));
      return;
    }
    case 'declaration': {
      // the same scenario with another level
      const { scenario, result } = entry.body;
      const taken = takenBy(cases, scenario);
      if (taken.size > 0) cases.taken.set(result, new Set([...takenBy(cases, result), ...taken]));
      return;
    }
    case 'resolution': {
      const { resolution: digest, report } = entry.body;
      change(report, () => ({ resolution: { digest, seq, ts } }));
      return;
    }
    case 'escalation': {
      const { report, step, from, to, due } = entry.body;
      change(report, ({ escalations }) => ({
        escalations: [...escalations, { seq, step, from, to, due, ts }],
      }));
      return;
    }
  }
}

/** Takes over what was planned above. */
export function settleCases(cases: Cases, above: Cases): void {
  for (const [key, value] of above.reports) cases.reports.set(key, value);
  for (const [key, value] of above.verifications) cases.verifications.set(key, value);
  for (const [key, value] of above.amendments) cases.amendments.set(key, value);
  for (const [key, value] of above.taken) cases.taken.set(key, value);
}

/** A case as far as the first `size` entries tell of it; undefined where the report is not among them. */
export function asOf(of: Case, size: number): Case | undefined {
  const within = <T extends { seq: number }>(one: T | null): T | null => (one && one.seq < size ? one : null);
  if (of.seq >= size) return undefined;
  return {
    ...of,
    verification: within(of.verification),
    amendments: of.amendments.filter(({ seq }) => seq < size),
    resolution: within(of.resolution),
    superseded: within(of.superseded),
    escalations: of.escalations.filter(({ seq }) => seq < size),
  };
}
