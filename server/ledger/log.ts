/** The log that start-up found and the writer goes on with: one open store, one tree, one key. */
import type { Text } from '../../scenarios/wording.js';
import type { Cases } from './cases.js';
import type { Keyring } from './keyring.js';
import type { LogKey } from './keys.js';
import type { KeyValue } from './keyvalue.js';
import { entryKey, type Head, tileKey } from './layout.js';
import { inclusionRanges } from './merkle.js';
import type { Paths } from './paths.js';
import type { PlainWriter } from './plainwriter.js';
import { formatProof } from './proof.js';
import { type LoadTile, rangeHashes, type Tree } from './tree.js';

export interface Published {
  size: number;
  root: Uint8Array;
  /** The signed note. */
  note: string;
}

export interface Log {
  paths: Paths;
  kv: KeyValue;
  /** The same record in plain files. */
  plain: PlainWriter;
  /** Null where the key is missing: then the log is read-only. */
  key: LogKey | null;
  origin: string;
  verifierKey: string;
  /** What is durable; ahead of `published` while a batch is being committed. */
  head: Head;
  tree: Tree;
  /** Organisations and their keys, as the readable entries have them. */
  ring: Keyring;
  /** The life of each report, as the durable entries have it. */
  cases: Cases;
  /** What is signed and on the disk. Reads see no further. */
  published: Published;
  /** Newest checkpoint with the cosignatures of the witnesses' quorum; null where there is none. */
  witnessed: Published | null;
  /** The write of the newest witnessed checkpoint that is under way. */
  witnessing: Promise<unknown> | null;
  /** Published checkpoints that go into the store with the next batch. */
  unsaved: Published[];
  readOnly: Text | null;
  warnings: string[];
}

export function tileLoader(kv: KeyValue): LoadTile {
  return (level, index) => kv.get(tileKey(level, index));
}

/** `.tlog-proof` of an entry against a checkpoint; undefined where it is not under it. */
export async function proofOf(log: Log, seq: number, under = log.published): Promise<string | undefined> {
  const { size, note } = under;
  // A log that lost its tail cannot prove anything against the checkpoint that promised it.
  if (!Number.isSafeInteger(seq) || seq < 0 || seq >= size || size > log.tree.size) return undefined;
  const path = await rangeHashes(log.tree, inclusionRanges(seq, size));
  return formatProof({ index: seq, path, checkpoint: note });
}

/** How many entries can be read: published ones, as far as they are there. */
export function readable(log: Log): number {
  return Math.min(log.published.size, log.head.size);
}

export async function entryAt(log: Log, seq: number): Promise<Uint8Array | undefined> {
  return seq < readable(log) ? await log.kv.get(entryKey(seq)) : undefined;
}
