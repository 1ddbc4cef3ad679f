/**
 * Writes the plain files: at once into the system's cache, so that a killed process loses nothing of them, and onto the
 * disk within a second, all that has come by then with one sync a file. What is durable at once is LevelDB's batch: what
 * a power cut takes from these files is written again from the store (heal.ts).
 */
import { closeSync, fdatasync as fdatasyncOnDisk, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { formatBundle } from './bundles.js';
import { hasCode, syncDirectory } from './files.js';
import { formatRecords, type PackRecord } from './packs.js';
import { type FullTile, packFile, tailFile, tileFile, writeTiles } from './plain.js';
import { tileWidth } from './tile.js';

const fdatasync = promisify(fdatasyncOnDisk);

/** After the first write that waits for it. */
const lagMs = 1000;

export interface PlainWriter {
  /** Adds entries that begin at place `start`, the records that go with them, and tiles that they complete. */
  write(
    start: number,
    entries: readonly Uint8Array[],
    records: readonly PackRecord[],
    tiles: readonly FullTile[],
  ): void;
  /** Durable when it resolves: all that was written before. Throws what an earlier sync in the background threw. */
  sync(): Promise<void>;
  /** With `settle` a last sync; without it what was not synced is left to the system. */
  close(settle: boolean): Promise<void>;
}

interface Waiting {
  /** Open files by path. */
  files: Map<string, number>;
  /** Directories in which a name is new. */
  directories: Set<string>;
  tiles: FullTile[];
  /** Bundles that are full but do not have their name yet. */
  full: number[];
}

const nothing = (): Waiting => ({ files: new Map(), directories: new Set(), tiles: [], full: [] });

export function plainWriter(dir: string): PlainWriter {
  let waiting = nothing();
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;

  function append(path: string, bytes: Uint8Array, flag: 'a' | 'w'): void {
    let file = waiting.files.get(path);
    if (file === undefined) {
      file = openMaking(path, flag, waiting.directories);
      waiting.files.set(path, file);
    }
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  }

  function write(
    start: number,
    entries: readonly Uint8Array[],
    records: readonly PackRecord[],
    tiles: readonly FullTile[],
  ): void {
    if (failure !== undefined) throw failure;
    // The pack of the last entry: a bundle has its name only when the packs up to it are durable.
    const last = Math.max(start, start + entries.length - 1);
    if (records.length > 0) append(packFile(dir, Math.floor(last / tileWidth)), formatRecords(records), 'a');
    for (let at = 0; at < entries.length; ) {
      const index = Math.floor((start + at) / tileWidth);
      const count = Math.min(entries.length - at, (index + 1) * tileWidth - (start + at));
      // A bundle that begins here begins anew: a crash may have left what was never acknowledged.
      const flag = (start + at) % tileWidth === 0 ? 'w' : 'a';
      append(tailFile(dir, index), formatBundle(entries.slice(at, at + count)), flag);
      at += count;
      if (start + at === (index + 1) * tileWidth) waiting.full.push(index);
    }
    waiting.tiles.push(...tiles);
    timer ??= setTimeout(() => {
      sync().catch(() => undefined);
    }, lagMs).unref();
  }

  function sync(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting;
    waiting = nothing();
    turn = turn.then(async () => {
      if (failure !== undefined) closeAll(taken);
      else await settle(dir, taken);
    });
    const done = turn.then(() => {
      if (failure !== undefined) throw failure;
    });
    turn = turn.catch((error: unknown) => {
      failure = error;
    });
    return done;
  }

  async function close(settled: boolean): Promise<void> {
    clearTimeout(timer);
    if (settled) return await sync();
    await turn;
    closeAll(waiting);
  }

  return { write, sync, close };
}

/** Contents first, then the tiles, and the names of full bundles last: a full bundle vouches for what belongs to it. */
async function settle(dir: string, { files, directories, tiles, full }: Waiting): Promise<void> {
  // Every sync is seen to its end, so that no file is closed under one.
  const done = await Promise.allSettled([...files.values()].map((file) => fdatasync(file)));
  for (const file of files.values()) closeSync(file);
  for (const result of done) if (result.status === 'rejected') throw result.reason;
  for (const directory of directories) await syncDirectory(directory);
  await writeTiles(dir, tiles);
  for (const index of full) await nameFull(dir, index);
}

/** Gives a bundle of 256 entries, which is durable in its tail, the name under which it is never written again. */
export async function nameFull(dir: string, index: number): Promise<void> {
  const full = tileFile(dir, 'entries', index);
  await rename(tailFile(dir, index), full);
  await syncDirectory(dirname(full));
  await rm(`${full}.p`, { recursive: true, force: true });
}

function closeAll({ files }: Waiting): void {
  for (const file of files.values()) closeSync(file);
}

/** Opens a file, makes the directories on the way, and notes those in which a name is new. */
function openMaking(path: string, flag: 'a' | 'w', directories: Set<string>): number {
  let file: number;
  let top = dirname(path);
  try {
    file = openSync(path, flag, 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    top = dirname(mkdirSync(top, { recursive: true, mode: 0o700 }) ?? top);
    file = openSync(path, flag, 0o600);
  }
  if (fstatSync(file).size > 0) return file;
  for (let at = dirname(path); ; at = dirname(at)) {
    directories.add(at);
    if (at === top || at === dirname(at)) return file;
  }
}
