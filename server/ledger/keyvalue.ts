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
    range: async (gte, lt, options = {}) => await db.iterator({ gte, lt, ...options }).all(),
    keys: (gte, lt, limit) => db.keys({ gte, lt, limit }).all(),
    compact: async (from, to) => {
      // Only classic-level has it; the browser twin that `level` also stands for does not.
      if ('compactRange' in db && typeof db.compactRange === 'function') await db.compactRange(from, to);
    },
    close: () => db.close(),
  };
}
