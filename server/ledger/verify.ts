/**
 * The verifier: whether a log is what its key signed, unbroken and in order, and each plan as good as it claims.
 * No Node imports from here down: the command line, a mirror and a page run the same module.
 */
import type { AdoptionState } from './adoptions.js';
import { type Authorship, checkAuthorship, newAuthorship } from './authorship.js';
import { same, toHex } from './bytes.js';
import { type Checkpoint, openCheckpoint, peekCheckpoint } from './checkpoint.js';
import type { CheckAllocation, CheckExplanation, Checks, CheckTwin } from './checks.js';
import { checkEntry } from './contentcheck.js';
import { chainHash, leafHash } from './digest.js';
import { blobsOf, type KnownEntry, noPrev, type ReadEntry, readEntry } from './entry.js';
import type { CheckField } from './fieldcheck.js';
import { addLeaf, emptyFrontier, frontierRoot } from './frontier.js';
import { type Contents, type DeclaredLevel, name, newContents } from './known.js';
import { requestDigest } from './layout.js';
import { parseVerifierKey, type VerifyEd25519 } from './note.js';
import { cosignersOf, meetsQuorum, type TlogPolicy } from './policy.js';
import type { Fault, VerifyResult } from './types.js';

export interface Evidence {
  verifierKey: string;
  /** Signed note. */
  checkpoint: string;
  /** Canonical bytes in order of seq. */
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  blob(digest: string): HeldBlob | undefined | Promise<HeldBlob | undefined>;
  /** Told of the blobs that will be asked for next, those of the entries from `from` on, so that they can be fetched together. */
  prefetch?(digests: readonly string[], from: number): Promise<void>;
  /** Told of each entry when it has been checked; `request` is the `requestDigest` of one that could be read. */
  seen?(
    seq: number,
    bytes: Uint8Array,
    leaf: Uint8Array,
    read: ReadEntry,
    request: Uint8Array | undefined,
  ): void | Promise<void>;
  /** Digests of all blobs at hand: one that no entry names is a fault. */
  blobs?: Iterable<string> | AsyncIterable<string>;
  /** Newest checkpoint that witnesses have cosigned, where it is not the one above. */
  witnessed?: string | undefined;
}

export interface HeldBlob {
  salt: Uint8Array;
  bytes: Uint8Array;
}

export interface VerifyOptions extends Checks {
  verifyEd25519: VerifyEd25519;
  /** The key that the verifying person knows; without it the evidence vouches for itself. */
  trustedKey?: string;
  /** A checkpoint kept from an earlier time: the log must continue it. */
  kept?: string;
  /** Who must have cosigned the log; without it nobody is asked for. */
  policy?: TlogPolicy;
  /** Throws the signal's reason where the caller gives up. */
  signal?: AbortSignal;
}

/** The closed union of what can be wrong. */
export type FaultKind =
  | 'format'
  | 'schema'
  | 'log'
  | 'seq'
  | 'chain'
  | 'author'
  | 'key'
  | 'repeat'
  | 'step'
  | 'binding'
  | 'blob'
  | 'certificate'
  | 'size'
  | 'root'
  | 'signature'
  | 'rollback'
  | 'fork'
  | 'witness'
  | 'index'
  | 'store';

export type Report = (seq: number | null, kind: FaultKind, what: string) => void;

export interface VerifyReport extends VerifyResult {
  /** Blobs that entries name and that are not at hand: forgotten, or withheld. Not a fault. */
  absent: string[];
  /** Certificates of optimality that were checked and hold. */
  certificates: number;
  /** Author signatures that hold. */
  signatures: number;
  /** Each plan that somebody adopted, and whether that counts. */
  adoptions: AdoptionState[];
  /** Each level of response that was declared, with the one that the figures suggested. */
  declarations: DeclaredLevel[];
  /** Entries after the checkpoint: durable in a store, promised to nobody, read but not counted. */
  unpublished: number;
}

/** Past this many the log is not getting any worse. */
const maxFaults = 1000;

/** Entries whose contents are fetched at once: enough to pay for the way, few enough that large ones fit. */
const together = 32;

/** Verifies everything; never throws for what the evidence contains, only for what its functions throw. */
export async function verify(evidence: Evidence, options: VerifyOptions): Promise<VerifyReport> {
  const faults: Fault[] = [];
  const report: Report = (seq, kind, what) => {
    if (faults.length < maxFaults) faults.push({ seq, kind, what });
  };
  const signed = await signedHead(evidence, options, report);
  const kept = await keptHead(evidence, options, report);
  const witnessed = await witnessedHead(evidence, options, report);
  const promised = signed?.size ?? Number.MAX_SAFE_INTEGER;
  // Where the key is not the log's, one fault says so; every entry would repeat it.
  const logKey = faults.length > 0 ? undefined : parseVerifierKey(options.trustedKey?.trim() ?? evidence.verifierKey);
  const reader = startReader(evidence, options, report, { origin: signed?.origin, keyId: logKey?.id });
  const { contents, authorship } = reader;
  if (kept) reader.hold(kept, `the first ${kept.size} entries are not those of the checkpoint that was kept`);
  if (witnessed)
    reader.hold(witnessed, `the first ${witnessed.size} entries are not those that the witnesses cosigned`);
  let unpublished = 0;
  let page: Uint8Array[] = [];
  for await (const bytes of evidence.entries) {
    options.signal?.throwIfAborted();
    if (reader.size() + page.length === promised) {
      unpublished++;
      const read = readEntry(bytes);
      if (read.ok) for (const own of blobsOf(read.entry)) name(contents, own, read.entry.kind, read.entry.seq);
      continue;
    }
    page.push(bytes);
    if (page.length < together) continue;
    await reader.take(page);
    page = [];
  }
  await reader.take(page);

  const size = reader.size();
  const root = reader.root();
  if (signed && size < signed.size)
    report(null, 'size', `the checkpoint promises ${signed.size} entries, there are ${size}`);
  else if (signed && !same(root, signed.root))
    report(null, 'root', `the ${signed.size} entries are not those that the checkpoint was signed for`);
  if (kept && kept.size > size)
    report(null, 'rollback', `the checkpoint that was kept has ${kept.size} entries, the log has ${size}`);
  if (witnessed && witnessed.size > size)
    report(null, 'rollback', `the witnesses cosigned ${witnessed.size} entries, the log has ${size}`);
  for await (const digest of evidence.blobs ?? [])
    if (contents.named.get(digest) === undefined) report(null, 'blob', `blob ${digest} belongs to no entry`);
  const { absent, certificates } = contents;
  return {
    ...{ ok: faults.length === 0, size, root: toHex(root), faults, absent, certificates, unpublished },
    signatures: authorship.signatures,
    adoptions: [...authorship.adoptions.values()],
    declarations: contents.declarations,
  };
}

/** A verification that goes on: a mirror keeps one and shows it what is new. */
export interface LogReader {
  /** The next entries, in order. */
  take(entries: readonly Uint8Array[]): Promise<void>;
  /** Once the tree has that size, its root must be this one. */
  hold(head: { size: number; root: Uint8Array }, what: string): void;
  size(): number;
  root(): Uint8Array;
  /** `prev` of the entry to come, hex. */
  prev(): string;
  contents: Contents;
  authorship: Authorship;
}

/** Reads a log from its first entry; `origin` is what its entries must name, `keyId` the log's key; nothing is asked of them where undefined. */
export function startReader(
  evidence: Pick<Evidence, 'blob' | 'prefetch' | 'seen'>,
  options: Checks & Pick<VerifyOptions, 'verifyEd25519'>,
  report: Report,
  { origin, keyId }: { origin: string | undefined; keyId: string | undefined },
): LogReader {
  const frontier = emptyFrontier();
  const contents = newContents(evidence, options);
  const authorship = newAuthorship(keyId, options.verifyEd25519);
  const held: { size: number; root: Uint8Array; what: string }[] = [];
  let prev = noPrev;
  const check = (): void => {
    for (const { size, root, what } of held)
      if (frontier.size === size && !same(frontierRoot(frontier), root)) report(null, 'fork', what);
  };
  return {
    contents,
    authorship,
    size: () => frontier.size,
    root: () => frontierRoot(frontier),
    prev: () => prev,
    hold: (head, what) => {
      held.push({ ...head, what });
      if (head.size === 0) check();
    },
    take: async (entries) => {
      const page = entries.map((bytes) => ({ bytes, read: readEntry(bytes) }));
      await evidence.prefetch?.(
        page.flatMap(({ read }) => (read.ok ? blobsOf(read.entry) : [])),
        frontier.size,
      );
      for (const { bytes, read } of page) {
        const seq = frontier.size;
        const request = read.ok ? requestDigest(read.entry.actor.org, read.entry.idem) : undefined;
        if (read.ok && request) {
          checkPlace(read.entry, seq, prev, origin, report);
          await checkAuthorship(authorship, read.entry, seq, report);
          await checkEntry(contents, read.entry, seq, request, authorship.ring.size > 0, report);
        } else if (!read.ok) report(seq, read.kind, `entry ${seq}: ${read.what}`);
        prev = toHex(chainHash(bytes));
        const leaf = leafHash(bytes);
        addLeaf(frontier, leaf);
        await evidence.seen?.(seq, bytes, leaf, read, request);
        check();
      }
    },
  };
}

/** What the log signed; where the signature does not hold, what it claims, so that the rest can be looked at too. */
async function signedHead(
  { verifierKey, checkpoint }: Evidence,
  { trustedKey, verifyEd25519 }: VerifyOptions,
  report: Report,
): Promise<Checkpoint | undefined> {
  if (trustedKey !== undefined && trustedKey.trim() !== verifierKey)
    report(null, 'signature', `the log presents the key ${verifierKey}, not the one that is trusted`);
  const key = parseVerifierKey(trustedKey?.trim() ?? verifierKey);
  const opened = key && (await openCheckpoint(checkpoint, key, verifyEd25519));
  if (!opened)
    report(null, 'signature', key ? 'the checkpoint is not signed by the log' : 'the verifier key is malformed');
  return opened ?? peekCheckpoint(checkpoint);
}

async function keptHead(
  { verifierKey }: Evidence,
  { trustedKey, kept, verifyEd25519 }: VerifyOptions,
  report: Report,
): Promise<Checkpoint | undefined> {
  const key = parseVerifierKey(trustedKey?.trim() ?? verifierKey);
  if (kept === undefined || !key) return undefined;
  const opened = await openCheckpoint(kept, key, verifyEd25519);
  if (!opened) report(null, 'signature', 'the checkpoint that was kept is not signed by this log');
  return opened;
}

/** The newest checkpoint that a quorum cosigned, where a policy asks for one; what is missing is reported. */
async function witnessedHead(
  { verifierKey, checkpoint, witnessed }: Evidence,
  { trustedKey, policy, verifyEd25519 }: VerifyOptions,
  report: Report,
): Promise<Checkpoint | undefined> {
  if (!policy) return undefined;
  const key = parseVerifierKey(trustedKey?.trim() ?? verifierKey);
  let best = 'nobody';
  for (const note of [checkpoint, ...(witnessed === undefined ? [] : [witnessed])]) {
    const opened = key && (await openCheckpoint(note, key, verifyEd25519));
    const cosigners = await cosignersOf(policy, note, verifyEd25519);
    if (opened && meetsQuorum(policy, cosigners)) return opened;
    if (opened && cosigners.size > 0) best = [...cosigners].join(', ');
  }
  report(null, 'witness', `no checkpoint is cosigned by the quorum ${policy.quorum}: ${best} cosigned`);
  return undefined;
}

function checkPlace(entry: KnownEntry, seq: number, prev: string, origin: string | undefined, report: Report): void {
  if (origin !== undefined && entry.log !== origin) report(seq, 'log', `entry ${seq} is of another log, ${entry.log}`);
  if (entry.seq !== seq) report(seq, 'seq', `entry ${entry.seq} stands at place ${seq}`);
  if (entry.prev !== prev) {
    const what = seq === 0 ? 'entry 0 does not begin a log' : `entry ${seq} does not continue the one before it`;
    report(Math.max(0, seq - 1), 'chain', `${what}: one of the two was changed, dropped or moved`);
  }
}

export type { CheckAllocation, CheckExplanation, CheckField, CheckTwin, Contents };
