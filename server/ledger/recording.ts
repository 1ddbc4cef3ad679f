/** From what somebody wants on the record to what the writer appends: content, salted blob, body of the entry. */
import { createRequire } from 'node:module';
import type { Allocation, Scenario } from '../../engine/types.js';
import { packBlob, salted } from './blobs.js';
import { fromHex, utf8 } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { contentDigest, valueDigest } from './digest.js';
import { type ExplanationBody, type KnownEntry, ownBlob } from './entry.js';
import { allocationFacts, scenarioFacts } from './facts.js';
import type { EscalationBody, ReportBody } from './fieldbody.js';
import type { KeyBody } from './keybody.js';
import type { Named } from './layout.js';
import type { SignedDocument } from './signed.js';
import type { EntryKind, ExplanationDocument, ReportDocument } from './types.js';

export interface Recording {
  kind: EntryKind;
  /** What the receipt calls it: the content digest, or for an adoption the salted one. */
  digest: string;
  /** SHA-256 of canonical {kind, digest of the content}: what a repeated request must repeat. */
  requestHash: Uint8Array;
  /** The same content is recorded once. An adoption may come again: who adopts A, then B, then A, means it. */
  once: boolean;
  /** Null where the entry says all. */
  blob: { digest: string; stored: Uint8Array } | null;
  /** A second blob, the photo of a report; `content` is the SHA-256 that people know it by. */
  photo?: { content: string; digest: string; stored: Uint8Array };
  body: KnownEntry['body'];
  /** Where an author has signed it; otherwise the log puts in its own key and the time. */
  signed?: { ts: string; keyId: string; sig: string };
}

// The package's own version, wherever the compiled file lies.
const engineVersion = (createRequire(import.meta.url)('evenhand/package.json') as { version: string }).version;

export async function scenarioRecording(scenario: Scenario): Promise<Recording> {
  const bytes = canonicalBytes(scenario);
  const blob = salted(bytes);
  const body = { scenario: blob.digest, ...scenarioFacts(scenario) };
  return recording('scenario', contentDigest(bytes), true, blob, body);
}

/** The allocation is named and stored without its receipt, which is made from it. */
export async function allocationRecording(allocation: Allocation, scenario: Named): Promise<Recording> {
  const { receipt: _receipt, ...content } = allocation;
  const bytes = canonicalBytes(content);
  const blob = salted(bytes);
  const body = { scenario: scenario.blob, scenarioSeq: scenario.seq, ...allocationFacts(allocation, blob.salt) };
  const full = { ...body, allocation: blob.digest, engine: engineVersion };
  return recording('allocation', contentDigest(bytes), true, blob, full);
}

export async function adoptionRecording(allocation: Named, by: string, why: string): Promise<Recording> {
  const blob = salted(canonicalBytes({ by, why }));
  const body = { adoption: blob.digest, allocation: allocation.blob, allocationSeq: allocation.seq };
  const asked = valueDigest({ allocation: allocation.blob, by, why });
  return { ...(await recording('adoption', asked, false, blob, body)), digest: blob.digest };
}

export async function explanationRecording(document: ExplanationDocument, allocation: Named): Promise<Recording> {
  const bytes = canonicalBytes(document);
  const blob = salted(bytes);
  const about: ExplanationBody['about'] = 'bottlenecks' in document ? 'bottlenecks' : 'explanation';
  const body = { explanation: blob.digest, allocation: allocation.blob, allocationSeq: allocation.seq, about };
  return recording('explanation', contentDigest(bytes), true, blob, body);
}

/** A change of keys on the word of the log's keeper. */
export function keyRecording(body: KeyBody): Recording {
  return { ...digests('key', valueDigest(body)), once: false, blob: null, body };
}

/** What an author has signed, its blob with the salt that the author chose. */
export async function signedRecording({ entry, blob }: SignedDocument): Promise<Recording> {
  const { ts, actor, sig } = entry;
  const signed = { ts, keyId: actor.keyId, sig };
  const asked = digests(entry.kind, valueDigest(entry));
  const digest = ownBlob(entry);
  if (digest === null || blob === null) return { ...asked, once: false, blob: null, body: entry.body, signed };
  const bytes = utf8(blob.text);
  // Read by the schema as 64 digits of hex.
  const stored = await packBlob({ salt: fromHex(blob.salt)!, bytes });
  // An adoption may come again, so it is named by its salted digest; a step of a report's life is named by what it says.
  const known = entry.kind === 'adoption' ? digest : contentDigest(bytes);
  return { ...asked, digest: known, once: false, blob: { digest, stored }, body: entry.body, signed };
}

/** What a report builds on; each must be on the record. */
export interface ReportCitations {
  scenario: Named;
  allocation?: Named;
  supersedes?: Named;
}

/** A report with its photo; each gets a salt of its own, and forgetting the report forgets both. */
export async function reportRecording(
  document: ReportDocument,
  { scenario, allocation, supersedes }: ReportCitations,
  photo: Uint8Array | undefined,
): Promise<Recording> {
  const bytes = canonicalBytes(document);
  const blob = salted(bytes);
  const body: ReportBody = { report: blob.digest, scenario: scenario.blob, scenarioSeq: scenario.seq };
  if (allocation) Object.assign(body, { allocation: allocation.blob, allocationSeq: allocation.seq });
  if (supersedes) Object.assign(body, { supersedes: supersedes.blob, supersedesSeq: supersedes.seq });
  if (photo === undefined) return recording('report', contentDigest(bytes), true, blob, body);
  const beside = salted(photo);
  body.photo = beside.digest;
  const stored = { content: contentDigest(photo), digest: beside.digest, stored: await packBlob(beside) };
  return { ...(await recording('report', contentDigest(bytes), true, blob, body)), photo: stored };
}

/** A step of a report's life, or a declaration, whose body names its own blob as its kind is called. */
export async function stepRecording(
  kind: 'verification' | 'amendment' | 'resolution' | 'declaration',
  content: object,
  cites: object,
): Promise<Recording> {
  const bytes = canonicalBytes(content);
  const blob = salted(bytes);
  // The writer reads every body with its schema before it is appended.
  const body = { ...cites, [kind]: blob.digest } as unknown as Recording['body'];
  return recording(kind, contentDigest(bytes), true, blob, body);
}

export function escalationRecording(body: EscalationBody): Recording {
  return { ...digests('escalation', valueDigest(body)), once: false, blob: null, body };
}

function digests(kind: EntryKind, digest: string): Pick<Recording, 'kind' | 'digest' | 'requestHash'> {
  // A SHA-256 in hex is always bytes.
  return { kind, digest, requestHash: fromHex(valueDigest({ kind, digest }))! };
}

async function recording(
  kind: EntryKind,
  digest: string,
  once: boolean,
  blob: ReturnType<typeof salted>,
  body: Recording['body'],
): Promise<Recording> {
  return { ...digests(kind, digest), once, blob: { digest: blob.digest, stored: await packBlob(blob) }, body };
}
