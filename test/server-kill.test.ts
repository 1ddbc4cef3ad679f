/**
 * kill -9 of a serving process while 16 clients commit: what was acknowledged is there afterwards, bit by bit, and the
 * ledger verifies. SERVER_KILLS sets the number of runs (1,000 commits each at most; the full campaign is 20).
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allocate, closePool } from '../engine/index.js';
import { generate } from '../scenarios/index.js';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';

const program = fileURLToPath(new URL('../server/cli/main.js', import.meta.url));
const RUNS = Number(process.env.SERVER_KILLS ?? 1);
const COMMITS = 1000;
const CLIENTS = 16;
/** The answer to an adoption says who adopted the plan before: of one plan alone, the thousandth would read a thousand. */
const PLANS = 20;

async function serve(data: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--data', data], {
    env: { ...process.env, EVENHAND_RATE: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.stderr!.on('data', (chunk) => {
      text += chunk;
      const match = /listens at (http\S+)/.exec(text);
      if (match) resolve(match[1]!);
    });
    server.on('exit', () => reject(new Error(text)));
  });
  return { server, url };
}

test(`${RUNS} × kill -9 of the server during ${COMMITS} commits: nothing acknowledged is lost`, async (t) => {
  const scenario = generate('tiny', 1);
  const allocation = await allocate(scenario);
  await closePool();
  const data = mkdtempSync(join(tmpdir(), 'evenhand-kill-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const first = await openLedger(data);
  const plans: string[] = [];
  for (let n = 1; n <= PLANS; n++) {
    const plan = { ...allocation, gap: { ...allocation.gap, asked: n / 1000 } };
    plans.push((await first.recordAllocation(plan, scenario)).digest);
  }
  await first.close();

  const acknowledged = new Map<number, string>();
  let total = 0;
  for (let run = 0; run < RUNS; run++) {
    const { server, url } = await serve(data);
    // somewhere between the first and the last commit, later in later runs
    const killAt = 50 + Math.floor(((run + Math.random()) / RUNS) * (COMMITS - 100));
    let sent = 0;
    let here = 0;
    const client = async () => {
      while (sent < COMMITS) {
        const digest = plans[sent % PLANS];
        const why = `run ${run}, commit ${sent++}`;
        try {
          const response = await fetch(`${url}/adoptions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ allocation: digest, by: 'the test', why }),
          });
          const body = (await response.json()) as { receipt: { seq: number; leaf: string } }; // 201, asserted next
          assert.equal(response.status, 201);
          acknowledged.set(body.receipt.seq, body.receipt.leaf);
          if (++here === killAt) server.kill('SIGKILL');
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          return; // the server is gone
        }
      }
    };
    const gone = new Promise((resolve) => server.on('exit', resolve));
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await gone;
    assert.ok(here >= killAt);
    total += here;

    const report = await verifyDirectory(data);
    assert.deepEqual(report.faults, [], `run ${run}`);
    const ledger = await openLedger(data);
    for (const [seq, leaf] of acknowledged) assert.equal((await leafOf(ledger, seq)) ?? 'lost', leaf, `entry ${seq}`);
    await ledger.close();
  }
  t.diagnostic(`${RUNS} kills, ${total} acknowledged, 0 lost`);
});

async function leafOf(ledger: Awaited<ReturnType<typeof openLedger>>, seq: number): Promise<string | undefined> {
  const [stored] = await ledger.entries(seq, 1);
  if (!stored) return undefined;
  const bytes = new Uint8Array([0, ...stored.bytes]);
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
