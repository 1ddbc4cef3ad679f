/** Requests repeated under the same idempotency keys by 64 clients, across restarts: one entry each. */
import { openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { allocationOf, inTemporary, scenarioOf } from '../support/ledger-data.js';
import { type Campaign, diceOf, newTally, note } from './campaign.js';

const clients = 64;
/** Requests for each of which there are about twenty retries. */
const share = 20;
const restarts = 4;

export const retries: Campaign = {
  title: 'requests repeated under their idempotency keys by 64 clients, across four restarts',
  runs: 400,
  full: 10_000,
  run: ({ runs, seed, signal, progress }) =>
    inTemporary(async (dir) => {
      const tally = newTally();
      const dice = diceOf(seed);
      const scenario = scenarioOf('retries');
      const keys = Math.max(1, Math.ceil(runs / share));
      const places = new Map<number, number>();
      const first = await openLedger(dir);
      const { digest } = await first.recordAllocation(allocationOf(scenario, 1), scenario);
      await first.close();
      for (let part = 1; part <= restarts + 1 && !signal.aborted; part++) {
        const ledger = await openLedger(dir);
        const client = async () => {
          while (tally.runs < Math.ceil((runs * part) / (restarts + 1)) && !signal.aborted) {
            tally.runs++;
            const key = dice.below(keys);
            const options = { idempotencyKey: `request ${key}` };
            // Nothing but its key keeps an adoption from being recorded twice: the same content may come again.
            const adoption = { allocation: digest, by: 'an office', why: `reason ${key}` };
            const { seq, repeated } = await ledger.recordAdoption(adoption, options);
            tally.acknowledged++;
            if (repeated) tally.faults++;
            const before = places.get(key);
            if (before !== undefined && before !== seq) {
              tally.lost++;
              note(tally, `request ${key} is entry ${before} and entry ${seq}`);
            }
            places.set(key, seq);
            progress(tally.runs, runs);
          }
        };
        await Promise.all(Array.from({ length: clients }, client));
        await ledger.close();
      }
      const { faults, size } = await verifyDirectory(dir);
      tally.undetected += faults.length;
      // Scenario and allocation are entries too.
      if (size !== places.size + 2) {
        tally.lost += Math.abs(size - places.size - 2);
        note(tally, `${places.size} requests, a scenario and an allocation made ${size} entries`);
      }
      note(tally, `${places.size} different requests, ${size} entries with scenario and allocation`);
      return tally;
    }),
};
