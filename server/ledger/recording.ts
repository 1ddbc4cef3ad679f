/** From what somebody wants on the record to what the writer appends: content, salted blob, body of the entry. */
import { createRequire } from 'node:module';
import type { Allocation, Scenario } from '../../engine/types.js';
import { packBlob, salted } from './blobs.js';
import { fromHex } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { contentDigest, valueDigest } from './digest.js';
import type { AdoptionBody, AllocationBody, ExplanationBody, ScenarioBody } from './entry.js';
import { allocationFacts } from './facts.js';
import type { Named } from './layout.js';
import type { EntryKind, ExplanationDocument } from './types.js';

export interface Recording {
  kind: EntryKind;
  /** What the receipt calls it: the content digest, or for an adoption the salted one. */
  digest: string;
  /** SHA-256 of canonical {kind, digest of the content}: what a repeated request must repeat. */
  requestHash: Uint8Array;
  /** The same content is recorded once. An adoption may come again: who adopts A, then B, then A, means it. */
  once: boolean;
  blob: { digest: string; stored: Uint8Array };
  body: ScenarioBody | AllocationBody | AdoptionBody | ExplanationBody;
}

// The package's own version, wherever the compiled file lies.
const engineVersion = (createRequire(import.meta.url)('evenhand/package.json') as { version: string }).version;

export async function scenarioRecording(scenario: Scenario): Promise<Recording> {
  const bytes = canonicalBytes(scenario);
  const blob = salted(bytes);
  const body = {
    scenario: blob.digest,
    id: scenario.id,
    periods: scenario.periods.count,
    regions: scenario.regions.length,
    resources: scenario.resources.length,
  };
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

async function recording(
  kind: EntryKind,
  digest: string,
  once: boolean,
  blob: ReturnType<typeof salted>,
  body: Recording['body'],
): Promise<Recording> {
  // A SHA-256 in hex is always bytes.
  const requestHash = fromHex(valueDigest({ kind, digest }))!;
  return { kind, digest, requestHash, once, blob: { digest: blob.digest, stored: await packBlob(blob) }, body };
}
