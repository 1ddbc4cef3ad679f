/** The few operations that the ledger asks of LevelDB. */
import { Level } from 'level';

export type Put = { type: 'put'; key: Uint8Array; value: Uint8Array };
export type Change = Put | { type: 'del'; key: Uint8Array };

export interface KeyValue {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  /** All or nothing, and on the disk when it returns. */
  write(changes: Change[]): Promise<void>;
  /** Records with from ≤ key < to in order of keys. */
  range(
    from: Uint8Array,
    to: Uint8Array,
    options?: { limit?: number; reverse?: boolean },
  ): Promise<[Uint8Array, Uint8Array][]>;
  /** At most `limit` keys with from ≤ key < to. */
  keys(from: Uint8Array, to: Uint8Array, limit: number): Promise<Uint8Array[]>;
  /** Rewrites the files of a range, so that what was deleted is gone from them. */
  compact(from: Uint8Array, to: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * What LevelDB gathers before it writes a table: four times its default halves what 64 clients cost it in merging tables
 * (a fifth of all processor time), and a start after a crash still reads it in a quarter of a second.
 */
const writeBufferSize = 16 << 20;

/** Opens a LevelDB directory; throws with code LEVEL_LOCKED in the chain of causes where another process has it. */
export async function openKeyValue(path: string, createIfMissing: boolean, maxOpenFiles = 1000): Promise<KeyValue> {
  // `level` declares string keys by default; with 'view' both are plain bytes.
  const encoding = { keyEncoding: 'view', valueEncoding: 'view' };
  const db = new Level<Uint8Array, Uint8Array>(path, { ...encoding, createIfMissing, maxOpenFiles, writeBufferSize });
  await db.open();
  return {
    get: (key) => db.get(key),
    getMany: (keys) => db.getMany(keys),
    write: (changes) => {
      // A chained batch goes to LevelDB as it is made; an array is copied first, change by change, at six times the cost.
      const batch = db.batch();
      for (const change of changes)
        if (change.type === 'put') batch.put(change.key, change.value);
        else batch.del(change.key);
      return batch.write({ sync: true });
    },
    range: (gte, lt, options = {}) => drain(db.iterator({ gte, lt, ...options })),
    keys: (gte, lt, limit) => drain(db.keys({ gte, lt, limit })),
    compact: async (from, to) => {
      // Only classic-level has it; the browser twin that `level` also stands for does not.
      if ('compactRange' in db && typeof db.compactRange === 'function') await db.compactRange(from, to);
    },
    close: () => db.close(),
  };
}

/** Records that are asked of an iterator first, and at most. */
const [few, many] = [16, 1000];

/**
 * All that an iterator gives. LevelDB's binding sets aside 64 bytes for each record it is asked for, and keeps them until the collector
 * comes upon the iterator; as the collector does not see them, that may be long. `all()` asks for a thousand, where most ranges here have one.
 */
async function drain<T>(iterator: { nextv(size: number): Promise<T[]>; close(): Promise<void> }): Promise<T[]> {
  const found: T[] = [];
  try {
    for (let size = few; ; size = Math.min(4 * size, many)) {
      const page = await iterator.nextv(size);
      if (page.length === 0) return found;
      for (const record of page) found.push(record);
    }
  } finally {
    await iterator.close();
  }
}
