/** What only the directory can show: that the index LevelDB keeps beside the entries agrees with them. */
import { same } from './bytes.js';
import type { ReadEntry } from './entry.js';
import type { KeyValue } from './keyvalue.js';
import {
  aboutKey,
  contentKey,
  type Head,
  parseNamed,
  parseRequested,
  requestKey,
  requestKeyOf,
  tileKey,
} from './layout.js';
import { aboutOf } from './plan.js';
import { tileBytes } from './tile.js';
import { emptyTree, grow, type Tree } from './tree.js';
import type { Report } from './verify.js';

const pageSize = 256;

export interface Fsck {
  /** `request`: the `requestDigest` of an entry that could be read. */
  see(leaf: Uint8Array, read: ReadEntry, request: Uint8Array | undefined): Promise<void>;
  /** `unpublished`: entries that lie behind the checkpoint and were not shown. */
  finish(head: Head, unpublished: number): Promise<void>;
  /** Blobs that are not there must have been forgotten on purpose. */
  excuse(absent: readonly string[]): Promise<void>;
}

interface Shown {
  leaf: Uint8Array;
  request: Uint8Array;
  read: ReadEntry;
}

interface Wanted {
  level: number;
  index: number;
  wanted: Uint8Array;
}

/** Grows a second tree from the entries it is shown and compares tiles, head and idempotency records. */
export function startFsck(kv: Pick<KeyValue, 'get' | 'getMany'>, report: Report): Fsck {
  const tree: Tree = emptyTree(async () => undefined);
  let waiting: Shown[] = [];
  /** The page before: its records are on their way while the next one is shown. */
  let checking: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const page = waiting;
    waiting = [];
    const from = tree.size;
    const tiles = grow(
      tree,
      page.map(({ leaf }) => leaf),
    ).map(({ level, index, tile }) => ({ level, index, wanted: tileBytes(tile) }));
    await checking;
    checking = check(from, page, tiles);
    // Whoever waits for it next is told.
    checking.catch(() => undefined);
  }

  async function check(from: number, page: readonly Shown[], tiles: readonly Wanted[]): Promise<void> {
    const [stored, requests] = await Promise.all([
      kv.getMany(tiles.map(({ level, index }) => tileKey(level, index))),
      kv.getMany(page.map(({ request }) => request)),
    ]);
    tiles.forEach(({ level, index, wanted }, i) => {
      const bytes = stored[i];
      if (!bytes || bytes.length < wanted.length || !same(bytes.subarray(0, wanted.length), wanted))
        report(null, 'index', `tile ${level}/${index} does not hold the hashes of its entries`);
    });
    requests.forEach((record, i) => {
      // An entry whose client gave no key has none on file.
      if (record && parseRequested(record).seq !== from + i)
        report(from + i, 'index', `the idempotency key of entry ${from + i} is on file for another entry`);
    });
    await checkAbout(from, page);
  }

  async function checkAbout(from: number, page: readonly Shown[]): Promise<void> {
    for (const [i, { read }] of page.entries()) {
      const about = read.ok ? aboutOf(read.entry) : null;
      // Unsigned adoptions of earlier versions are not listed, and nothing depends on it.
      if (!read.ok || about === null || (read.entry.kind === 'adoption' && read.entry.sig === null)) continue;
      if (!(await kv.get(aboutKey(about, from + i))))
        report(from + i, 'index', `entry ${from + i} is missing from the list of ${read.entry.kind} entries`);
    }
  }

  return {
    async see(leaf, read, request) {
      waiting.push({ leaf, request: request ? requestKeyOf(request) : requestKey('', ''), read });
      if (waiting.length >= pageSize) await flush();
    },
    async excuse(absent) {
      for (const digest of absent) {
        const record = await kv.get(contentKey(digest));
        if (!record || !parseNamed(record).forgotten) report(null, 'blob', `blob ${digest} is lost: nobody forgot it`);
      }
    },
    async finish(head, unpublished) {
      await flush();
      await checking;
      const size = tree.size + unpublished;
      if (head.size !== size) report(null, 'index', `the head counts ${head.size} entries, there are ${size}`);
    },
  };
}
