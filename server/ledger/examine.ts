/** A quick look at a store before anything is signed on its word: head, tree and the last entries agree. */
import { same, toHex } from './bytes.js';
import { chainHash, leafHash } from './digest.js';
import type { KeyValue } from './keyvalue.js';
import { entryKey, type Head } from './layout.js';
import { tileLoader } from './log.js';
import { loadTree, rangeHashes, rootAt, type Tree } from './tree.js';

/** Entries looked at below the checkpoint; the whole log is what `verify` reads. */
const tail = 256;

/** `published`: entries from there on were never signed, so each of them is hashed again. */
export async function examine(
  kv: KeyValue,
  head: Head,
  published: number,
): Promise<{ tree: Tree; fault: string | null }> {
  const tree = await loadTree(head.size, tileLoader(kv));
  const [last] = await kv.range(entryKey(0), entryKey(Number.MAX_SAFE_INTEGER), { reverse: true, limit: 1 });
  const lastKey = head.size === 0 ? undefined : entryKey(head.size - 1);
  if ((last && toHex(last[0])) !== (lastKey && toHex(lastKey)))
    return { tree, fault: `the last entry is not the one that the head of ${head.size} entries names` };
  if (!same(await rootAt(tree, head.size), head.root)) return { tree, fault: 'the tiles do not make up the head' };
  return { tree, fault: await examineTail(kv, tree, head, Math.max(0, Math.min(published, head.size - tail))) };
}

async function examineTail(kv: KeyValue, tree: Tree, head: Head, from: number): Promise<string | null> {
  let prev: Uint8Array | undefined;
  for (let seq = from; seq < head.size; seq += tail) {
    const count = Math.min(tail, head.size - seq);
    const entries = await kv.getMany(Array.from({ length: count }, (_, i) => entryKey(seq + i)));
    const leaves = await rangeHashes(
      tree,
      entries.map((_, i) => [seq + i, seq + i + 1] as const),
    );
    for (const [i, bytes] of entries.entries()) {
      if (!bytes) return `entry ${seq + i} is missing`;
      if (!same(leafHash(bytes), leaves[i]!)) return `entry ${seq + i} is not the one that was hashed into the tree`;
      prev = chainHash(bytes);
    }
  }
  return prev && !same(prev, head.prev) ? 'the head does not continue the last entry' : null;
}
