/** The disk fills up while 16 clients append, is freed again, and the ledger is opened again: on a small tmpfs. */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerRefusal, openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { messageOf } from '../../server/ledger/messages.js';
import { inTemporary, scenarioOf } from '../support/ledger-data.js';
import { type Campaign, diceOf, newTally, note, type Tally, Unavailable } from './campaign.js';

const megabytes = 24;
const clients = 16;

export const full: Campaign = {
  title: 'the disk fills up while 16 clients append, and is freed',
  runs: 2,
  full: 100,
  run: ({ runs, seed, signal, progress }) =>
    inTemporary(async (parent) => {
      const disk = join(parent, 'disk');
      await mkdir(disk);
      const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk], {
        encoding: 'utf8',
      });
      if (mount.status !== 0)
        throw new Unavailable(`no small disk can be mounted here (${(mount.stderr ?? 'no mount').trim()})`);
      try {
        const tally = newTally();
        const dice = diceOf(seed);
        for (; tally.runs < runs && !signal.aborted; tally.runs++) {
          await fill(join(disk, `run-${tally.runs}`), join(disk, 'filler'), 64 + dice.below(2000), tally);
          progress(tally.runs, runs);
        }
        return tally;
      } finally {
        spawnSync('umount', [disk]);
      }
    }),
};

/** `leave` in kilobytes: what is free when the clients begin. */
async function fill(dir: string, filler: string, leave: number, tally: Tally): Promise<void> {
  const ledger = await openLedger(dir);
  const { bavail, bsize } = await statfs(dir);
  await writeFile(filler, new Uint8Array(Math.max(0, bavail * bsize - leave * 1024)));
  const acknowledged = new Map<string, number>();
  let refused: unknown;
  let n = 0;
  const client = async () => {
    while (refused === undefined && n < 100_000)
      try {
        const scenario = { ...scenarioOf(`full-${n++}`), title: 'x'.repeat(2000) };
        const { digest, seq } = await ledger.recordScenario(scenario, { idempotencyKey: `key ${n}` });
        acknowledged.set(digest, seq);
      } catch (error) {
        refused = error;
      }
  };
  await Promise.all(Array.from({ length: clients }, client));
  tally.faults++;
  tally.acknowledged += acknowledged.size;
  const missed = (what: string) => {
    tally.undetected++;
    note(tally, `run ${tally.runs}: ${what}`);
  };
  if (!(refused instanceof LedgerRefusal && refused.detail === 'full'))
    missed(`no refusal as full: ${messageOf(refused)}`);
  // Space again: a write would succeed now, and must not be tried before the store was opened and looked at.
  await rm(filler);
  await ledger.recordScenario(scenarioOf('too early')).then(
    () => missed('acknowledged after a failed write'),
    () => undefined,
  );
  await ledger.close();

  const again = await openLedger(dir);
  if (again.readOnly !== null) missed(`not writable again: ${again.readOnly}`);
  else await again.recordScenario(scenarioOf('afterwards'));
  for (const [digest, seq] of acknowledged) {
    if ((await again.receipt(digest))?.seq === seq) continue;
    tally.lost++;
    note(tally, `run ${tally.runs}: entry ${seq} is lost`);
  }
  await again.close();
  for (const { what } of (await verifyDirectory(dir)).faults) missed(what);
  await rm(dir, { recursive: true });
}
