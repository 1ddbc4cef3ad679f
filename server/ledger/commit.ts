/** One batch from plan to signature: durable, read back, hashed again, and only then signed. */
import { toHex } from './bytes.js';
import { checkpointText } from './checkpoint.js';
import { leafHash } from './digest.js';
import { replaceFile } from './files.js';
import { addLeaf, type Frontier, frontierRoot } from './frontier.js';
import type { Change } from './keyvalue.js';
import { checkpointKey, entryKey, formatHead, headKey, tileKey } from './layout.js';
import type { Log } from './log.js';
import { subtrees } from './merkle.js';
import { type AppendRequest, type Outcome, planBatch } from './plan.js';
import { tileBytes } from './tile.js';
import { grow, rangeHashes, rootAt } from './tree.js';

/** Commits requests and publishes the new checkpoint. Any throw leaves the log in doubt: nothing may follow it. */
export async function commit(log: Log, requests: readonly AppendRequest[], now: number): Promise<Outcome[]> {
  const plan = await planBatch(log, requests, now);
  if (plan.changes.length === 0) return plan.outcomes;
  if (plan.entries.length === 0) {
    await log.kv.write(plan.changes);
    await readBack(log, plan.changes);
    return plan.outcomes;
  }

  const from = log.tree.size;
  const frontier = await frontierOf(log);
  const tiles = grow(log.tree, plan.leaves).map(({ level, index, tile }) =>
    put(tileKey(level, index), tileBytes(tile)),
  );
  const root = await rootAt(log.tree, log.tree.size);
  const head = { size: log.tree.size, root, prev: plan.prev, ts: now };
  const changes = [...plan.changes, ...tiles, put(headKey, formatHead(head))];
  // Older checkpoints stay on the record; the newest is in its file and joins them with the batch after it.
  changes.push(put(checkpointKey(log.published.size), Buffer.from(log.published.note)));
  await log.kv.write(changes);
  await readBack(log, changes);
  await hashAgain(log, from, frontier, head.size, root);
  log.head = head;
  await publish(log);
  return plan.outcomes;
}

/** Signs what is durable and replaces the checkpoint file; after it the entries count as acknowledged. */
export async function publish(log: Log): Promise<void> {
  const { size, root } = log.head;
  const note = log.key!.signNote(checkpointText({ origin: log.origin, size, root }));
  await replaceFile(log.paths.checkpoint, note);
  log.published = { size, root, note };
}

function put(key: Uint8Array, value: Uint8Array): Change & { type: 'put' } {
  return { type: 'put', key, value };
}

async function readBack(log: Log, changes: readonly Change[]): Promise<void> {
  const puts = new Map(
    changes.flatMap((change) => (change.type === 'put' ? [[toHex(change.key), change] as const] : [])),
  );
  const wanted = [...puts.values()];
  const found = await log.kv.getMany(wanted.map(({ key }) => key));
  wanted.forEach(({ key, value }, i) => {
    const bytes = found[i];
    if (!bytes || Buffer.compare(bytes, value) !== 0)
      throw new Error(`the store gives back something else than was written under ${toHex(key)}`);
  });
}

/** Leaves and root from the bytes that the store now holds, on a path that shares no state with the first one. */
async function hashAgain(log: Log, from: number, frontier: Frontier, size: number, root: Uint8Array): Promise<void> {
  const keys = Array.from({ length: size - from }, (_, i) => entryKey(from + i));
  for (const bytes of await log.kv.getMany(keys)) {
    if (!bytes) throw new Error('the store lost an entry that it had acknowledged');
    addLeaf(frontier, leafHash(bytes));
  }
  if (Buffer.compare(frontierRoot(frontier), root) !== 0) throw new Error('the root read back is another one');
}

async function frontierOf(log: Log): Promise<Frontier> {
  const size = log.tree.size;
  const nodes = subtrees([0, size]).filter(() => size > 0);
  const hashes = await rangeHashes(
    log.tree,
    nodes.map(({ height, index }) => [index * 2 ** height, (index + 1) * 2 ** height] as const),
  );
  return { size, nodes: nodes.map(({ height }, i) => ({ height, hash: hashes[i]! })) };
}
