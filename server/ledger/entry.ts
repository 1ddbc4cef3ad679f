/** An entry of the log: closed union of kinds, each with its body; building and strict reading. */
import { z } from 'zod';
import { type Text, wording } from '../../scenarios/wording.js';
import { concat, fromUtf8, utf8 } from './bytes.js';
import { entryBytes, isCanonical, maxEntryBytes } from './canonical.js';
import {
  amendmentBody,
  declarationBody,
  escalationBody,
  reportBody,
  resolutionBody,
  verificationBody,
} from './fieldbody.js';
import { keyBody, keyIdField } from './keybody.js';
import type { Entry } from './types.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().min(0);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const line = z.string().regex(/^\P{Cc}{1,300}$/u);

/** Facts of a scenario that name no person; everything else is in the blob. */
export const scenarioBody = z.strictObject({
  scenario: digest,
  id: line,
  periods: seq,
  regions: seq,
  resources: seq,
  /** Organisations that must sign an adoption of a plan for it; 1 where absent. */
  quorum: z.int().min(1).max(16).exactOptional(),
});

/** `plan` and `certificate` are digests of these parts of the allocation under the allocation blob's own salt. */
export const allocationBody = z.strictObject({
  scenario: digest,
  scenarioSeq: seq,
  allocation: digest,
  policy: digest,
  plan: digest,
  certificate: digest,
  stages: z.array(z.strictObject({ stage: line, value: decimal, bound: decimal, gap: decimal })).max(100),
  solver: z.strictObject({ name: line, version: line }),
  engine: line,
});

/** Who and why are free text about people, so they are in the blob `adoption`. */
export const adoptionBody = z.strictObject({ adoption: digest, allocation: digest, allocationSeq: seq });

/** What an allocation was explained by: the re-solves are in the blob, and name regions. */
export const explanationBody = z.strictObject({
  explanation: digest,
  allocation: digest,
  allocationSeq: seq,
  about: z.enum(['explanation', 'bottlenecks']),
});

export type ScenarioBody = z.infer<typeof scenarioBody>;
export type AllocationBody = z.infer<typeof allocationBody>;
export type AdoptionBody = z.infer<typeof adoptionBody>;
export type ExplanationBody = z.infer<typeof explanationBody>;

const head = {
  v: z.literal(1),
  log: line,
  seq,
  prev: digest,
  ts: z.iso.datetime(),
  actor: z.strictObject({ org: line, keyId: keyIdField }),
  idem: line,
  sig: z.base64().length(88).nullable(),
};

/** What an author signs and sends: kinds that can be signed, without the place that the log gives. */
const { seq: _seq, prev: _prev, sig: _sig, ...author } = head;
const signedHead = { ...author, sig: z.base64().length(88) };
export const authorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...signedHead, kind: z.literal('adoption'), body: adoptionBody }),
  z.strictObject({ ...signedHead, kind: z.literal('verification'), body: verificationBody }),
  z.strictObject({ ...signedHead, kind: z.literal('amendment'), body: amendmentBody }),
  z.strictObject({ ...signedHead, kind: z.literal('key'), body: keyBody }),
]);

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...head, kind: z.literal('scenario'), body: scenarioBody }),
  z.strictObject({ ...head, kind: z.literal('allocation'), body: allocationBody }),
  z.strictObject({ ...head, kind: z.literal('adoption'), body: adoptionBody }),
  z.strictObject({ ...head, kind: z.literal('explanation'), body: explanationBody }),
  z.strictObject({ ...head, kind: z.literal('key'), body: keyBody }),
  z.strictObject({ ...head, kind: z.literal('report'), body: reportBody }),
  z.strictObject({ ...head, kind: z.literal('verification'), body: verificationBody }),
  z.strictObject({ ...head, kind: z.literal('amendment'), body: amendmentBody }),
  z.strictObject({ ...head, kind: z.literal('resolution'), body: resolutionBody }),
  z.strictObject({ ...head, kind: z.literal('escalation'), body: escalationBody }),
  z.strictObject({ ...head, kind: z.literal('declaration'), body: declarationBody }),
]);

export type KnownEntry = z.infer<typeof entrySchema>;

/** `prev` of the first entry. */
export const noPrev = '0'.repeat(64);

export type Built =
  | { ok: true; bytes: Uint8Array; entry: KnownEntry }
  | { ok: false; why: 'schema' | 'too-large'; what: Text };

/** Canonical bytes of an entry that keeps to its schema and to 65,535 bytes. */
export function buildEntry(entry: Entry): Built {
  const read = entrySchema.safeParse(entry);
  if (!read.success) return { ok: false, why: 'schema', what: place(read.error) };
  const bytes = entryBytes(entry);
  return bytes.length <= maxEntryBytes
    ? { ok: true, bytes, entry: read.data }
    : {
        ok: false,
        why: 'too-large',
        what: wording`the entry has ${bytes.length} bytes, at most ${maxEntryBytes} are allowed`,
      };
}

export type ReadEntry = { ok: true; entry: KnownEntry } | { ok: false; kind: 'format' | 'schema'; what: string };

/** Reads what `buildEntry` wrote and nothing else: any other spelling of the same JSON is a fault. */
export function readEntry(bytes: Uint8Array): ReadEntry {
  if (bytes.length > maxEntryBytes) return { ok: false, kind: 'format', what: `${bytes.length} bytes` };
  let value: unknown;
  try {
    const text = fromUtf8(bytes);
    value = JSON.parse(text);
    if (!isCanonical(value, text)) return { ok: false, kind: 'format', what: 'not canonical JSON' };
  } catch (error) {
    return { ok: false, kind: 'format', what: error instanceof Error ? error.message : String(error) };
  }
  const read = entrySchema.safeParse(value);
  return read.success ? { ok: true, entry: read.data } : { ok: false, kind: 'schema', what: place(read.error) };
}

type BodyOf<E extends KnownEntry> = E extends KnownEntry ? Pick<E, 'kind' | 'body'> : never;
/** What an entry says, without its place and its author. */
export type Bodied = BodyOf<KnownEntry>;

/** The salted digest of an entry's own blob, the body's field that is named as the kind; null where the entry says all. */
export function ownBlob(entry: Bodied): string | null {
  switch (entry.kind) {
    case 'scenario':
      return entry.body.scenario;
    case 'allocation':
      return entry.body.allocation;
    case 'adoption':
      return entry.body.adoption;
    case 'explanation':
      return entry.body.explanation;
    case 'report':
      return entry.body.report;
    case 'verification':
      return entry.body.verification;
    case 'amendment':
      return entry.body.amendment;
    case 'resolution':
      return entry.body.resolution;
    case 'declaration':
      return entry.body.declaration;
    case 'key':
    case 'escalation':
      return null;
  }
}

/** All blobs of an entry: its own, and the photo of a report. */
export function blobsOf(entry: KnownEntry): string[] {
  const own = ownBlob(entry);
  const photo = entry.kind === 'report' ? entry.body.photo : undefined;
  return [...(own === null ? [] : [own]), ...(photo === undefined ? [] : [photo])];
}

const authorDomain = utf8('evenhand/author/v1\n');

/** What the author's Ed25519 signature covers: "evenhand/author/v1\n" ‖ JCS(entry without seq, prev, sig). */
export function authorMessage(entry: AuthoredEntry): Uint8Array {
  return concat(authorDomain, entryBytes(authored(entry)));
}

const rotationDomain = utf8('evenhand/rotation/v1\n');

/** What the new key of a rotation signs, `body.proof`: "evenhand/rotation/v1\n" ‖ JCS(entry without seq, prev, sig, body.proof). */
export function rotationMessage(entry: AuthoredEntry): Uint8Array {
  const { proof: _proof, ...body } = Object(entry.body);
  return concat(rotationDomain, entryBytes({ ...authored(entry), body }));
}

/** What an author knows before the log gives the entry its place. */
export type AuthoredEntry = Omit<Entry, 'seq' | 'prev' | 'sig'>;

function authored({ v, log, kind, ts, actor, idem, body }: AuthoredEntry): AuthoredEntry {
  return { v, log, kind, ts, actor, idem, body };
}

function place(error: z.ZodError): string {
  return error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; ');
}
