/** Reports and time: each is passed on once a step and tier, whoever stops the server; what was answered is there after a kill. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { closePool } from '../engine/index.js';
import { scenarioDigest } from '../scenarios/index.js';
import { CHECKS } from '../server/checks.js';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';
import { makeDir, startServer, type TestServer, until } from './support/http.js';
import { CLOSED, FOUND, jpeg, LOST, made, type Step, sha256, VALLEY } from './support/life.js';
import { PROGRAM } from './support/program.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T08:00:00.000Z');
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();
const SAID = { verdict: 'verified', by: 'District office', why: 'Seen from the air.' };

const escalationsOf = ({ trail }: Step) =>
  trail.filter(({ kind }) => kind === 'escalation').map(({ content }) => Object.values(content as object).join(' '));

describe('reports and time', () => {
  after(closePool);

  it('are passed on once a step and tier, over restarts, and due from when the next tier was told', async () => {
    const dir = await makeDir();
    let time = START;
    let server: TestServer;
    const start = async () => {
      server = await startServer(dir, { clock: () => time, escalateSeconds: 0.02 });
    };
    const restart = async (hours: number) => {
      await server.close();
      time += hours * HOUR;
      await start();
    };
    const read = async (digest: string) => (await server.get(`/reports/${digest}`)).json<Step>();
    const overdue = async () => (await server.get('/reports?overdue=true')).json<{ reports: Step[] }>().reports.length;
    /** Two looks at least have been taken since. */
    const looked = async () => {
      const { ledger } = server;
      for (const size = ledger.size(), end = Date.now() + 300; Date.now() < end && ledger.size() === size; )
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await start();
    made(await server!.post('/scenarios', VALLEY));
    const closed = made(await server!.post('/reports', CLOSED));
    assert.deepEqual(closed.owner, { tier: 'district', organisation: null });
    assert.equal(closed.due, '2026-11-25T08:00:00.000Z');
    await restart(23);
    await looked();
    assert.deepEqual([await overdue(), (await read(closed.digest)).escalations], [0, 0]);

    await restart(2);
    await until('it is passed on', async () => (await read(closed.digest)).escalations === 1);
    const told = await read(closed.digest);
    assert.deepEqual(escalationsOf(told), ['verify district central 2026-11-25T08:00:00.000Z']);
    assert.deepEqual([told.owner?.tier, told.due], ['central', '2026-11-26T09:00:00.000Z']);
    for (let i = 0; i < 3; i++) await restart(1);
    await looked();
    // Nobody is above the highest: it is overdue there, and no more is written.
    await restart(48);
    await looked();
    const late = await read(closed.digest);
    assert.deepEqual([escalationsOf(late).length, late.overdue, await overdue()], [1, true, 1]);
    assert.equal((await server!.get('/reports?tier=central')).json<{ reports: Step[] }>().reports.length, 1);

    // Each step begins with the report's own tier, in its own time.
    made(await server!.post(`/reports/${closed.digest}/verification`, SAID));
    const verified = await read(closed.digest);
    assert.deepEqual([verified.step, verified.owner?.tier, verified.overdue], ['amend', 'district', false]);
    assert.equal(verified.due, new Date(time + 24 * HOUR).toISOString());
    await restart(25);
    await until('the amendment is overdue', async () => (await read(closed.digest)).escalations === 2);
    made(await server!.post('/amendments', { scenario: scenarioDigest(VALLEY), reports: [closed.digest] }));
    const amended = await read(closed.digest);
    assert.equal(amended.due, new Date(time + 72 * HOUR).toISOString());
    await restart(73);
    await until('the resolution is overdue', async () => (await read(closed.digest)).escalations === 3);
    made(await server!.post(`/reports/${closed.digest}/resolution`, { by: 'Coordination', what: 'By boat.' }));
    await restart(1000);
    await looked();
    const done = await read(closed.digest);
    assert.deepEqual([done.escalations, done.step, done.overdue, await overdue()], [3, null, false, 0]);
    assert.deepEqual(
      escalationsOf(done).map((text) => text.split(' ')[0]),
      ['verify', 'amend', 'resolve'],
    );
    await server!.close();
    assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
    await rm(dir, { recursive: true });
  });

  it('that another one of the same organisation replaced wait for nobody, and are passed on to nobody', async () => {
    const dir = await makeDir();
    let time = START;
    const server = await startServer(dir, { clock: () => time, escalateSeconds: 0.02 });
    made(await server.post('/scenarios', VALLEY));
    const wrong = made(await server.post('/reports', CLOSED));
    const right = made(await server.post('/reports', { ...CLOSED, by: 'The same, later', supersedes: wrong.digest }));
    const states = async () =>
      (await server.get('/reports'))
        .json<{ reports: Step[] }>()
        .reports.map(({ state, step, due }) => [state, step, due]);
    assert.deepEqual(await states(), [
      ['superseded', null, null],
      ['filed', 'verify', at(24)],
    ]);
    assert.equal((await server.get('/reports?state=superseded')).json<{ reports: Step[] }>().reports.length, 1);
    time += 25 * HOUR;
    await until('the later one is passed on', async () => {
      const { escalations } = (await server.get(`/reports/${right.digest}`)).json<Step>();
      return escalations === 1;
    });
    assert.equal((await server.get(`/reports/${wrong.digest}`)).json<Step>().escalations, 0);
    // somebody may say all the same what becomes of it
    made(await server.post(`/reports/${wrong.digest}/verification`, { ...SAID, verdict: 'rejected' }));
    assert.equal((await states())[0]![0], 'rejected');
    await server.close();
    assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
    await rm(dir, { recursive: true });
  });

  it('wait with the tier that the scenario lists for their place, in its hours', async () => {
    const dir = await makeDir();
    let time = START;
    const server = await startServer(dir, { clock: () => time, escalateSeconds: 0.02 });
    const tiers = [
      { id: 'commune', organisation: 'commune.mg', dueHours: { verify: 2 } },
      { id: 'district', organisation: 'district.mg', dueHours: { verify: 3 } },
      { id: 'central' },
    ];
    const regions = VALLEY.regions.map((region) => (region.id === 'upper' ? { ...region, tier: 'commune' } : region));
    const scenario = { ...VALLEY, tiers, regions };
    made(await server.post('/scenarios', scenario));
    const of = { scenario: scenarioDigest(scenario) };
    const file = async (report: object) => made(await server.post('/reports', { ...report, ...of }));
    const found = await file(FOUND);
    assert.deepEqual([found.owner, found.due], [{ tier: 'commune', organisation: 'commune.mg' }, at(2)]);
    assert.deepEqual((await file(LOST)).owner, { tier: 'district', organisation: 'district.mg' });
    time += 2.5 * HOUR;
    const read = async () => (await server.get(`/reports/${found.digest}`)).json<Step>();
    await until('it is with the district', async () => (await read()).owner?.tier === 'district');
    assert.deepEqual([(await read()).owner?.organisation, (await read()).due], ['district.mg', at(5.5)]);
    await server.close();
    assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
    await rm(dir, { recursive: true });
  });

  it('are on the record once when the line breaks before the answer, and not at all when it breaks in the body', async () => {
    const dir = await makeDir();
    const server = await startServer(dir);
    made(await server.post('/scenarios', VALLEY));
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.app.server.address() as AddressInfo;
    const body = JSON.stringify(CLOSED);
    const head = `POST /reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nidempotency-key: tower\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    /** Sends so much and hangs up without waiting for an answer. */
    const cut = (text: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(text, () => socket.destroy()));
        socket.on('close', () => resolve());
        socket.on('error', () => undefined);
      });
    for (const share of [0.1, 0.5, 0.99]) await cut(head + body.slice(0, Math.floor(share * body.length)));
    assert.equal(server.ledger.size(), 1);
    for (let i = 0; i < 5; i++) await cut(head + body);
    await until('the report is on the record', () => server.ledger.size() > 1);
    const again = made(await server.post('/reports', CLOSED, { 'idempotency-key': 'tower' }), 200);
    assert.deepEqual([again.receipt.seq, again.receipt.repeated, server.ledger.size()], [1, true, 2]);
    await server.close();
    await rm(dir, { recursive: true });
  });

  it('that were answered are there after kill -9, and what was not is done by sending it again', async () => {
    const dir = await makeDir();
    let child: ChildProcess | undefined;
    const start = async (): Promise<string> => {
      child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--data', dir], {
        env: { ...process.env, EVENHAND_RATE: '0' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const { stderr } = child;
      return await new Promise((resolve, reject) => {
        let text = '';
        stderr?.on('data', (chunk) => {
          text += chunk;
          const [, url] = /listens at (http\S+)/.exec(text) ?? [];
          if (url !== undefined) resolve(url);
        });
        child?.once('exit', () => reject(new Error(text)));
      });
    };
    const kill = () =>
      new Promise<void>((resolve) => {
        if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      });
    const send = async (url: string, body: unknown, type = 'application/json'): Promise<Step> => {
      const payload = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: payload });
      assert.ok(answer.ok, `${url} ${answer.status}`);
      return (await answer.json()) as Step;
    };
    const picture = jpeg('the bridge');
    const reports = [{ ...CLOSED, photo: sha256(picture) }, FOUND, LOST];
    /** The whole life, as a client that starts from the beginning whenever the server is gone. */
    const steps = async (url: string, done: (step: string, seq: number) => void) => {
      await send(`${url}/scenarios`, VALLEY);
      await send(`${url}/photos`, picture, 'image/jpeg');
      const digests: string[] = [];
      for (const report of reports) {
        const { digest, receipt } = await send(`${url}/reports`, report);
        digests.push(digest);
        done(`report ${digest}`, receipt.seq);
      }
      for (const digest of digests)
        done(`verified ${digest}`, (await send(`${url}/reports/${digest}/verification`, SAID)).receipt.seq);
      const { receipt } = await send(`${url}/amendments`, { scenario: scenarioDigest(VALLEY), reports: digests });
      done('amended', receipt.seq);
      for (const digest of digests)
        done(
          `resolved ${digest}`,
          (await send(`${url}/reports/${digest}/resolution`, { by: 'a', what: 'b' })).receipt.seq,
        );
    };
    const acknowledged = new Map<string, number>();
    for (const stopAfter of [0, 2, 4, 7]) {
      const url = await start();
      const before = acknowledged.size;
      let broken = false;
      const doing = steps(url, (step, seq) => {
        // The same step has the same place ever after.
        assert.equal(acknowledged.get(step) ?? seq, seq, step);
        acknowledged.set(step, seq);
        if (!broken && acknowledged.size >= Math.max(before, stopAfter)) {
          broken = true;
          // While the next request is on its way.
          setTimeout(() => child?.kill('SIGKILL'), 1);
        }
      });
      await doing.catch((error: unknown) => {
        if (error instanceof assert.AssertionError) throw error;
      });
      await kill();
    }
    await steps(await start(), (step, seq) => {
      assert.equal(acknowledged.get(step) ?? seq, seq, step);
      acknowledged.set(step, seq);
    });
    await kill();
    assert.equal(acknowledged.size, 10);
    assert.equal(new Set(acknowledged.values()).size, 10);
    assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
    const ledger = await openLedger(dir);
    assert.deepEqual(
      ledger.lives().map(({ resolution }) => resolution !== null),
      [true, true, true],
    );
    const kinds = (await ledger.entries(0, 100)).map(({ entry }) => entry.kind);
    assert.equal(kinds.length, 12, kinds.join());
    await ledger.close();
    await rm(dir, { recursive: true });
  });
});
