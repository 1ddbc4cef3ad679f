/** 64 clients append about 2 KB each, as fast as they are answered: gap-free, and how fast. */
import { openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { inTemporary, scenarioOf } from '../support/ledger-data.js';
import { type Campaign, newTally, note } from './campaign.js';

const clientCount = 64;

export const clients: Campaign = {
  title: 'appends of about 2 KB by 64 clients',
  runs: 640,
  full: 100_000,
  run: ({ runs, signal, progress }) =>
    inTemporary(async (dir) => {
      const tally = newTally();
      const base = scenarioOf('clients');
      const regions = Array.from({ length: 20 }, (_, n) => ({
        id: `region-${n}`,
        people: 1000 + n,
        demand: { water: n + 0.5 },
      }));
      const ledger = await openLedger(dir);
      const seen = new Uint8Array(runs);
      const waits = new Float64Array(runs);
      const began = performance.now();
      const client = async () => {
        while (tally.runs < runs && !signal.aborted) {
          const n = tally.runs++;
          const sent = performance.now();
          const { seq } = await ledger.recordScenario({ ...base, id: `clients-${n}`, regions });
          waits[tally.acknowledged++] = performance.now() - sent;
          if (seq >= runs || seen[seq] === 1) tally.lost++;
          else seen[seq] = 1;
          progress(tally.acknowledged, runs);
        }
      };
      await Promise.all(Array.from({ length: clientCount }, client));
      const seconds = (performance.now() - began) / 1000;
      const size = ledger.size();
      await ledger.close();
      if (size !== tally.acknowledged) tally.lost += Math.abs(size - tally.acknowledged);
      const report = await verifyDirectory(dir);
      tally.undetected += report.faults.length;
      const sorted = waits.subarray(0, tally.acknowledged).sort();
      const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
      note(
        tally,
        `${Math.round(tally.acknowledged / seconds)} a second; answered after ${at(0.5)} ms (median), ${at(0.99)} ms (99 of 100)`,
      );
      return tally;
    }),
};
