/** `npm run week`: the week of Enawo replayed, traced, held against the same week without re-planning, and verified. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool } from '../../engine/index.js';
import { verifyCommand } from '../../server/cli/proofs.js';
import { outcome } from './outcome.js';
import { replay } from './replay.js';
import { printEffects, printOutcome, printVariance, tracesOf } from './tables.js';

async function main(): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'evenhand-week-'));
  const data = join(dir, 'data');
  try {
    const week = await replay(data, 7, console.log);
    try {
      console.log(`\n${printEffects(await tracesOf(week))}\n`);
      console.log(`${await printVariance(week)}\n`);
      console.log(`${printOutcome(await outcome(week))}\n`);
    } finally {
      await week.close();
    }
    return await verifyCommand(data, { json: false });
  } finally {
    await closePool();
    await rm(dir, { recursive: true });
  }
}

process.exitCode = await main();
