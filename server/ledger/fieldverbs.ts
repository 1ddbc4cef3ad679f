/** The ledger's verbs for the life of a report: what each step cites is looked up here, what it may not do is in cases.ts. */
import { wording } from '../../scenarios/wording.js';
import { fromUtf8 } from './bytes.js';
import { asOf, type Case, type Cases, caseOf } from './cases.js';
import { find, readBlob } from './contents.js';
import { readEntry } from './entry.js';
import type { DeclarationBody, EscalationBody } from './fieldbody.js';
import { byFault } from './fieldcheck.js';
import { aboutDeclarations, aboutKey, aboutSeq, type Named } from './layout.js';
import { entryAt, type Log, readable } from './log.js';
import {
  escalationRecording,
  type Recording,
  type ReportCitations,
  reportRecording,
  stepRecording,
} from './recording.js';
import type { AmendmentContent, DraftOf, VerificationContent } from './signed.js';
import {
  type AmendmentDocument,
  type DeclarationDocument,
  type Findable,
  LedgerRefusal,
  notOnRecord,
  type Receipt,
  type RecordOptions,
  type ReportDocument,
} from './types.js';

/** What was done about a report; digests are those that people know. */
export interface ResolutionContent {
  report: string;
  by: string;
  what: string;
  amendment?: string | undefined;
  allocation?: string | undefined;
}

/** A level on the record; what it is called and says is null where it was forgotten. */
export interface DeclarationEntry {
  seq: number;
  ts: string;
  org: string;
  digest: string | null;
  /** The scenario that it was declared for, and the one with that level. */
  parent: string | null;
  scenario: string | null;
  /** IV to I, or none. */
  level: DeclarationBody['level'];
  suggested: DeclarationBody['level'];
  content: DeclarationDocument | null;
}

/** Digests of contents throughout; each verb throws LedgerRefusal 'unknown' for what is not on the record, 'step' for what may not be now. */
export interface FieldVerbs {
  /** Recorded once: the same report again is answered with its receipt. `photo` has the SHA-256 that the document names. */
  recordReport(document: ReportDocument, photo?: Uint8Array, options?: RecordOptions): Promise<Receipt>;
  recordVerification(content: VerificationContent, options?: RecordOptions): Promise<Receipt>;
  /** Parent and result must be on the record. */
  recordAmendment(document: AmendmentDocument, options?: RecordOptions): Promise<Receipt>;
  recordResolution(content: ResolutionContent, options?: RecordOptions): Promise<Receipt>;
  /** By the log itself, once for a step and tier. */
  recordEscalation(escalation: Omit<EscalationBody, 'reportSeq'>): Promise<Receipt>;
  /** A level of response. Parent and result must be on the record. */
  recordDeclaration(document: DeclarationDocument, options?: RecordOptions): Promise<Receipt>;
  /** All declarations, in the order of the log. */
  declarations(): Promise<DeclarationEntry[]>;
  declaration(digest: string): Promise<DeclarationDocument | undefined>;
  draftVerification(content: VerificationContent): Promise<DraftOf<'verification'>>;
  draftAmendment(document: AmendmentContent): Promise<DraftOf<'amendment'>>;
  report(digest: string): Promise<ReportDocument | undefined>;
  verification(digest: string): Promise<VerificationContent | undefined>;
  amendment(digest: string): Promise<AmendmentDocument | undefined>;
  resolution(digest: string): Promise<ResolutionContent | undefined>;
  photo(digest: string): Promise<Uint8Array | undefined>;
  /** The life of a report by its content digest or its salted one; of all, in the order of the log. */
  life(report: string): Promise<Case | undefined>;
  lives(): Case[];
  /** The name that people know a content by; undefined where it is not on the record or was forgotten. */
  contentName(salted: string): Promise<string | undefined>;
}

export function fieldVerbs(
  log: Log,
  append: (recording: Recording, options: RecordOptions) => Promise<Receipt>,
): FieldVerbs {
  async function need(digest: string, kind: Findable): Promise<Named> {
    const named = await find(log, digest);
    if (named?.kind === kind) return named;
    throw notOnRecord(kind, digest);
  }

  async function content<T>(digest: string, kind: Named['kind']): Promise<T | undefined> {
    const named = await find(log, digest);
    if (named?.kind !== kind) return undefined;
    const blob = await readBlob(log.kv, named.blob);
    return blob && (JSON.parse(fromUtf8(blob.bytes)) as T); // the kind says which verb wrote it
  }

  async function recordReport(document: ReportDocument, photo?: Uint8Array, options: RecordOptions = {}) {
    const cites: ReportCitations = { scenario: await need(document.scenario, 'scenario') };
    if (document.kind === 'delivery') cites.allocation = await need(document.allocation, 'allocation');
    if (document.supersedes !== undefined) cites.supersedes = await need(document.supersedes, 'report');
    return await append(await reportRecording(document, cites, photo), options);
  }

  async function verificationCites(content: VerificationContent) {
    const named = await need(content.report, 'report');
    // Where nobody is registered, two names must do.
    const fault = log.ring.size === 0 ? byFault(await report(content.report), content) : null;
    if (fault !== null) throw new LedgerRefusal('step', fault);
    return { report: named.blob, reportSeq: named.seq, verdict: content.verdict };
  }

  async function amendmentCites({
    parent,
    scenario,
    reports,
  }: Pick<AmendmentContent, 'parent' | 'scenario' | 'reports'>) {
    const [from, to] = [await need(parent, 'scenario'), await need(scenario, 'scenario')];
    const verifications: { verification: string; verificationSeq: number }[] = [];
    for (const digest of reports) {
      const { blob } = await need(digest, 'report');
      const verified = caseOf(log.cases, blob)?.verification;
      if (verified?.verdict !== 'verified')
        throw new LedgerRefusal(
          'step',
          wording`report ${digest} is not verified: only verified reports amend a scenario`,
        );
      verifications.push({ verification: verified.digest, verificationSeq: verified.seq });
    }
    verifications.sort((a, b) => a.verificationSeq - b.verificationSeq);
    const body = { scenario: from.blob, scenarioSeq: from.seq, result: to.blob, resultSeq: to.seq };
    return { ...body, verifications };
  }

  async function recordResolution(content: ResolutionContent, options: RecordOptions = {}) {
    const { blob, seq } = await need(content.report, 'report');
    const cites: Record<string, string | number> = { report: blob, reportSeq: seq };
    for (const kind of ['amendment', 'allocation'] as const) {
      const digest = content[kind];
      if (digest === undefined) continue;
      const named = await need(digest, kind);
      Object.assign(cites, { [kind]: named.blob, [`${kind}Seq`]: named.seq });
    }
    return await append(await stepRecording('resolution', content, cites), options);
  }

  async function recordEscalation(escalation: Omit<EscalationBody, 'reportSeq'>) {
    const { blob, seq } = await need(escalation.report, 'report');
    const body = { ...escalation, report: blob, reportSeq: seq };
    const { step, from } = escalation;
    return await append(escalationRecording(body), { idempotencyKey: `escalation:${blob}:${step}:${from}` });
  }

  async function recordDeclaration(document: DeclarationDocument, options: RecordOptions = {}) {
    const [from, to] = [await need(document.parent, 'scenario'), await need(document.scenario, 'scenario')];
    const cites = { scenario: from.blob, scenarioSeq: from.seq, result: to.blob, resultSeq: to.seq };
    const levels = { level: document.level ?? 'none', suggested: document.suggested ?? 'none' };
    return await append(await stepRecording('declaration', document, { ...cites, ...levels }), options);
  }

  async function declarations(): Promise<DeclarationEntry[]> {
    const found: DeclarationEntry[] = [];
    for (const key of await log.kv.keys(
      aboutKey(aboutDeclarations, 0),
      aboutKey(aboutDeclarations, readable(log)),
      100_000,
    )) {
      const bytes = await entryAt(log, aboutSeq(key));
      const read = bytes && readEntry(bytes);
      if (!read?.ok || read.entry.kind !== 'declaration') continue;
      const { seq, ts, actor, body } = read.entry;
      const name = async (salted: string) => (await contentName(salted)) ?? null;
      const { level, suggested } = body;
      found.push({
        ...{ seq, ts, org: actor.org, digest: await name(body.declaration) },
        ...{ parent: await name(body.scenario), scenario: await name(body.result), level, suggested },
        content: (await content<DeclarationDocument>(body.declaration, 'declaration')) ?? null,
      });
    }
    return found;
  }

  async function contentName(salted: string): Promise<string | undefined> {
    const named = await find(log, salted);
    return named === undefined || named.forgotten ? undefined : named.content;
  }

  const report = (digest: string) => content<ReportDocument>(digest, 'report');
  const published = (of: Case | undefined) => of && asOf(of, readable(log));
  const draft = { draft: 'evenhand/draft/v1' as const, log: log.origin };

  return {
    recordReport,
    recordVerification: async (content, options = {}) =>
      await append(await stepRecording('verification', content, await verificationCites(content)), options),
    recordAmendment: async (document, options = {}) =>
      await append(await stepRecording('amendment', document, await amendmentCites(document)), options),
    recordResolution,
    recordEscalation,
    recordDeclaration,
    draftVerification: async (content) => ({
      ...{ ...draft, kind: 'verification', body: await verificationCites(content), content },
    }),
    draftAmendment: async (document) => ({
      ...{ ...draft, kind: 'amendment', body: await amendmentCites(document), content: document },
    }),
    report,
    verification: (digest) => content(digest, 'verification'),
    amendment: (digest) => content(digest, 'amendment'),
    resolution: (digest) => content(digest, 'resolution'),
    photo: async (digest) => {
      const named = await find(log, digest);
      return named?.kind === 'photo' ? (await readBlob(log.kv, named.blob))?.bytes : undefined;
    },
    life: async (digest) => {
      const named = await find(log, digest);
      return named?.kind === 'report' ? published(caseOf(log.cases, named.blob)) : undefined;
    },
    lives: () => livesOf(log.cases).flatMap((of) => published(of) ?? []),
    contentName,
    declarations,
    declaration: (digest) => content(digest, 'declaration'),
  };
}

// Each report was put in when it was filed, and stays in its place when it changes.
const livesOf = ({ reports }: Cases): Case[] => [...reports.values()];
