/** Small files that must be there, whole, after a power cut. */
import { closeSync, fsync as fsyncOnDisk, openSync, rename as renameOnDisk, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const fsync = promisify(fsyncOnDisk);
const rename = promisify(renameOnDisk);

/**
 * Replaces a file so that a crash leaves the old or the new one: temporary file, fsync, rename, fsync directory.
 * What may wait for the disk's journal leaves the main thread; the other calls take microseconds, less than a trip
 * to the thread pool.
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', mode);
  try {
    writeFileSync(file, content);
    await fsync(file);
  } finally {
    closeSync(file);
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** Makes names in a directory durable; a no-op where directories cannot be opened (Windows). */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    await fsync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Content of a file; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** True where an error, or what caused it, carries that code (`ENOSPC`, `LEVEL_LOCKED`, …). */
export function hasCode(error: unknown, code: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at && at.code === code) return true;
  return false;
}
