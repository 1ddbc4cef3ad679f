/** From what somebody wants on the record to what the writer appends: content, salted blob, body of the entry. */
import { createRequire } from 'node:module';
import type { Allocation, Scenario } from '../../engine/types.js';
import { packBlob, salted } from './blobs.js';
import { fromHex, utf8 } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { contentDigest, valueDigest } from './digest.js';
import type { AdoptionBody, AllocationBody, ExplanationBody, ScenarioBody } from './entry.js';
import { allocationFacts, scenarioFacts } from './facts.js';
import type { KeyBody } from './keybody.js';
import type { Named } from './layout.js';
import type { SignedDocument } from './signed.js';
import type { EntryKind, ExplanationDocument } from './types.js';

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
  body: ScenarioBody | AllocationBody | AdoptionBody | ExplanationBody | KeyBody;
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
  if (entry.kind === 'key' || blob === null) return { ...asked, once: false, blob: null, body: entry.body, signed };
  const { adoption: digest } = entry.body;
  // Read by the schema as 64 digits of hex.
  const stored = await packBlob({ salt: fromHex(blob.salt)!, bytes: utf8(blob.text) });
  return { ...asked, digest, once: false, blob: { digest, stored }, body: entry.body, signed };
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
