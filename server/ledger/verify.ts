/**
 * The verifier: whether a log is what its key signed, unbroken and in order, and each plan as good as it claims.
 * No Node imports from here down: the command line, a mirror and a page run the same module.
 */
import type { AdoptionState } from './adoptions.js';
import { checkAuthorship, newAuthorship } from './authorship.js';
import { same, toHex } from './bytes.js';
import { type Checkpoint, openCheckpoint, peekCheckpoint } from './checkpoint.js';
import {
  type CheckAllocation,
  type CheckExplanation,
  type CheckTwin,
  type Contents,
  checkEntry,
  newContents,
} from './contentcheck.js';
import { chainHash, leafHash } from './digest.js';
import { type KnownEntry, noPrev, ownBlob, readEntry } from './entry.js';
import { addLeaf, emptyFrontier, frontierRoot } from './frontier.js';
import { parseVerifierKey, type VerifyEd25519 } from './note.js';
import type { Fault, VerifyResult } from './types.js';

export interface Evidence {
  verifierKey: string;
  /** Signed note. */
  checkpoint: string;
  /** Canonical bytes in order of seq. */
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  blob(digest: string): HeldBlob | undefined | Promise<HeldBlob | undefined>;
  /** Digests of all blobs at hand: one that no entry names is a fault. */
  blobs?: Iterable<string>;
}

export interface HeldBlob {
  salt: Uint8Array;
  bytes: Uint8Array;
}

export interface VerifyOptions {
  verifyEd25519: VerifyEd25519;
  /** Checks a certificate of optimality; without it plans are bound to the record but not judged. */
  checkAllocation?: CheckAllocation;
  /** Checks stated prices of fairness against the twins they name, where certificates are checked. */
  checkTwin?: CheckTwin;
  /** Checks what an explanation says of itself, its allocation and its scenario. */
  checkExplanation?: CheckExplanation;
  /** The key that the verifying person knows; without it the evidence vouches for itself. */
  trustedKey?: string;
  /** A checkpoint kept from an earlier time: the log must continue it. */
  kept?: string;
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
  | 'binding'
  | 'blob'
  | 'certificate'
  | 'size'
  | 'root'
  | 'signature'
  | 'rollback'
  | 'fork'
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
  /** Entries after the checkpoint: durable in a store, promised to nobody, read but not counted. */
  unpublished: number;
}

/** Past this many the log is not getting any worse. */
const maxFaults = 1000;

/** Verifies everything; never throws for what the evidence contains, only for what its functions throw. */
export async function verify(evidence: Evidence, options: VerifyOptions): Promise<VerifyReport> {
  const faults: Fault[] = [];
  const report: Report = (seq, kind, what) => {
    if (faults.length < maxFaults) faults.push({ seq, kind, what });
  };
  const signed = await signedHead(evidence, options, report);
  const kept = await keptHead(evidence, options, report);
  const promised = signed?.size ?? Number.MAX_SAFE_INTEGER;
  const frontier = emptyFrontier();
  const contents = newContents(evidence, options);
  // Where the key is not the log's, one fault says so; every entry would repeat it.
  const logKey = faults.length > 0 ? undefined : parseVerifierKey(options.trustedKey?.trim() ?? evidence.verifierKey);
  const authorship = newAuthorship(logKey?.id, options.verifyEd25519);
  let prev = noPrev;
  let unpublished = 0;
  const holdKept = (): void => {
    if (kept && frontier.size === kept.size && !same(frontierRoot(frontier), kept.root))
      report(null, 'fork', `the first ${kept.size} entries are not those of the checkpoint that was kept`);
  };

  holdKept();
  for await (const bytes of evidence.entries) {
    if (frontier.size === promised) {
      unpublished++;
      const read = readEntry(bytes);
      const own = read.ok ? ownBlob(read.entry) : null;
      if (read.ok && own !== null) contents.named.set(own, { kind: read.entry.kind, seq: read.entry.seq });
      continue;
    }
    const seq = frontier.size;
    const read = readEntry(bytes);
    if (read.ok) {
      checkPlace(read.entry, seq, prev, signed, report);
      await checkAuthorship(authorship, read.entry, seq, report);
      await checkEntry(contents, read.entry, seq, report);
    } else report(seq, read.kind, `entry ${seq}: ${read.what}`);
    prev = toHex(chainHash(bytes));
    addLeaf(frontier, leafHash(bytes));
    holdKept();
  }

  const root = frontierRoot(frontier);
  if (signed && frontier.size < signed.size)
    report(null, 'size', `the checkpoint promises ${signed.size} entries, there are ${frontier.size}`);
  else if (signed && !same(root, signed.root))
    report(null, 'root', `the ${signed.size} entries are not those that the checkpoint was signed for`);
  if (kept && kept.size > frontier.size)
    report(null, 'rollback', `the checkpoint that was kept has ${kept.size} entries, the log has ${frontier.size}`);
  for (const digest of evidence.blobs ?? [])
    if (!contents.named.has(digest)) report(null, 'blob', `blob ${digest} belongs to no entry`);
  const { absent, certificates } = contents;
  return {
    ok: faults.length === 0,
    size: frontier.size,
    root: toHex(root),
    faults,
    absent,
    certificates,
    signatures: authorship.signatures,
    adoptions: [...authorship.adoptions.values()],
    unpublished,
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

function checkPlace(
  entry: KnownEntry,
  seq: number,
  prev: string,
  signed: Checkpoint | undefined,
  report: Report,
): void {
  if (signed && entry.log !== signed.origin) report(seq, 'log', `entry ${seq} is of another log, ${entry.log}`);
  if (entry.seq !== seq) report(seq, 'seq', `entry ${entry.seq} stands at place ${seq}`);
  if (entry.prev !== prev) {
    const what = seq === 0 ? 'entry 0 does not begin a log' : `entry ${seq} does not continue the one before it`;
    report(Math.max(0, seq - 1), 'chain', `${what}: one of the two was changed, dropped or moved`);
  }
}

export type { CheckAllocation, CheckExplanation, CheckTwin, Contents };
