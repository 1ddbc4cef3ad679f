/**
 * A store as it lies on the disk, opened without changing it: LevelDB rewrites files on opening, so what is opened
 * is a shadow: tables (never changed once written) and LOCK as hard links, the rest copied.
 */
import { constants } from 'node:fs';
import { copyFile, link, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerHeld, LedgerUnusable } from './errors.js';
import { listed } from './evidence.js';
import { hasCode } from './files.js';
import { messageOf } from './messages.js';
import type { Paths } from './paths.js';
import { readServerUrl } from './serverurl.js';
import { readStore, StoreAborted, type StoreReader } from './storereader.js';

/**
 * Runs `work` on the store's shadow. As its LOCK is the ledger's own, the shadow cannot be opened while a process
 * holds the ledger (LedgerHeld), and no process can start on it meanwhile. Throws LedgerUnusable where LevelDB
 * cannot read it.
 */
export async function withSnapshot<T>(paths: Paths, work: (store: StoreReader) => Promise<T>): Promise<T> {
  const files = await listed(paths.store);
  if (!files.includes('CURRENT')) throw new LedgerUnusable(`there is no store in ${paths.dir}`);
  const shadow = await shadowDirectory(paths.dir);
  try {
    for (const name of files) {
      if (name === 'LOG' || name === 'LOG.old') continue;
      await linkOrCopy(join(paths.store, name), join(shadow, name), /\.(ldb|sst)$|^LOCK$/.test(name));
    }
    const store = await openShadow(paths, shadow);
    try {
      return await work(store);
    } catch (error) {
      if (!(error instanceof StoreAborted)) throw error;
      throw new LedgerUnusable(`the store in ${paths.dir} is damaged: ${error.message}`, { cause: error });
    } finally {
      await store.close();
    }
  } finally {
    await rm(shadow, { recursive: true, force: true });
  }
}

/** Beside the store, as links need one file system; elsewhere where this user may only read. */
async function shadowDirectory(dir: string): Promise<string> {
  try {
    return await mkdtemp(join(dir, 'verify-'));
  } catch {
    return await mkdtemp(join(tmpdir(), 'verify-'));
  }
}

async function linkOrCopy(from: string, to: string, mayLink: boolean): Promise<void> {
  try {
    if (mayLink) return await link(from, to);
  } catch {
    // Another file system, or a kernel that forbids links to files of others: a copy does too, without the lock.
  }
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    // A process that holds the store may just have dropped it; the lock will tell.
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function openShadow(paths: Paths, shadow: string): Promise<StoreReader> {
  try {
    return await readStore(shadow);
  } catch (error) {
    if (error instanceof StoreAborted)
      throw new LedgerUnusable(`the store in ${paths.dir} is damaged: ${error.message}`, { cause: error });
    if (hasCode(error, 'LEVEL_LOCKED')) throw new LedgerHeld(paths.dir, await readServerUrl(paths.dir));
    throw new LedgerUnusable(`the store in ${paths.dir} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
