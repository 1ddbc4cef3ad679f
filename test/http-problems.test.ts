/** Each way in which a request can fail is a problem of its own kind, says where it is, and shows no insides. */
import assert from 'node:assert/strict';
import { copyFile, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { closePool } from '../engine/index.js';
import { generate } from '../scenarios/index.js';
import { ConfigError, readConfig } from '../server/config.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { isProblem, makeDir, startServer, type TestServer, withServer } from './support/http.js';

const LIMIT = 1024 * 1024;

describe('refusals', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(await makeDir(), { bodyLimit: LIMIT });
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });

  it('names line and column of malformed JSON, on every route that reads a body', async () => {
    const broken = '{\n  "scenario": {\n    "evenhand": 1,,\n  }\n}';
    for (const url of ['/scenarios', '/allocations', '/comparisons', '/adoptions']) {
      const problem = isProblem(await server.post(url, broken), 400, 'malformed-json');
      assert.deepEqual([problem.errors?.[0]?.line, problem.errors?.[0]?.column], [3, 19], url);
      isProblem(await server.post(url, ''), 400, 'malformed-json');
      isProblem(await server.post(url, `\uFEFF${JSON.stringify(SCENARIO)}`), 400, 'malformed-json');
      isProblem(await server.post(url, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'malformed-json');
      isProblem(await server.post(url, '['.repeat(50_000)), 400, 'malformed-json');
      isProblem(await server.post(url, `${'['.repeat(50_000)}${']'.repeat(50_000)}`), 400, 'malformed-json');
    }
  });

  it('refuses what two readers may read differently', async () => {
    const twice = '{"allocation":"a","by":"x","by":"y","why":"z"}';
    const problem = isProblem(await server.post('/adoptions', twice), 400, 'malformed-json');
    assert.equal(problem.errors?.[0]?.pointer, '/by');
    const text = JSON.stringify(SCENARIO).replace('"id":', '"id":"twin","id":');
    assert.equal(isProblem(await server.post('/scenarios', text), 422, 'scenario-faulty').errors?.[0]?.pointer, '/id');
    const inline = isProblem(await server.post('/allocations', `{"scenario":${text}}`), 422, 'scenario-faulty');
    assert.equal(inline.errors?.[0]?.pointer, '/scenario/id');
    const members = `{"scenario":${JSON.stringify(SCENARIO)},"scenario":${JSON.stringify(SCENARIO)}}`;
    isProblem(await server.post('/allocations', members), 400, 'malformed-json');
  });

  it('reports all faults of a scenario at once, each with place and mend', async () => {
    const faulty = {
      ...SCENARIO,
      color: 'red',
      routes: [...SCENARIO.routes, { from: 'prt', to: 'upper', mode: 'truck', km: -1 }],
    };
    const plain = isProblem(await server.post('/scenarios', JSON.stringify(faulty, null, 1)), 422, 'scenario-faulty');
    const pointers = plain.errors?.map(({ pointer }) => pointer).sort();
    assert.deepEqual(pointers, ['/color', '/routes/2/from', '/routes/2/km']);
    assert.ok(plain.errors?.every(({ mend, line }) => mend && line && line > 1));
    const inline = isProblem(await server.post('/allocations', { scenario: faulty }), 422, 'scenario-faulty');
    assert.deepEqual(inline.errors?.map(({ pointer }) => pointer.replace('/scenario', '')).sort(), [
      '/color',
      '/routes/2/from',
      '/routes/2/km',
    ]);
    // Lines are those of the body that was sent.
    const second = isProblem(
      await server.post('/allocations', `{\n"scenario": ${JSON.stringify({ ...SCENARIO, color: 'red' }, null, 1)}}`),
      422,
      'scenario-faulty',
    );
    assert.equal(second.errors?.[0]?.line, JSON.stringify({ ...SCENARIO, color: 'red' }, null, 1).split('\n').length);
    assert.equal(server.ledger.size(), 0, 'nothing of it was recorded');
  });

  it('tells the first thousand of many faults, and that there are more', async () => {
    const ask = (n: number, headers?: Record<string, string>) =>
      server.post('/scenarios', { ...SCENARIO, routes: Array(n).fill(1) }, headers);
    const many = await ask(300_000);
    const problem = isProblem(many, 422, 'scenario-faulty');
    assert.equal(
      problem.detail,
      'The scenario has over 1,000 faults; the first of them are below, each with its place and mend.',
    );
    assert.equal(problem.errors?.length, 1000);
    assert.equal(problem.errors?.[999]?.pointer, '/routes/999');
    // a body of a hundred times the faults is answered in as many bytes
    const few = await ask(3000);
    assert.ok(Math.abs(many.text.length - few.text.length) < 8000, `${many.text.length} ${few.text.length}`);
    const french = isProblem(await ask(3000, { 'accept-language': 'fr' }), 422, 'scenario-faulty');
    assert.match(french.detail, /^Le scénario a plus de 1\s000 erreurs/u);
    const twice = `{"by":"x"${',"by":"x"'.repeat(5000)}}`;
    assert.equal(isProblem(await server.post('/comparisons', twice), 400, 'malformed-json').errors?.length, 1000);
  });

  it('checks a policy like that of a scenario', async () => {
    const ask = (policy: unknown) => server.post('/allocations', { scenario: SCENARIO, policy });
    const steep = isProblem(await ask([{ stage: 'need', alpha: 99 }]), 422, 'scenario-faulty');
    assert.equal(steep.errors?.[0]?.pointer, '/policy/0/alpha');
    isProblem(await ask('generous'), 400, 'invalid-request');
    isProblem(await server.post('/allocations', { scenario: SCENARIO, gap: 0 }), 400, 'invalid-request');
    isProblem(await server.post('/allocations', { scenario: SCENARIO, speed: 1 }), 400, 'invalid-request');
    isProblem(await server.post('/allocations', { scenario: null }), 400, 'invalid-request');
    isProblem(await server.post('/allocations', { policy: 'equal' }), 400, 'invalid-request');
    isProblem(await server.post('/allocations', [1]), 400, 'invalid-request');
    isProblem(await server.post('/allocations', { scenario: 'ab'.repeat(32) }), 404, 'unknown-scenario');
    assert.equal(server.ledger.size(), 0);
  });

  it('ends a job as failed with a problem where it cannot be solved as asked', async () => {
    const job = await server.allocate({ scenario: SCENARIO, policy: [{ stage: 'maxmin' }], solver: 'jslp' });
    assert.equal(job.state, 'failed');
    assert.equal(job.error?.type, 'urn:evenhand:problem:cannot-allocate');
    assert.match(job.error?.detail ?? '', /maxmin/);
  });

  it('reads gzip, and bounds it before and after', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const packed = gzipSync(JSON.stringify({ ...SCENARIO, id: 'packed' }));
    assert.equal((await server.post('/scenarios', packed, gzip)).status, 201);
    isProblem(await server.post('/scenarios', packed.subarray(0, packed.length - 9), gzip), 400, 'malformed-json');
    isProblem(await server.post('/scenarios', Buffer.from('no gzip at all'), gzip), 400, 'malformed-json');
    const bomb = gzipSync(Buffer.alloc(200 * LIMIT, ' '));
    assert.ok(bomb.length < LIMIT);
    isProblem(await server.post('/scenarios', bomb, gzip), 413, 'too-large');
    isProblem(await server.post('/scenarios', packed, { 'content-encoding': 'br' }), 415, 'unsupported-media-type');
  });

  it('refuses bodies that are too large, and other types', async () => {
    const large = JSON.stringify({ ...SCENARIO, title: 'x'.repeat(LIMIT) });
    isProblem(await server.post('/scenarios', large), 413, 'too-large');
    isProblem(await server.post('/allocations', large), 413, 'too-large');
    const typed = (type: string) => server.post('/scenarios', '<scenario/>', { 'content-type': type });
    isProblem(await typed('application/xml'), 415, 'unsupported-media-type');
    isProblem(await typed('text/plain'), 415, 'unsupported-media-type');
    isProblem(await server.ask({ method: 'POST', url: '/scenarios' }), 400, 'malformed-json');
    isProblem(await server.ask({ method: 'POST', url: '/adoptions' }), 400, 'invalid-request');
  });

  it('answers what is not there with a problem as well', async () => {
    const problem = isProblem(await server.get('/nowhere?x=1'), 404, 'not-found');
    assert.equal(problem.instance, '/nowhere?x=1');
    isProblem(await server.ask({ method: 'PUT', url: '/scenarios' }), 404, 'not-found');
    isProblem(await server.get('/scenarios/%E0%A4%A'), 404, 'not-found');
  });

  it('answers only under the names of this machine', async () => {
    isProblem(await server.get('/healthz', { host: 'rebound.example' }), 421, 'misdirected');
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:80'])
      assert.equal((await server.get('/healthz', { host })).status, 200, host);
  });
});

describe('limits', () => {
  after(closePool);

  it('takes the scenario of a nation, and answers others while it is read', async () => {
    await withServer(async (server) => {
      const text = JSON.stringify(generate('nation-week', 1));
      const gzip = { 'content-encoding': 'gzip' };
      let reading = true;
      const posted = server.post('/scenarios', gzipSync(text), gzip).finally(() => {
        reading = false;
      });
      let answered = 0;
      while (reading) {
        assert.equal((await server.get('/healthz')).status, 200);
        answered++;
        // An injected request never leaves this turn of the event loop; the reader's answer needs another.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.equal((await posted).status, 201);
      assert.ok(answered > 10, `${answered} answers meanwhile`);
      assert.equal((await server.post('/scenarios', text)).status, 200);
      const deep = `${text.slice(0, -1)},"x":${'['.repeat(100)}${']'.repeat(100)}}`;
      isProblem(await server.post('/scenarios', deep), 400, 'malformed-json');
      isProblem(await server.post('/allocations', `{"scenario":${deep}}`), 400, 'malformed-json');
      isProblem(await server.post('/allocations', `{"scenario":[${text}]}`), 413, 'too-large');
    });
  });

  it('takes 64 MB and no byte more, packed or not', async () => {
    await withServer(async (server) => {
      const gzip = { 'content-encoding': 'gzip' };
      const full = Buffer.alloc(64 * LIMIT, 'x');
      isProblem(await server.post('/scenarios', full), 400, 'malformed-json');
      isProblem(await server.post('/scenarios', gzipSync(full, { level: 1 }), gzip), 400, 'malformed-json');
      const more = Buffer.concat([full, Buffer.from('x')]);
      isProblem(await server.post('/scenarios', more), 413, 'too-large');
      isProblem(await server.post('/scenarios', gzipSync(more, { level: 1 }), gzip), 413, 'too-large');
    });
  });

  it('limits the rate of an address, and says when to go on', async () => {
    await withServer(
      async (server) => {
        for (let i = 0; i < 5; i++) assert.equal((await server.get('/')).status, 200);
        const answer = await server.get('/');
        isProblem(answer, 429, 'rate-limited');
        const wait = Number(answer.headers['retry-after']);
        assert.ok(wait >= 1 && wait <= 60);
        isProblem(await server.get('/nowhere'), 429, 'rate-limited');
        assert.equal((await server.get('/healthz')).status, 200, 'health is never limited');
      },
      { rate: 5 },
    );
  });

  it('sends nobody away for a turn of its loop that took a second, and then another', async () => {
    await withServer(async (server) => {
      const stuck = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);
      // both in one turn, between which nothing is measured
      setTimeout(stuck, 1);
      setTimeout(stuck, 1050);
      for (const later of [1060, 20]) await new Promise((resolve) => setTimeout(resolve, later));
      assert.equal((await server.get('/')).status, 200);
    });
  });

  it('bounds the queue, and what was accepted stays', async () => {
    const slow = { solver: 'highs', scenario: generate('province', 1) };
    await withServer(
      async (server) => {
        const first = await server.post('/allocations', slow);
        const { digest } = (await server.post('/scenarios', slow.scenario)).json<{ digest: string }>();
        const second = await server.post('/allocations', { scenario: digest, policy: 'efficient' });
        assert.deepEqual([first.status, second.status], [202, 202]);
        const third = await server.post('/allocations', { scenario: digest, policy: 'proportional' });
        isProblem(third, 503, 'overloaded');
        assert.ok(Number(third.headers['retry-after']) > 0);
        const { jobs } = (await server.get('/jobs')).json<{ jobs: unknown[] }>();
        assert.equal(jobs.length, 2);
      },
      { concurrency: 1, queueLimit: 1 },
    );
  });

  it('answers writes with the reason where the ledger is read-only, and still reads', async () => {
    const dir = await makeDir();
    const old = await makeDir();
    await rm(old, { recursive: true });
    let server = await startServer(dir);
    const { result } = await server.allocate({ scenario: SCENARIO });
    await server.close();
    await cp(dir, old, { recursive: true });
    server = await startServer(dir);
    await server.post('/scenarios', { ...SCENARIO, id: 'later' });
    await server.close();
    // An old backup was restored: the checkpoint that was signed since promises more than the store has.
    await copyFile(join(dir, 'checkpoint'), join(old, 'checkpoint'));
    server = await startServer(old);
    const health = (await server.get('/healthz')).json<{ status: string; ledger: { readOnly: string } }>();
    assert.equal(health.status, 'read-only');
    assert.equal((await server.get('/ledger/entries')).status, 200);
    assert.equal((await server.get(`/allocations/${result?.allocation}`)).status, 200);
    const writes = [
      ['/scenarios', { ...SCENARIO, id: 'new' }],
      ['/allocations', { scenario: SCENARIO, policy: 'efficient' }],
      ['/adoptions', { allocation: result?.allocation, by: 'x', why: 'y' }],
    ] as const;
    for (const [url, body] of writes) {
      const answer = await server.post(url, body);
      const problem = isProblem(answer, 503, 'ledger-unavailable');
      assert.ok(problem.detail.includes(health.ledger.readOnly.slice(0, 20)), problem.detail);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    await server.close();
    for (const gone of [dir, old]) await rm(gone, { recursive: true });
  });

  it('says nothing of its insides when it fails', async () => {
    const dir = await makeDir();
    const server = await startServer(dir);
    await server.ledger.close();
    isProblem(await server.get('/ledger/entries'), 500, 'internal');
    await server.close();
    await rm(dir, { recursive: true });
  });
});

describe('settings', () => {
  it('come from options, then the environment, then defaults', () => {
    const environment = { EVENHAND_PORT: '9000', EVENHAND_HOST: '::1', EVENHAND_DATA: 'd', EVENHAND_RATE: '7' };
    const { port, host, data, rate } = readConfig({ port: 9001 }, environment);
    assert.deepEqual({ port, host, data, rate }, { port: 9001, host: '::1', data: 'd', rate: 7 });
    assert.equal(readConfig({}, {}).host, '127.0.0.1');
  });

  it('name what is wrong with them', () => {
    const faulty = () => readConfig({ data: '' }, { EVENHAND_PORT: 'many' });
    assert.throws(faulty, (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /EVENHAND_PORT is "many"/);
      assert.match(error.message, /data is ""/);
      return true;
    });
  });
});
