/** A server under all kinds of requests for a long time: its own memory is in the last third what it was in the second. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyDirectory } from '../../server/ledger/index.js';
import { SCENARIO } from '../../server/schemas/examples.js';
import type { JobView } from '../../server/schemas/job.js';
import { inTemporary } from '../support/ledger-data.js';
import { type Campaign, newTally, note } from './campaign.js';
import { enough, growthOf } from './growth.js';
import { postJson, startServed } from './server.js';

const clients = 8;
export const soak: Campaign = {
  title: 'so many clients on a server for `--minutes`: constant memory (told from ten minutes on)',
  runs: clients,
  full: clients,
  run: ({ runs, minutes, signal, progress }) =>
    inTemporary(async (dir) => {
      const tally = newTally();
      const server = await startServed(dir, { keepJobs: 50 });
      const samples: { own: number; mapped: number }[] = [];
      let size = 0;
      try {
        const length = minutes * 60_000;
        const began = performance.now();
        const running = () => performance.now() - began < length && !signal.aborted;
        const client = async (who: number) => {
          for (let n = 0; running(); n++)
            await round(server.url, `soak-${who}-${n}`, (kept) => {
              tally.runs++;
              if (kept) tally.acknowledged++;
              else tally.undetected++;
            });
        };
        const watch = async () => {
          while (running()) {
            const memory = await server.memory();
            if (memory !== undefined) samples.push(memory);
            progress(Math.round((performance.now() - began) / 1000), minutes * 60);
            await sleep(Math.min(5000, length / 60));
          }
        };
        await Promise.all([
          watch(),
          deaf(server.port, running),
          ...Array.from({ length: runs }, (_, who) => client(who)),
        ]);
        const checkpoint = await (await fetch(`${server.url}/ledger/checkpoint`)).text();
        size = Number(checkpoint.split('\n')[1]);
        if ((await server.stop()) !== 0) note(tally, 'the server did not stop in order');
        const report = await verifyDirectory(dir);
        tally.undetected += report.faults.length;
        if (report.size < size) tally.lost += size - report.size;
      } finally {
        await server.stop().catch(() => undefined);
      }
      const { second, last, grew } = growthOf(
        samples.map(({ own }) => own),
        minutes,
      );
      if (grew) tally.undetected++;
      const entry = ((last - second) * 2 ** 20) / (size / 3);
      const told = minutes < enough ? 'too short to tell' : `${entry.toFixed(0)} bytes an entry`;
      note(
        tally,
        `${minutes} minutes; memory ${second.toFixed(0)} MB in the second third, ${last.toFixed(0)} MB in the last (${told}), beside ${(samples.at(-1)?.mapped ?? 0).toFixed(0)} MB of mapped files`,
      );
      return tally;
    }),
};

/** What a planner does in an hour, and what goes wrong in one. */
async function round(url: string, id: string, count: (kept: boolean) => void): Promise<void> {
  const posted = await postJson(`${url}/scenarios`, { ...SCENARIO, id });
  count(posted.status === 201);
  const { digest } = (await posted.json()) as { digest: string }; // what POST /scenarios answers
  const asked = await postJson(`${url}/allocations`, { scenario: digest, policy: 'efficient' });
  count(asked.status === 202);
  const { job } = (await asked.json()) as JobView; // what 202 comes with
  await (await fetch(`${url}/jobs/${job}/events`)).text();
  const { result } = (await (await fetch(`${url}/jobs/${job}`)).json()) as JobView; // what GET /jobs/{id} answers
  const adopted = await postJson(`${url}/adoptions`, { allocation: result?.allocation, by: 'an office', why: id });
  count(adopted.status === 201);
  await adopted.text();
  for (const path of [
    `/allocations/${result?.allocation}`,
    '/ledger/checkpoint',
    '/ledger/proof/0',
    '/healthz',
    '/metrics',
  ])
    await (await fetch(url + path)).text();
  const broken = await postJson(`${url}/adoptions`, { allocation: 1 });
  count(broken.status === 400);
  await broken.text();
}

/** Clients that follow jobs and never read, and such that hang up in the middle of a request. */
async function deaf(port: number, running: () => boolean): Promise<void> {
  while (running()) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect').catch(() => undefined);
    socket.pause();
    socket.write(
      'GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /scenarios HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\nContent-Type: application/json\r\n\r\n{',
    );
    await sleep(200);
    socket.destroy();
  }
}
