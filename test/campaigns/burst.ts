/** Solve requests all at once: each is accepted and then done, or refused at once with the time to come again. */

import { SCENARIO } from '../../server/schemas/examples.js';
import type { JobView } from '../../server/schemas/job.js';
import { inTemporary } from '../support/ledger-data.js';
import { type Campaign, newTally, note } from './campaign.js';
import { postJson, startServed } from './server.js';

export const burst: Campaign = {
  title: 'solve requests all at once',
  runs: 32,
  full: 1000,
  run: ({ runs, signal, progress }) =>
    inTemporary(async (dir) => {
      const tally = newTally();
      // A short queue, so that a small burst overflows as well.
      const server = await startServed(dir, { queueLimit: Math.min(256, Math.ceil(runs / 4)), keepJobs: runs });
      try {
        const { digest } = (await (await postJson(`${server.url}/scenarios`, SCENARIO)).json()) as { digest: string }; // what POST /scenarios answers
        const accepted: string[] = [];
        let refused = 0;
        const ask = async (n: number) => {
          const answer = await postJson(`${server.url}/allocations`, { scenario: digest, gap: 0.0001 * (1 + n) });
          tally.runs++;
          tally.faults++;
          if (answer.status === 202)
            accepted.push(((await answer.json()) as JobView).job); // what 202 comes with
          else if (answer.status === 503 && Number(answer.headers.get('retry-after')) > 0) refused++;
          else {
            tally.undetected++;
            note(tally, `answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
          }
        };
        await Promise.all(Array.from({ length: runs }, (_, n) => ask(n)));
        tally.acknowledged = accepted.length;
        for (const [n, job] of accepted.entries()) {
          const state = await ended(`${server.url}/jobs/${job}`, signal);
          if (state !== 'done') {
            tally.lost++;
            note(tally, `job ${job}: ${state}`);
          }
          progress(n, accepted.length);
        }
        note(tally, `refused with 503 and Retry-After: ${refused}`);
      } finally {
        await server.stop();
      }
      return tally;
    }),
};

async function ended(url: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const answer = await fetch(url);
    if (answer.status !== 200) return `answered ${answer.status}`;
    const { state } = (await answer.json()) as JobView; // what GET /jobs/{id} answers
    if (!['queued', 'running'].includes(state) || signal.aborted) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
