/** Opens the ledger of a data directory for the one process that may append to it. */
import { mkdir, realpath } from 'node:fs/promises';
import { saveCheckpoints } from './commit.js';
import { type CosigningOptions, startCosigning } from './cosigning.js';
import { LedgerHeld } from './errors.js';
import { replaceFile } from './files.js';
import { healFiles, settleFiles } from './heal.js';
import { hold, isHeldHere, release } from './held.js';
import { type LocalLedger, ledgerOf } from './ledger.js';
import { readServerUrl } from './serverurl.js';
import { type StartOptions, startUp } from './startup.js';
import { type Limits, startWriter, usualLimits } from './writer.js';

export interface OpenOptions extends StartOptions {
  /** Milliseconds since 1970; default Date.now. */
  clock?: () => number;
  limits?: Partial<Limits>;
  /** Witnesses to ask for cosignatures, and their quorum. */
  witnesses?: CosigningOptions;
}

/**
 * Opens the ledger in `dir`, making it and its key on first start. A damaged or rolled-back ledger opens read-only
 * with the reason in `readOnly`. Throws LedgerHeld where another process has it, LedgerUnusable where there is
 * nothing to serve or the key file is not safe.
 */
export async function openLedger(dir: string, options: OpenOptions = {}): Promise<LocalLedger> {
  const { clock = Date.now, limits, witnesses, ...start } = options;
  // The same directory by any of its names is held once.
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const real = await realpath(dir);
  if (isHeldHere(real)) throw new LedgerHeld(dir, await readServerUrl(real));
  hold(real);
  const log = await startUp(real, clock(), start).catch((error: unknown) => {
    release(real);
    throw error;
  });
  const failed = async (error: unknown): Promise<never> => {
    await log.kv.close();
    release(real);
    throw error;
  };
  const healed = log.readOnly === null ? await healFiles(log).catch(failed) : 0;
  if (healed > 256) log.warnings.push(`${healed} entries were written to the plain files beside the store`);
  const cosigning = witnesses && (await startCosigning(log, witnesses));
  const writer = startWriter(log, clock, { ...usualLimits, ...limits });
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    await cosigning?.close();
    await writer.close();
    try {
      // Before the lock is released: nothing writes any more, and nobody else can have begun to.
      if (log.readOnly === null) {
        await saveCheckpoints(log);
        await log.plain.close(true);
        await settleFiles(log);
        await replaceFile(log.paths.clean, log.published.note);
      } else await log.plain.close(false);
    } finally {
      await log.kv.close();
      release(log.paths.dir);
    }
  }

  return ledgerOf(log, writer, () => {
    closing ??= close();
    return closing;
  });
}
