/** A ledger without its store: what the plain files alone hold, at a moment when no process was asked to close anything. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLedger, rebuild, verifyDirectory } from '../../server/ledger/index.js';
import { inTemporary } from './ledger-data.js';

/** Rebuilds a copy of `dir` without its store; what is wrong with it, and which of the acknowledged digests it lacks. */
export async function plainFaults(dir: string, acknowledged: ReadonlyMap<string, number>): Promise<string[]> {
  return await inTemporary(async (parent) => {
    const copy = join(parent, 'copy');
    await mkdir(copy);
    for (const name of ['log.key', 'log.pub', 'checkpoint', 'tile', 'contents'])
      await cp(join(dir, name), join(copy, name), { recursive: true });
    const { lost } = await rebuild(copy);
    const faults = lost.map((digest) => `the content ${digest} is not in the plain files`);
    faults.push(...(await verifyDirectory(copy)).faults.map(({ what }) => `made again from the plain files: ${what}`));
    const ledger = await openLedger(copy);
    for (const [digest, seq] of acknowledged)
      if ((await ledger.receipt(digest))?.seq !== seq) faults.push(`entry ${seq} is not in the plain files`);
    await ledger.close();
    return faults;
  });
}
