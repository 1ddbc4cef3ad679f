/** What entries say about each other and about their blobs: bindings, digests, certificates of optimality. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { fromUtf8 } from './bytes.js';
import { addStep, type Cases, newCases } from './cases.js';
import { blobDigest, contentDigest, valueDigest } from './digest.js';
import { type DigestMap, newDigestMap } from './digestmap.js';
import {
  type AdoptionBody,
  type AllocationBody,
  blobsOf,
  type ExplanationBody,
  type KnownEntry,
  ownBlob,
  type ScenarioBody,
} from './entry.js';
import { allocationFacts, scenarioFacts } from './facts.js';
import { type CheckField, checkStep, checkStepContent } from './fieldcheck.js';
import { messageOf } from './messages.js';
import type { AmendmentDocument, ExplanationDocument } from './types.js';
import type { Evidence, HeldBlob, Report } from './verify.js';

/** Checks an allocation's certificate against its scenario without any solver; must not throw. */
export type CheckAllocation = (
  allocation: Allocation,
  scenario: Scenario,
) => { ok: boolean; faults: string[] } | Promise<{ ok: boolean; faults: string[] }>;

/** Checks what an allocation says of its efficient twin against that twin; must not throw. */
export interface CheckTwin {
  /** What to keep of an allocation, as it may be the twin of a later one. */
  facts(allocation: Allocation, scenario: Scenario): unknown;
  faults(allocation: Allocation, twin: unknown): string[];
}

/** Checks an explanation against its allocation and scenario without any solver; must not throw. */
export type CheckExplanation = (
  document: ExplanationDocument,
  allocation: Allocation,
  scenario: Scenario,
) => { ok: boolean; faults: string[] };

/** What speaks against the past of a scenario, given what it says that it was made of; must not throw. */
export type CheckPast = (
  scenario: Scenario,
  base: Scenario,
  before: { allocation: Allocation; scenario: Scenario },
  amendments: { digest: string; amendment: AmendmentDocument }[],
) => string[];

/** What is left out is bound to the record but not judged. */
export interface Checks {
  /** Of a certificate of optimality. */
  checkAllocation?: CheckAllocation | undefined;
  /** Of stated prices of fairness against the twins they name, where certificates are checked. */
  checkTwin?: CheckTwin | undefined;
  /** Of what an explanation says of itself, its allocation and its scenario. */
  checkExplanation?: CheckExplanation | undefined;
  /** Of reports from the field and of what they make of a scenario. */
  checkField?: CheckField | undefined;
  /** Of scenarios from which time has moved on. */
  checkPast?: CheckPast | undefined;
}

/** `level` and `suggested` are IV to I, or none. */
export interface DeclaredLevel {
  seq: number;
  org: string;
  level: string;
  suggested: string;
}

interface KnownScenario {
  digest: string;
  /** The unsalted digest that allocations name. */
  content: string;
  scenario: Scenario;
}

export interface Contents {
  evidence: Pick<Evidence, 'blob'>;
  checks: Checks;
  /** Facts of allocations that hold, by the content digest under which others name them. */
  twins: Map<string, unknown>;
  /** Place of the entry that named a salted digest first, times 16, plus its kind's place in `kinds`. */
  named: DigestMap;
  kinds: string[];
  /** Places in `named` of scenarios, allocations and amendments by the name that people know them by. */
  known: DigestMap;
  /** The scenario of each allocation by salted digest: its place in `named`. */
  plans: DigestMap;
  /** The life of each report so far. */
  cases: Cases;
  /** Levels of response that were declared, in the order of the log. */
  declarations: DeclaredLevel[];
  /** Entries by what their idempotency key is on file under: one for each organisation and key. */
  used: DigestMap;
  absent: string[];
  certificates: number;
  /** The scenario read last: allocations mostly follow each other on the same one. */
  last: KnownScenario | undefined;
}

export function newContents(evidence: Pick<Evidence, 'blob'>, checks: Checks): Contents {
  return {
    ...{ evidence, checks, twins: new Map(), plans: newDigestMap(), known: newDigestMap() },
    ...{
      named: newDigestMap(),
      kinds: [],
      cases: newCases(),
      declarations: [],
      used: newDigestMap(),
      absent: [],
      certificates: 0,
      last: undefined,
    },
  };
}

/**
 * Checks one entry against those before it and, where the blob is at hand, against its content. `request`: its `requestDigest`. `organisations`: some are on
 * the record before it.
 */
export async function checkEntry(
  contents: Contents,
  entry: KnownEntry,
  seq: number,
  request: Uint8Array,
  organisations: boolean,
  report: Report,
): Promise<void> {
  const { used } = contents;
  const digest = ownBlob(entry);
  const twice = used.get(request);
  if (twice === undefined) used.set(request, seq);
  else report(seq, 'repeat', `entry ${seq} repeats the idempotency key of entry ${twice}`);

  const need = (kind: string, wanted: string, at: number): void => {
    const found = nameOf(contents, wanted);
    if (found?.kind !== kind || found.seq !== at)
      report(
        seq,
        'binding',
        `entry ${seq} builds on ${kind} ${wanted} of entry ${at}, which is not on the record there`,
      );
  };
  for (const [kind, wanted, at] of citations(entry)) need(kind, wanted, at);
  if (entry.kind === 'declaration') {
    const { level, suggested } = entry.body;
    contents.declarations.push({ seq, org: entry.actor.org, level, suggested });
  }
  const inTurn = await checkStep(contents, entry, seq, organisations, report);
  if (digest === null) {
    await checkStepContent(contents, entry, undefined, seq, organisations, report);
    if (inTurn) addStep(contents.cases, entry);
    return;
  }
  for (const own of blobsOf(entry)) {
    const before = nameOf(contents, own);
    if (before)
      report(seq, 'binding', `entry ${seq} names the blob of entry ${before.seq}: salts are never used twice`);
    else name(contents, own, own === digest ? entry.kind : 'photo', seq);
    if (!before && entry.kind === 'allocation') contents.plans.set(digest, contents.named.placeOf(entry.body.scenario));
    // A photo says no more than its digest.
    if (own !== digest && (await heldBlob(contents, own, seq, report)) === undefined) contents.absent.push(own);
  }

  const blob = await heldBlob(contents, digest, seq, report);
  if (blob && NAMED.includes(entry.kind)) contents.known.set(contentDigest(blob.bytes), contents.named.placeOf(digest));
  if (blob === undefined) contents.absent.push(digest);
  else if (blob !== null && entry.kind === 'allocation') await checkPlan(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'explanation') await checkWords(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'scenario') await checkScenario(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'adoption') await checkAdopted(contents, entry.body, blob, seq, report);
  else if (blob !== null) await checkStepContent(contents, entry, blob, seq, organisations, report);
  if (inTurn) addStep(contents.cases, entry);
}

type Citation = [kind: string, digest: string, seq: number];

/** The earlier entries that an entry builds on. */
function citations({ kind, body }: KnownEntry): Citation[] {
  switch (kind) {
    case 'allocation':
      return [['scenario', body.scenario, body.scenarioSeq]];
    case 'declaration':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ['scenario', body.result, body.resultSeq],
      ];
    case 'adoption':
    case 'explanation':
      return [['allocation', body.allocation, body.allocationSeq]];
    case 'report':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ...maybe('allocation', body.allocation, body.allocationSeq),
        ...maybe('report', body.supersedes, body.supersedesSeq),
      ];
    case 'verification':
    case 'escalation':
      return [['report', body.report, body.reportSeq]];
    case 'amendment':
      return [
        ['scenario', body.scenario, body.scenarioSeq],
        ['scenario', body.result, body.resultSeq],
        ...body.verifications.map((of): Citation => ['verification', of.verification, of.verificationSeq]),
      ];
    case 'resolution':
      return [
        ['report', body.report, body.reportSeq],
        ...maybe('amendment', body.amendment, body.amendmentSeq),
        ...maybe('allocation', body.allocation, body.allocationSeq),
      ];
    case 'scenario':
    case 'key':
      return [];
  }
}

const maybe = (kind: string, digest: string | undefined, seq: number | undefined): Citation[] =>
  digest === undefined || seq === undefined ? [] : [[kind, digest, seq]];

/** Notes what a salted digest names. */
export function name({ named, kinds }: Contents, digest: string, kind: string, seq: number): void {
  if (!kinds.includes(kind)) kinds.push(kind);
  named.set(digest, seq * 16 + kinds.indexOf(kind));
}

function nameOf({ named, kinds }: Contents, digest: string): { kind: string; seq: number } | undefined {
  const place = named.get(digest);
  return place === undefined ? undefined : { kind: kinds[place % 16]!, seq: Math.floor(place / 16) };
}

/** Undefined where the blob is absent, null where it is false, which is reported. */
async function heldBlob(
  { evidence }: Contents,
  digest: string,
  seq: number,
  report: Report,
): Promise<HeldBlob | null | undefined> {
  try {
    const blob = await evidence.blob(digest);
    if (blob && (blob.salt.length !== 32 || blobDigest(blob.salt, blob.bytes) !== digest)) {
      report(seq, 'blob', `the content of entry ${seq} is not what was recorded`);
      return null;
    }
    return blob;
  } catch (error) {
    report(seq, 'blob', `the content of entry ${seq} cannot be read: ${messageOf(error)}`);
    return null;
  }
}

/** Kinds that others name by what people know them by. */
const NAMED: readonly string[] = ['scenario', 'allocation', 'amendment'];

async function checkScenario(
  contents: Contents,
  body: ScenarioBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // As for allocations below: the digest was checked, and what is read is compared.
    const scenario = JSON.parse(fromUtf8(blob.bytes)) as Scenario;
    const facts = scenarioFacts(scenario);
    if (!says(body, { scenario: body.scenario, ...facts }))
      report(seq, 'binding', `entry ${seq} states other facts than the scenario that it records`);
    for (const fault of await pastFaults(contents, scenario))
      report(seq, 'binding', `the scenario of entry ${seq}: ${fault}`);
  } catch (error) {
    report(seq, 'binding', `the scenario of entry ${seq} cannot be read: ${messageOf(error)}`);
  }
}

/** Whether a body states these texts and numbers and nothing else. */
function says(body: object, facts: object): boolean {
  const stated = new Map<string, unknown>(Object.entries(body));
  const wanted = Object.entries(facts);
  return wanted.length === stated.size && wanted.every(([key, value]) => stated.get(key) === value);
}

/** What cannot be looked up, as it was forgotten or never on this record, is not judged. */
async function pastFaults(
  { checks, known, named: digests, evidence }: Contents,
  scenario: Scenario,
): Promise<string[]> {
  const { after } = scenario;
  if (!checks.checkPast || after?.base === undefined || after.allocation === undefined) return [];
  const named = async <T>(digest: string): Promise<T | undefined> => {
    const place = known.get(digest);
    const blob = place === undefined ? undefined : await evidence.blob(digests.digestAt(place));
    // A blob that is false has been reported with its own entry.
    if (!blob || contentDigest(blob.bytes) !== digest) return undefined;
    return JSON.parse(fromUtf8(blob.bytes)) as T;
  };
  const base = await named<Scenario>(after.base);
  const allocation = await named<Allocation>(after.allocation);
  const followed = allocation && (await named<Scenario>(allocation.scenario.digest));
  if (!base || !allocation || !followed) return [];
  const amendments: { digest: string; amendment: AmendmentDocument }[] = [];
  for (const digest of after.amendments ?? []) {
    const amendment = await named<AmendmentDocument>(digest);
    if (!amendment) return [];
    amendments.push({ digest, amendment });
  }
  return checks.checkPast(scenario, base, { allocation, scenario: followed }, amendments);
}

/** Who signs an adoption knows a plan by its content digest, and says so beside who and why: it is the plan of the entry. */
async function checkAdopted(
  { evidence }: Contents,
  body: AdoptionBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    const { allocation } = Object(JSON.parse(fromUtf8(blob.bytes)));
    const plan = allocation === undefined ? undefined : await evidence.blob(body.allocation);
    if (plan && contentDigest(plan.bytes) !== allocation)
      report(seq, 'binding', `entry ${seq} adopts ${allocation}, which is not the plan of entry ${body.allocationSeq}`);
  } catch (error) {
    report(seq, 'binding', `the adoption of entry ${seq} cannot be read: ${messageOf(error)}`);
  }
}

async function checkPlan(
  contents: Contents,
  body: AllocationBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // Its digest was checked: the writer vouches for the type, and every property used is compared or checked.
    const allocation = JSON.parse(fromUtf8(blob.bytes)) as Allocation;
    const { policy, plan, certificate, stages, solver } = body;
    const facts = allocationFacts(allocation, blob.salt);
    if (valueDigest(facts) !== valueDigest({ policy, plan, certificate, stages, solver }))
      report(seq, 'binding', `entry ${seq} states other facts than the allocation that it records`);
    const scenario = await scenarioOf(contents, body.scenario);
    if (!scenario) return;
    if (scenario.content !== allocation.scenario.digest)
      report(
        seq,
        'binding',
        `the allocation of entry ${seq} was made for another scenario than entry ${body.scenarioSeq}`,
      );
    if (!contents.checks.checkAllocation) return;
    const { ok, faults } = await contents.checks.checkAllocation(allocation, scenario.scenario);
    if (!ok) return report(seq, 'certificate', `the certificate of entry ${seq} does not hold: ${faults.join('; ')}`);
    contents.certificates++;
    checkPrice(contents, allocation, scenario.scenario, contentDigest(blob.bytes), seq, report);
  } catch (error) {
    report(seq, 'certificate', `the allocation of entry ${seq} cannot be checked: ${messageOf(error)}`);
  }
}

/** The price of fairness that an allocation states, against the twin it names, which comes before it. */
function checkPrice(
  { checks, twins, absent }: Contents,
  allocation: Allocation,
  scenario: Scenario,
  content: string,
  seq: number,
  report: Report,
): void {
  const { checkTwin } = checks;
  if (!checkTwin) return;
  const named = allocation.priceOfFairness?.twin;
  if (typeof named === 'string') {
    const twin = twins.get(named);
    // one that was forgotten cannot be told from one that never was
    if (twin === undefined && absent.length === 0)
      report(seq, 'binding', `entry ${seq} names the efficient twin ${named}, which is not on the record before it`);
    const faults = twin === undefined ? [] : checkTwin.faults(allocation, twin);
    if (faults.length) report(seq, 'binding', `entry ${seq} and its efficient twin disagree: ${faults.join('; ')}`);
  }
  twins.set(content, checkTwin.facts(allocation, scenario));
}

/** That an explanation is of the allocation that its entry names, and what can be checked of it without solving again. */
async function checkWords(
  contents: Contents,
  body: ExplanationBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // Its digest was checked: the writer vouches for the type, and what is used is compared or checked.
    const document = JSON.parse(fromUtf8(blob.bytes)) as ExplanationDocument;
    const about = 'bottlenecks' in document ? 'bottlenecks' : 'explanation';
    if (about !== body.about) report(seq, 'binding', `entry ${seq} calls ${about} ${body.about}`);
    const plan = await contents.evidence.blob(body.allocation);
    if (!plan || blobDigest(plan.salt, plan.bytes) !== body.allocation) return;
    if (contentDigest(plan.bytes) !== document.allocation)
      report(
        seq,
        'binding',
        `the explanation of entry ${seq} is of another allocation than entry ${body.allocationSeq}`,
      );
    const named = contents.plans.get(body.allocation);
    // -1 where the allocation named a scenario that is not on the record, which was reported with it
    const scenario =
      named === undefined || named < 0 ? undefined : await scenarioOf(contents, contents.named.digestAt(named));
    if (!scenario || !contents.checks.checkExplanation) return;
    const allocation = JSON.parse(fromUtf8(plan.bytes)) as Allocation;
    const { ok, faults } = contents.checks.checkExplanation(document, allocation, scenario.scenario);
    if (!ok) report(seq, 'certificate', `the explanation of entry ${seq} does not hold: ${faults.join('; ')}`);
  } catch (error) {
    report(seq, 'certificate', `the explanation of entry ${seq} cannot be checked: ${messageOf(error)}`);
  }
}

/** The recorded scenario; undefined where its blob is absent or false, which its own entry reports. */
async function scenarioOf(contents: Contents, digest: string): Promise<KnownScenario | undefined> {
  if (contents.last?.digest === digest) return contents.last;
  const blob = await contents.evidence.blob(digest);
  if (!blob || blobDigest(blob.salt, blob.bytes) !== digest) return undefined;
  // As above: the digest was checked.
  const scenario = JSON.parse(fromUtf8(blob.bytes)) as Scenario;
  contents.last = { digest, content: contentDigest(blob.bytes), scenario };
  return contents.last;
}
