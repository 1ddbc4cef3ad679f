/** Round trips over real sockets on the loopback address, against the emptiest answer of the same server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from '../scenarios/index.js';
import { readConfig, serve } from '../server/main.js';
import { SEED } from './cases.js';
import type { Suite } from './suites.js';

export const http: Suite = async ({ compare }) => {
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-bench-'));
  try {
    // of the environment nothing: a port or a rate that is set there would be measured instead
    const server = await serve(readConfig({ host: '127.0.0.1', port: 0, data: folder, rate: 0 }, {}));
    try {
      const { decide, get, submit } = client(server.url);
      const decided = await decide();
      await compare({
        title: 'tiny',
        cases: [
          { name: 'GET /healthz', run: () => get('/healthz') },
          { name: 'POST /scenarios', run: submit },
          { name: 'GET /scenarios/{digest}', run: () => get(decided.scenario) },
          { name: 'GET /allocations/{digest}', run: () => get(decided.allocation) },
          { name: 'POST scenario, allocation, wait, read', run: decide },
        ],
      });
    } finally {
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What a planner's program does. Every answer is read to its end; one that is no success throws. */
function client(url: string) {
  const scenario = generate('tiny', SEED);
  let n = 0;

  async function ask(path: string, init?: RequestInit): Promise<string> {
    const answer = await fetch(new URL(path, url), init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${init?.method ?? 'GET'} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    return text;
  }
  const get = (path: string) => ask(path);
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    return JSON.parse(await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })) as unknown;
  };

  /** A scenario that the record has not seen. */
  async function submit(): Promise<{ digest: string; location: string }> {
    // server/routes/scenarios.ts
    return (await post('/scenarios', { ...scenario, id: `${scenario.id}-${n++}` })) as {
      digest: string;
      location: string;
    };
  }

  /** From a new scenario to its allocation, read with its receipt. */
  async function decide(): Promise<{ scenario: string; allocation: string }> {
    const { digest, location } = await submit();
    // server/schemas/job.ts
    const job = (await post('/allocations', { scenario: digest })) as { location: string; events: string };
    await get(job.events); // the stream ends with the job
    const ended = JSON.parse(await get(job.location)) as { state: string; result?: { location: string } };
    if (!ended.result) throw new Error(`the job is ${ended.state}`);
    await get(ended.result.location);
    return { scenario: location, allocation: ended.result.location };
  }
  return { get, submit, decide };
}
