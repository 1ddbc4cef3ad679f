/**
 * Copies of LevelDB's logs from before a doubtful start: opening a damaged store drops bytes and rewrites the log,
 * which would make the damage permanent. `repair()` is never called on the ledger.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './files.js';
import type { Paths } from './paths.js';

const healthyEnd = '-healthy';
const healthyKept = 3;

/** File names of a directory, [] where there is none. */
export async function listed(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Copies write-ahead log, MANIFEST and CURRENT aside after an unclean stop; the copy's directory, or null. */
export async function setAside(paths: Paths): Promise<string | null> {
  if ((await listed(paths.dir)).includes('clean')) return null;
  const files = (await listed(paths.store)).filter((name) => /^(CURRENT|MANIFEST-\d+|\d+\.log)$/.test(name));
  if (files.length === 0) return null;
  const aside = join(paths.evidence, `${new Date().toISOString().replaceAll(':', '')}-${process.pid}`);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const name of files) {
    try {
      await copyFile(join(paths.store, name), join(aside, name), constants.COPYFILE_FICLONE);
    } catch (error) {
      // A process that holds the store may just have replaced it; opening will say so.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
  return aside;
}

/** After a start that found nothing wrong the copy is marked; of those the newest three are kept. */
export async function settle(paths: Paths, aside: string | null): Promise<void> {
  if (aside) await rename(aside, aside + healthyEnd);
  const healthy = (await listed(paths.evidence)).filter((name) => name.endsWith(healthyEnd)).sort();
  for (const name of healthy.slice(0, -healthyKept)) await rm(join(paths.evidence, name), { recursive: true });
}
