/** A batch before it is written: which requests are new, which repeat earlier ones, which are refused. */
import { randomUUID } from 'node:crypto';
import { type Text, wording } from '../../scenarios/wording.js';
import { authorFault } from './authors.js';
import { same, toHex } from './bytes.js';
import { addStep, type Cases, newCases, stepFault } from './cases.js';
import { chainHash, leafHash } from './digest.js';
import { verifyEd25519 } from './ed25519.js';
import { buildEntry, type KnownEntry } from './entry.js';
import { changed, type Keyring } from './keyring.js';
import type { Put } from './keyvalue.js';
import {
  aboutDeclarations,
  aboutKey,
  aboutKeys,
  aboutReports,
  blobKey,
  contentKey,
  formatNamed,
  formatRequested,
  parseNamed,
  parseRequested,
  requestKey,
} from './layout.js';
import type { Log } from './log.js';
import type { Recording } from './recording.js';
import { type EntryKind, LedgerRefusal } from './types.js';

/** Milliseconds that an author's clock may be ahead. */
const clockSkew = 600_000;

export interface AppendRequest {
  recording: Recording;
  org: string;
  /** Null where the client gave none; the entry then gets one of its own. */
  idem: string | null;
}

export type Outcome =
  | { is: 'refused'; refusal: LedgerRefusal }
  | { is: 'recorded'; seq: number; kind: EntryKind; digest: string; repeated: boolean };

export interface Plan {
  /** One for each request. */
  outcomes: Outcome[];
  /** Bytes and leaves of the new entries, in order. */
  entries: Uint8Array[];
  leaves: Uint8Array[];
  /** All that goes with the entries: request, content and blob records. */
  changes: Put[];
  /** Some of it is a further idempotency key of a content that is on the record: no entry says so. */
  further: boolean;
  prev: Uint8Array;
  /** Keys of organisations after the batch. */
  ring: Keyring;
  /** What the batch changes in the life of reports, above those of the log. */
  cases: Cases;
}

/** Assigns positions; reads the store, writes nothing. `now` in milliseconds since 1970. */
export async function planBatch(log: Log, requests: readonly AppendRequest[], now: number): Promise<Plan> {
  const known = await lookUp(log, requests);
  const plan: Plan = {
    ...{ outcomes: [], entries: [], leaves: [], changes: [], further: false },
    ...{ prev: log.head.prev, ring: log.ring, cases: newCases(log.cases) },
  };
  const put = (key: Uint8Array, value: Uint8Array): void => {
    known.set(toHex(key), value);
    plan.changes.push({ type: 'put', key, value });
  };
  for (const { recording, org, idem } of requests) {
    const { kind, digest, requestHash, blob, photo, signed } = recording;
    const request = idem === null ? null : requestKey(org, idem);
    const earlier = request && known.get(toHex(request));
    if (earlier) {
      plan.outcomes.push(repeat(recording, parseRequested(earlier)));
      continue;
    }
    const recorded = recording.once ? known.get(toHex(contentKey(digest))) : undefined;
    if (recorded) {
      const { seq } = parseNamed(recorded);
      if (request) {
        put(request, formatRequested({ seq, hash: requestHash }));
        plan.further = true;
      }
      plan.outcomes.push({ is: 'recorded', seq, kind, digest, repeated: true });
      continue;
    }
    const seq = log.head.size + plan.entries.length;
    const refuse = (detail: LedgerRefusal['detail'], what: Text): void => {
      plan.outcomes.push({ is: 'refused', refusal: new LedgerRefusal(detail, what) });
    };
    if (signed && blob && known.has(toHex(contentKey(blob.digest)))) {
      refuse('conflict', wording`the content with its salt is on the record already: sign it anew`);
      continue;
    }
    const again = signed && kind !== 'adoption' ? known.get(toHex(contentKey(digest))) : undefined;
    if (again) {
      refuse('conflict', wording`the same ${kind} is on the record already (entry ${parseNamed(again).seq})`);
      continue;
    }
    const built = buildEntry({
      v: 1,
      log: log.origin,
      seq,
      prev: toHex(plan.prev),
      kind,
      ts: signed?.ts ?? new Date(now).toISOString(),
      actor: { org, keyId: signed?.keyId ?? log.key!.id },
      idem: idem ?? randomUUID(),
      body: recording.body,
      sig: signed?.sig ?? null,
    });
    if (!built.ok) {
      refuse('too-large', built.what);
      continue;
    }
    const { entry } = built;
    const fault = await authorFault(plan.ring, entry, seq, log.key!.id, verifyEd25519);
    if (fault) {
      refuse('author', fault.what);
      continue;
    }
    // A date to come would keep a report from ever being due; only the writer has a clock to tell.
    if (signed && entry.kind !== 'adoption' && entry.kind !== 'key' && Date.parse(entry.ts) > now + clockSkew) {
      refuse(
        'author',
        wording`it is dated ${entry.ts}, and it is ${new Date(now).toISOString()} here: set the clock, sign anew`,
      );
      continue;
    }
    const step = stepFault(plan.cases, entry, plan.ring.size > 0);
    if (step !== null) {
      refuse('step', step);
      continue;
    }
    addStep(plan.cases, entry);
    if (entry.kind === 'key') plan.ring = changed(plan.ring, entry.body, seq);
    const about = aboutOf(entry);
    if (about !== null) put(aboutKey(about, seq), new Uint8Array());
    plan.prev = chainHash(built.bytes);
    plan.entries.push(built.bytes);
    plan.leaves.push(leafHash(built.bytes));
    if (request) put(request, formatRequested({ seq, hash: requestHash }));
    plan.outcomes.push({ is: 'recorded', seq, kind, digest, repeated: false });
    if (blob === null) continue;
    put(blobKey(blob.digest), blob.stored);
    const named = formatNamed({ kind, seq, content: digest, blob: blob.digest, forgotten: false });
    put(contentKey(digest), named);
    if (digest !== blob.digest) put(contentKey(blob.digest), named);
    if (photo === undefined) continue;
    put(blobKey(photo.digest), photo.stored);
    const shown = formatNamed({ kind: 'photo', seq, content: photo.content, blob: photo.digest, forgotten: false });
    put(contentKey(photo.digest), shown);
    put(contentKey(photo.content), shown);
  }
  return plan;
}

/** Under which digest an entry is listed (layout.ts), so that keys, adoptions and reports are found without reading the log. */
export function aboutOf(entry: KnownEntry): string | null {
  switch (entry.kind) {
    case 'key':
      return aboutKeys;
    case 'adoption':
      return entry.body.allocation;
    case 'report':
    case 'verification':
    case 'amendment':
    case 'resolution':
    case 'escalation':
      return aboutReports;
    case 'declaration':
      return aboutDeclarations;
    default:
      return null;
  }
}

async function lookUp(log: Log, requests: readonly AppendRequest[]): Promise<Map<string, Uint8Array>> {
  const keys: Uint8Array[] = [];
  for (const { recording, org, idem } of requests) {
    if (idem !== null) keys.push(requestKey(org, idem));
    if (recording.once || recording.signed) keys.push(contentKey(recording.digest));
    if (recording.signed && recording.blob) keys.push(contentKey(recording.blob.digest));
  }
  const known = new Map<string, Uint8Array>();
  const values = await log.kv.getMany(keys);
  values.forEach((value, i) => {
    if (value) known.set(toHex(keys[i]!), value);
  });
  return known;
}

function repeat(recording: Recording, { seq, hash }: { seq: number; hash: Uint8Array }): Outcome {
  const { kind, digest, requestHash } = recording;
  if (same(hash, requestHash)) return { is: 'recorded', seq, kind, digest, repeated: true };
  const what = hash.every((byte) => byte === 0)
    ? wording`a content that was forgotten since`
    : wording`another request`;
  const refusal = new LedgerRefusal('conflict', wording`the idempotency key was used for ${what} (entry ${seq})`);
  return { is: 'refused', refusal };
}
