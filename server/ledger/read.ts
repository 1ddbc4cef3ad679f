/** What there is to verify: a data directory at rest, or a bundle in a file. Neither is changed. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { unpackBlob } from './blobs.js';
import { bundleEvidence } from './bundle.js';
import { toHex } from './bytes.js';
import { eachBlobDigest } from './contents.js';
import { verifyEd25519 } from './ed25519.js';
import { LedgerHeld, LedgerUnusable } from './errors.js';
import { readIfThere } from './files.js';
import { startFsck } from './fsck.js';
import { isHeldHere } from './held.js';
import { parseLogKey } from './keys.js';
import { blobKey, type Head, headKey, parseHead } from './layout.js';
import { emptyRoot } from './merkle.js';
import { messageOf } from './messages.js';
import { pathsOf } from './paths.js';
import { readAhead } from './readahead.js';
import { readServerUrl } from './serverurl.js';
import { withSnapshot } from './snapshot.js';
import type { StoreReader } from './storereader.js';
import { type Evidence, type FaultKind, type VerifyOptions, type VerifyReport, verify } from './verify.js';

export type ReadOptions = Omit<VerifyOptions, 'verifyEd25519'>;

/** Verifies a data directory or a bundle file. Throws LedgerHeld where a process has the directory open. */
export async function verifyPath(path: string, options: ReadOptions = {}): Promise<VerifyReport> {
  return (await stat(path)).isDirectory() ? await verifyDirectory(path, options) : await verifyFile(path, options);
}

/** Verifies a parsed bundle. */
export async function verifyBundle(bundle: unknown, options: ReadOptions = {}): Promise<VerifyReport> {
  const evidence = bundleEvidence(bundle);
  return evidence ? await verify(evidence, { ...options, verifyEd25519 }) : nothing('format', 'this is no bundle');
}

async function verifyFile(path: string, options: ReadOptions): Promise<VerifyReport> {
  let bundle: unknown;
  try {
    bundle = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path)));
  } catch (error) {
    return nothing('format', `${path} is no bundle: ${messageOf(error)}`);
  }
  return await verifyBundle(bundle, options);
}

/** Verifies the ledger of a stopped server: entries, tree, checkpoint, contents, and LevelDB's index of them. */
export async function verifyDirectory(dir: string, options: ReadOptions = {}): Promise<VerifyReport> {
  const paths = pathsOf(await realpath(dir));
  if (isHeldHere(paths.dir)) throw new LedgerHeld(dir, await readServerUrl(dir));
  const checkpoint = await readIfThere(paths.checkpoint);
  const witnessed = await readIfThere(paths.witnessed);
  const verifierKey =
    (await readIfThere(paths.verifierKey))?.trim() ?? parseLogKey((await readIfThere(paths.key)) ?? '')?.verifierKey;
  try {
    return await withSnapshot(paths, async (kv) => {
      if (checkpoint === undefined) return nothing('signature', 'the checkpoint file is missing');
      return await verifyStore(kv, { checkpoint, verifierKey: verifierKey ?? '', witnessed }, options);
    });
  } catch (error) {
    if (error instanceof LedgerHeld) throw error;
    return nothing(
      'store',
      error instanceof LedgerUnusable ? error.message : `the store is damaged: ${messageOf(error)}`,
    );
  }
}

async function verifyStore(
  kv: StoreReader,
  { checkpoint, verifierKey, witnessed }: Pick<Evidence, 'checkpoint' | 'verifierKey' | 'witnessed'>,
  options: ReadOptions,
): Promise<VerifyReport> {
  const stored = await kv.get(headKey);
  const head: Head = stored ? parseHead(stored) : { size: 0, root: emptyRoot, prev: new Uint8Array(32), ts: 0 };
  const more: VerifyReport['faults'] = [];
  const fsck = startFsck(kv, (seq, kind, what) => more.push({ seq, kind, what }));

  const ahead = readAhead(kv, (seq) => more.push({ seq, kind: 'store', what: `entry ${seq} is missing` }));
  let fetched = new Map<string, Uint8Array | undefined>();
  const evidence: Evidence = {
    verifierKey,
    checkpoint,
    witnessed,
    entries: ahead.entries(),
    prefetch: async (digests) => {
      fetched = await ahead.blobs(digests);
    },
    blob: async (digest) => {
      const stored = fetched.has(digest) ? fetched.get(digest) : await kv.get(blobKey(digest));
      return stored && (await unpackBlob(stored));
    },
    seen: (_seq, _bytes, leaf, read, request) => fsck.see(leaf, read, request),
    blobs: eachBlobDigest(kv),
  };
  const result = await verify(evidence, { ...options, verifyEd25519 });
  await fsck.finish(head, result.unpublished);
  await fsck.excuse(result.absent);
  await kv.swept();
  const faults = [...result.faults, ...more];
  return { ...result, ok: faults.length === 0, faults };
}

function nothing(kind: FaultKind, what: string): VerifyReport {
  const faults = [{ seq: null, kind, what }];
  const none = { absent: [], certificates: 0, signatures: 0, adoptions: [], declarations: [], unpublished: 0 };
  return { ok: false, size: 0, root: toHex(emptyRoot), faults, ...none };
}
