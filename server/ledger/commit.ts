/** One batch from plan to signature: durable, read back, hashed again, and only then signed. */
import { toHex } from './bytes.js';
import { settleCases } from './cases.js';
import { checkpointText } from './checkpoint.js';
import { leafHash } from './digest.js';
import { replaceFile } from './files.js';
import { addLeaf, type Frontier, frontierRoot } from './frontier.js';
import type { Put } from './keyvalue.js';
import { checkpointKey, entryKey, formatHead, headKey, tileKey } from './layout.js';
import type { Log } from './log.js';
import { subtrees } from './merkle.js';
import type { FullTile } from './plain.js';
import { type AppendRequest, type Outcome, planBatch } from './plan.js';
import { tileBytes, tileWidth } from './tile.js';
import { grow, rangeHashes, rootAt } from './tree.js';

/**
 * Makes requests durable and checks what the store then holds; they are acknowledged once `publish` has signed it. Any
 * throw of either leaves the log in doubt: nothing may follow it.
 */
export async function commit(log: Log, requests: readonly AppendRequest[], now: number): Promise<Outcome[]> {
  const plan = await planBatch(log, requests, now);
  if (plan.changes.length === 0) return plan.outcomes;
  if (plan.entries.length === 0) {
    await store(log, plan.changes, [], plan.changes, [], plan.further);
    await readBack(log, plan.changes);
    return plan.outcomes;
  }

  const entries = plan.entries.map((bytes, i) => put(entryKey(log.head.size + i), bytes));
  const frontier = await frontierOf(log);
  const touched = grow(log.tree, plan.leaves);
  const tiles = touched.map(({ level, index, tile }) => put(tileKey(level, index), tileBytes(tile)));
  const root = await rootAt(log.tree, log.tree.size);
  const head = { size: log.tree.size, root, prev: plan.prev, ts: now };
  const changes = [...entries, ...plan.changes, ...tiles, put(headKey, formatHead(head))];
  // Older checkpoints stay on the record; the newest is in its file and joins them with a batch after it.
  const earlier = unsavedCheckpoints(log);
  changes.push(...earlier);
  const full = touched
    .filter(({ tile }) => tile.width === tileWidth)
    .map(({ level, index, tile }) => ({ level, index, bytes: tileBytes(tile) }));
  await store(log, changes, plan.entries, [...plan.changes, ...earlier], full, plan.further);
  const stored = await readBack(log, changes);
  hashAgain(frontier, stored.slice(0, plan.entries.length), root);
  log.head = head;
  log.ring = plan.ring;
  settleCases(log.cases, plan.cases);
  return plan.outcomes;
}

/** Before an orderly close: where two checkpoints wait for a batch to go with, only the newest may. */
export async function saveCheckpoints(log: Log): Promise<void> {
  if (log.unsaved.length < 2) return;
  const earlier = unsavedCheckpoints(log);
  await store(log, earlier, [], earlier, [], false);
}

/**
 * One synced batch, and the same in the plain files, written while LevelDB waits for the disk; what only they have after
 * a crash was never acknowledged. `bound`: they must be durable too, as the store would not imply what is in them.
 */
async function store(
  log: Log,
  changes: Put[],
  entries: readonly Uint8Array[],
  records: readonly Put[],
  tiles: readonly FullTile[],
  bound: boolean,
): Promise<void> {
  const plain = async (): Promise<void> => {
    log.plain.write(log.head.size, entries, records, tiles);
    if (bound) await log.plain.sync();
  };
  // Both are seen to their end, so that a failed one leaves no other behind that nobody waits for.
  for (const result of await Promise.allSettled([log.kv.write(changes), plain()]))
    if (result.status === 'rejected') throw result.reason;
}

function unsavedCheckpoints(log: Log): Put[] {
  return log.unsaved.splice(0).map(({ size, note }) => put(checkpointKey(size), Buffer.from(note)));
}

/** Signs what is durable when it is called and replaces the checkpoint file; after it the entries count as acknowledged. */
export async function publish(log: Log): Promise<void> {
  const { size, root } = log.head;
  const note = log.key!.signNote(checkpointText({ origin: log.origin, size, root }));
  await replaceFile(log.paths.checkpoint, note);
  log.published = { size, root, note };
  log.unsaved.push(log.published);
}

function put(key: Uint8Array, value: Uint8Array): Put {
  return { type: 'put', key, value };
}

/** The values as the store now gives them, in the order of the changes; throws where one is not what was written. */
async function readBack(log: Log, changes: readonly Put[]): Promise<Uint8Array[]> {
  const found = await log.kv.getMany(changes.map(({ key }) => key));
  return changes.map(({ key, value }, i) => {
    const bytes = found[i];
    if (!bytes || Buffer.compare(bytes, value) !== 0)
      throw new Error(`the store gives back something else than was written under ${toHex(key)}`);
    return bytes;
  });
}

/** Leaves and root from the entries read back, on a path that shares no state with the first one. */
function hashAgain(frontier: Frontier, stored: readonly Uint8Array[], root: Uint8Array): void {
  for (const bytes of stored) addLeaf(frontier, leafHash(bytes));
  if (Buffer.compare(frontierRoot(frontier), root) !== 0) throw new Error('the root read back is another one');
}

async function frontierOf(log: Log): Promise<Frontier> {
  const size = log.tree.size;
  const nodes = subtrees([0, size]);
  const hashes = await rangeHashes(
    log.tree,
    nodes.map(({ height, index }) => [index * 2 ** height, (index + 1) * 2 ** height] as const),
  );
  return { size, nodes: nodes.map(({ height }, i) => ({ height, hash: hashes[i]! })) };
}
