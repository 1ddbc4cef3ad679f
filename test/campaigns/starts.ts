/** Starts that must not harm the record: two writers at once, a lock that a dead process left, an old backup, a wrong clock. */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerHeld, openLedger, verifyDirectory, writeServerUrl } from '../../server/ledger/index.js';
import { inTemporary, scenarioOf } from '../support/ledger-data.js';
import { startChild } from '../support/ledger-process.js';
import { type Campaign, type CampaignOptions, type Dice, diceOf, newTally, note, type Tally } from './campaign.js';

type Run = (dir: string, dice: Dice, tally: Tally) => Promise<void>;

function campaign(title: string, runs: number, full: number, once: Run): Campaign {
  async function run({ runs: count, seed, signal, progress }: CampaignOptions): Promise<Tally> {
    const tally = newTally();
    const dice = diceOf(seed);
    for (; tally.runs < count && !signal.aborted; tally.runs++) {
      await inTemporary((dir) => once(dir, dice, tally));
      tally.faults++;
      progress(tally.runs, count);
    }
    return tally;
  }
  return { title, runs, full, run };
}

function missed(tally: Tally, what: string): void {
  tally.undetected++;
  note(tally, `run ${tally.runs}: ${what}`);
}

async function append(dir: string, count: number, name: string): Promise<string[]> {
  const ledger = await openLedger(dir);
  const digests: string[] = [];
  for (let n = 0; n < count; n++) digests.push((await ledger.recordScenario(scenarioOf(`${name} ${n}`))).digest);
  await ledger.close();
  return digests;
}

/** That all of it is there, that the ledger is writable and verifies. */
async function whole(dir: string, digests: readonly string[], tally: Tally): Promise<void> {
  const ledger = await openLedger(dir);
  if (ledger.readOnly !== null) missed(tally, ledger.readOnly);
  for (const digest of digests) if (!(await ledger.receipt(digest))) tally.lost++;
  await ledger.close();
  for (const { what } of (await verifyDirectory(dir)).faults) missed(tally, what);
  tally.acknowledged += digests.length;
}

const digestsOf = (lines: readonly string[]) =>
  lines.map((line) => line.split(' ')[1] ?? '').filter((d) => d.length === 64);

export const rivals = campaign(
  'a second process opens the ledger that another one writes',
  2,
  50,
  async (dir, dice, tally) => {
    // A first start takes longest: that is where two would most likely slip in.
    if (dice.below(2) === 0) await append(dir, 1, 'before');
    const begun = await Promise.allSettled(
      [1, 2, 3].map(async () => {
        const child = await startChild(dir, 4, true);
        try {
          await child.acknowledged(5);
          return child;
        } catch (error) {
          await child.kill();
          throw error;
        }
      }),
    );
    const writers = begun.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (writers.length !== 1) missed(tally, `${writers.length} of 3 processes write`);
    await openLedger(dir).then(
      () => missed(tally, 'opened though it is held'),
      (error: unknown) => error instanceof LedgerHeld || missed(tally, `not LedgerHeld: ${String(error)}`),
    );
    for (const writer of writers) await writer.kill();
    await whole(
      dir,
      writers.flatMap(({ lines }) => digestsOf(lines)),
      tally,
    );
  },
);

export const lock = campaign(
  'a lock, an address and temporary files that a dead process left',
  2,
  100,
  async (dir, dice, tally) => {
    const child = await startChild(dir, 4);
    await child.acknowledged(1 + dice.below(20));
    await child.kill();
    await writeServerUrl(dir, `http://127.0.0.1:${1 + dice.below(65_535)}`);
    await writeFile(join(dir, 'store', 'LOCK'), dice.pick(['', `${process.pid}\n`, '\0\xff']));
    await writeFile(join(dir, 'checkpoint.tmp'), 'half of a che');
    await whole(dir, digestsOf(child.lines), tally);
  },
);

export const backup = campaign(
  'the store, or all of the directory, is that of an old backup',
  2,
  100,
  async (parent, dice, tally) => {
    const [dir, old] = [join(parent, 'data'), join(parent, 'backup')];
    const first = await append(dir, 1 + dice.below(8), 'first');
    await cp(dir, old, { recursive: true });
    const later = await append(dir, 1 + dice.below(8), 'later');
    const kept = await readFile(join(dir, 'checkpoint'), 'utf8');
    tally.acknowledged += first.length + later.length;

    // All of the directory: nothing in it can tell, but whoever kept a checkpoint can.
    const { ok } = await verifyDirectory(old, { kept });
    if (ok) missed(tally, 'an old directory verifies against the newer checkpoint that was kept');

    // The store alone: the checkpoint beside it promises more.
    await rm(join(dir, 'store'), { recursive: true });
    await cp(join(old, 'store'), join(dir, 'store'), { recursive: true });
    if (dice.below(2) === 0) await rm(join(dir, 'clean'), { force: true });
    if ((await verifyDirectory(dir)).ok) missed(tally, 'an old store verifies');
    const ledger = await openLedger(dir);
    if (!/acknowledged entries are lost/.test(ledger.readOnly ?? '')) missed(tally, `opened: ${ledger.readOnly}`);
    await ledger.recordScenario(scenarioOf('fork')).then(
      () => missed(tally, 'an old store was written to'),
      () => undefined,
    );
    await ledger.close();
    if ((await readFile(join(dir, 'checkpoint'), 'utf8')) !== kept) missed(tally, 'the checkpoint was replaced');
    if (!(await readdir(dir)).includes('checkpoint')) missed(tally, 'the checkpoint is gone');
  },
);

const day = 86_400_000;

export const clock = campaign(
  'the clock jumps by up to a day, forwards and back, between appends',
  2,
  100,
  async (dir, dice, tally) => {
    let now = Date.UTC(2026, 0, 10);
    let latest = 0;
    let back = false;
    const digests: string[] = [];
    for (let start = 0; start < 2; start++) {
      const ledger = await openLedger(dir, { clock: () => now });
      for (let n = 0; n < 8; n++) {
        now += dice.below(2 * day) - day;
        back ||= now < latest;
        latest = now;
        const { digest, seq } = await ledger.recordScenario(scenarioOf(`${start} ${n}`));
        if (seq !== digests.length) missed(tally, `entry ${digests.length} has seq ${seq}`);
        digests.push(digest);
        if (back && !ledger.warnings.some((text) => text.includes('runs backwards'))) missed(tally, 'no warning');
      }
      await ledger.close();
      back = false;
    }
    const { faults } = await verifyDirectory(dir);
    for (const { what } of faults) missed(tally, what);
    await whole(dir, digests, tally);
  },
);
