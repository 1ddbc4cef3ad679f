/** A batch before it is written: which requests are new, which repeat earlier ones, which are refused. */
import { randomUUID } from 'node:crypto';
import { same, toHex } from './bytes.js';
import { chainHash, leafHash } from './digest.js';
import { buildEntry } from './entry.js';
import type { Put } from './keyvalue.js';
import { blobKey, contentKey, formatNamed, formatRequested, parseNamed, parseRequested, requestKey } from './layout.js';
import type { Log } from './log.js';
import type { Recording } from './recording.js';
import { type EntryKind, LedgerRefusal } from './types.js';

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
  prev: Uint8Array;
}

/** Assigns positions; reads the store, writes nothing. `now` in milliseconds since 1970. */
export async function planBatch(log: Log, requests: readonly AppendRequest[], now: number): Promise<Plan> {
  const known = await lookUp(log, requests);
  const plan: Plan = { outcomes: [], entries: [], leaves: [], changes: [], prev: log.head.prev };
  const put = (key: Uint8Array, value: Uint8Array): void => {
    known.set(toHex(key), value);
    plan.changes.push({ type: 'put', key, value });
  };
  for (const { recording, org, idem } of requests) {
    const { kind, digest, requestHash, blob } = recording;
    const request = idem === null ? null : requestKey(org, idem);
    const earlier = request && known.get(toHex(request));
    if (earlier) {
      plan.outcomes.push(repeat(recording, parseRequested(earlier)));
      continue;
    }
    const recorded = recording.once ? known.get(toHex(contentKey(digest))) : undefined;
    if (recorded) {
      const { seq } = parseNamed(recorded);
      if (request) put(request, formatRequested({ seq, hash: requestHash }));
      plan.outcomes.push({ is: 'recorded', seq, kind, digest, repeated: true });
      continue;
    }
    const seq = log.head.size + plan.entries.length;
    const built = buildEntry({
      v: 1,
      log: log.origin,
      seq,
      prev: toHex(plan.prev),
      kind,
      ts: new Date(now).toISOString(),
      actor: { org, keyId: log.key!.id },
      idem: idem ?? randomUUID(),
      body: recording.body,
      sig: null,
    });
    if (!built.ok) {
      plan.outcomes.push({ is: 'refused', refusal: new LedgerRefusal('too-large', built.what) });
      continue;
    }
    plan.prev = chainHash(built.bytes);
    plan.entries.push(built.bytes);
    plan.leaves.push(leafHash(built.bytes));
    if (request) put(request, formatRequested({ seq, hash: requestHash }));
    put(blobKey(blob.digest), blob.stored);
    const named = formatNamed({ kind, seq, content: digest, blob: blob.digest, forgotten: false });
    put(contentKey(digest), named);
    if (digest !== blob.digest) put(contentKey(blob.digest), named);
    plan.outcomes.push({ is: 'recorded', seq, kind, digest, repeated: false });
  }
  return plan;
}

async function lookUp(log: Log, requests: readonly AppendRequest[]): Promise<Map<string, Uint8Array>> {
  const keys: Uint8Array[] = [];
  for (const { recording, org, idem } of requests) {
    if (idem !== null) keys.push(requestKey(org, idem));
    if (recording.once) keys.push(contentKey(recording.digest));
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
  const what = hash.every((byte) => byte === 0) ? 'a content that was forgotten since' : 'another request';
  const refusal = new LedgerRefusal('conflict', `the idempotency key was used for ${what} (entry ${seq})`);
  return { is: 'refused', refusal };
}
