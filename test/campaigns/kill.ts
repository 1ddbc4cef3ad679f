/**
 * kill -9 while 64 clients append: whatever was acknowledged is there afterwards, in the store and in the plain files alone,
 * and the ledger opens again at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { inTemporary } from '../support/ledger-data.js';
import { startChild } from '../support/ledger-process.js';
import { plainFaults } from '../support/plain-alone.js';
import { type Campaign, diceOf, newTally, note, type Tally } from './campaign.js';

const clients = 64;
/** The whole record is verified after so many kills, and after the last. */
const between = 50;
/** A ledger that has grown to so many entries is verified and left for a new one. */
const large = 50_000;
/** Up to so many the plain files are judged after each kill. */
const small = 3000;

export const kill: Campaign = {
  title: 'kill -9 of a process in which 64 clients append',
  runs: 1,
  full: 1000,
  async run({ runs, seed, signal, progress }) {
    const tally = newTally();
    const dice = diceOf(seed);
    let unpublished = 0;
    let slowest = 0;
    while (tally.runs < runs && !signal.aborted)
      await inTemporary(async (dir) => {
        const acknowledged = new Map<string, number>();
        let size = 0;
        while (tally.runs < runs && size < large && !signal.aborted) {
          const child = await startChild(dir, clients);
          await child.acknowledged(1);
          await sleep(dice.below(300));
          await child.kill();
          // Before the next start has looked at them; with a large record only now and then, as all of it is made again.
          if (size < small || tally.runs % between === 0) await judgePlain(dir, child.lines, tally);
          const begun = performance.now();
          const ledger = await openLedger(dir);
          slowest = Math.max(slowest, performance.now() - begun);
          if (ledger.readOnly !== null) note(tally, `run ${tally.runs}: ${ledger.readOnly}`);
          unpublished += Number(/^(\d+) entries were durable/m.exec(ledger.warnings.join('\n'))?.[1] ?? 0);
          for (const line of child.lines) {
            const [seq, digest] = line.split(' ');
            if (digest?.length !== 64) continue;
            acknowledged.set(digest, Number(seq));
            tally.acknowledged++;
            if ((await ledger.receipt(digest))?.seq === Number(seq)) continue;
            tally.lost++;
            note(tally, `run ${tally.runs}: ${line} is lost`);
          }
          size = ledger.size();
          await ledger.close();
          tally.runs++;
          tally.faults++;
          progress(tally.runs, runs);
          if (tally.runs % between !== 0 && tally.runs < runs && size < large) continue;
          const { faults } = await verifyDirectory(dir);
          tally.undetected += faults.length;
          for (const { what } of faults) note(tally, what);
        }
        // Once more all of it: what a later kill could have taken from an earlier one.
        const ledger = await openLedger(dir);
        for (const [digest, seq] of acknowledged) if ((await ledger.receipt(digest))?.seq !== seq) tally.lost++;
        await ledger.close();
      });
    note(tally, `found durable and signed at the start: ${unpublished}; slowest opening ${slowest.toFixed(0)} ms`);
    return tally;
  },
};

async function judgePlain(dir: string, lines: readonly string[], tally: Tally): Promise<void> {
  const said = lines.map((line) => line.split(' ')).filter(([, digest]) => digest?.length === 64);
  const faults = await plainFaults(dir, new Map(said.map(([seq, digest]) => [digest!, Number(seq)])));
  tally.lost += faults.length;
  for (const what of faults) note(tally, `run ${tally.runs}: ${what}`);
}
