/** What only the directory can show: that the index LevelDB keeps beside the entries agrees with them. */
import { same } from './bytes.js';
import type { ReadEntry } from './entry.js';
import type { KeyValue } from './keyvalue.js';
import { aboutKey, contentKey, type Head, parseNamed, parseRequested, requestKey, tileKey } from './layout.js';
import { aboutOf } from './plan.js';
import { tileBytes } from './tile.js';
import { emptyTree, grow, type Tree } from './tree.js';
import type { Report } from './verify.js';

const page = 256;

export interface Fsck {
  see(leaf: Uint8Array, read: ReadEntry): Promise<void>;
  /** `unpublished`: entries that lie behind the checkpoint and were not shown. */
  finish(head: Head, unpublished: number): Promise<void>;
  /** Blobs that are not there must have been forgotten on purpose. */
  excuse(absent: readonly string[]): Promise<void>;
}

/** Grows a second tree from the entries it is shown and compares tiles, head and idempotency records. */
export function startFsck(kv: KeyValue, report: Report): Fsck {
  const tree: Tree = emptyTree(async () => undefined);
  let waiting: { leaf: Uint8Array; request: Uint8Array; read: ReadEntry }[] = [];

  async function flush(): Promise<void> {
    const from = tree.size;
    const tiles = grow(
      tree,
      waiting.map(({ leaf }) => leaf),
    );
    const stored = await kv.getMany(tiles.map(({ level, index }) => tileKey(level, index)));
    tiles.forEach(({ level, index, tile }, i) => {
      const wanted = tileBytes(tile);
      const bytes = stored[i];
      if (!bytes || bytes.length < wanted.length || !same(bytes.subarray(0, wanted.length), wanted))
        report(null, 'index', `tile ${level}/${index} does not hold the hashes of its entries`);
    });
    await checkRequests(from);
    await checkAbout(from);
    waiting = [];
  }

  async function checkRequests(from: number): Promise<void> {
    (await kv.getMany(waiting.map(({ request }) => request))).forEach((record, i) => {
      // An entry whose client gave no key has none on file.
      if (record && parseRequested(record).seq !== from + i)
        report(from + i, 'index', `the idempotency key of entry ${from + i} is on file for another entry`);
    });
  }

  async function checkAbout(from: number): Promise<void> {
    for (const [i, { read }] of waiting.entries()) {
      const about = read.ok ? aboutOf(read.entry) : null;
      // Unsigned adoptions of earlier versions are not listed, and nothing depends on it.
      if (!read.ok || about === null || (read.entry.kind === 'adoption' && read.entry.sig === null)) continue;
      if (!(await kv.get(aboutKey(about, from + i))))
        report(from + i, 'index', `entry ${from + i} is missing from the list of ${read.entry.kind} entries`);
    }
  }

  return {
    async see(leaf, read) {
      const { org, idem } = read.ok ? { org: read.entry.actor.org, idem: read.entry.idem } : { org: '', idem: '' };
      waiting.push({ leaf, request: requestKey(org, idem), read });
      if (waiting.length >= page) await flush();
    },
    async excuse(absent) {
      for (const digest of absent) {
        const record = await kv.get(contentKey(digest));
        if (!record || !parseNamed(record).forgotten) report(null, 'blob', `blob ${digest} is lost: nobody forgot it`);
      }
    },
    async finish(head, unpublished) {
      await flush();
      const size = tree.size + unpublished;
      if (head.size !== size) report(null, 'index', `the head counts ${head.size} entries, there are ${size}`);
    },
  };
}
