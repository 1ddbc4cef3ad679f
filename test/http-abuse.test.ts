/** What no honest client sends: JSON that two readers may read differently, and connections that wait for ever. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { closePool } from '../engine/index.js';
import { survives } from '../scenarios/numbers.js';
import { syntaxFaults } from '../scenarios/syntax.js';
import { readConfig, type Serving, serve } from '../server/main.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { isProblem, makeDir, startServer, type TestServer } from './support/http.js';
import { malformed } from './support/malformed.js';

describe('malformed bodies', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(await makeDir());
  });
  after(async () => {
    await server.close();
    await closePool();
  });

  const digest = '0'.repeat(64);
  const routes: Record<string, (value: string) => string> = {
    '/adoptions': (value) => `{"allocation":"${digest}","by":"x","why":${value}}`,
    '/comparisons': (value) => `{"allocations":["${digest}",${value}]}`,
    '/allocations': (value) => `{"scenario":"${digest}","gap":${value}}`,
    '/frontiers': (value) => `{"scenario":"${digest}","dials":${value}}`,
  };
  for (const [url, wrap] of Object.entries(routes))
    it(`are all refused by ${url}, as what they are`, async () => {
      for (const [name, body] of malformed(wrap)) {
        const answer = await server.post(url, body);
        assert.equal(answer.status, 400, `${name}: ${answer.text}`);
        isProblem(answer, 400, 'malformed-json');
      }
      assert.equal(server.ledger.size(), 0);
    });

  it('are refused as scenarios too, alone and inside a request', async () => {
    const scenario = JSON.stringify(SCENARIO);
    const wrap = (value: string) => scenario.replace(/\}$/, `,"note":${value}}`);
    for (const [name, body] of malformed(wrap)) {
      const alone = await server.post('/scenarios', body);
      assert.ok([400, 422].includes(alone.status), `${name}: ${alone.status}`);
      const inside = Buffer.concat([Buffer.from('{"scenario":'), body, Buffer.from('}')]);
      const within = await server.post('/allocations', inside);
      assert.ok([400, 422].includes(within.status), `${name}, inside: ${within.status}`);
    }
    // A known field, so that nothing but the number is wrong.
    const text = JSON.stringify(SCENARIO, null, 1).replace(
      /"demand": \{\s*"(\w+)": \d+/,
      '"demand": {"$1": 9007199254740993',
    );
    const problem = isProblem(await server.post('/scenarios', text), 422, 'scenario-faulty');
    assert.equal(problem.errors?.length, 1);
    assert.match(problem.errors?.[0]?.detail ?? '', /is read as 9007199254740992/);
    assert.match(problem.errors?.[0]?.pointer ?? '', /demand/);
    assert.equal(server.ledger.size(), 0);
  });
});

describe('numbers', () => {
  it('survive where the double that is read has the same value, by exact arithmetic', () => {
    const whole = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
    const read = (text: string) => survives(text, JSON.parse(text) as number);
    fc.assert(
      fc.property(whole, (n) => {
        // Beyond 2^53 the shortest text of a double may stand for it as well: 1e23 is not 10^23.
        const double = Number(n);
        const said = double.toLocaleString('fullwide', { useGrouping: false });
        assert.equal(read(String(n)), (BigInt(double) === n && n ** 2n < 2n ** 106n) || said === String(n));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        assert.ok(survives(JSON.stringify(x), x));
        assert.ok(survives(x.toExponential(16).replace('e+', 'e'), x), 'as %.17g of C');
      }),
      { numRuns: 2000 },
    );
    for (const text of [
      '0',
      '-0',
      '0.0',
      '0e5',
      '1.50',
      '100',
      '1E3',
      '1e-5',
      '5e-324',
      '9007199254740992',
      '1e23',
      '0.1',
    ])
      assert.ok(read(text), text);
    for (const text of ['9007199254740993', '1e400', '-1e999', '1e-400', '0.10000000000000000001', '1'.repeat(65)])
      assert.ok(!read(text), text);
  });

  it('of a million zeros cost no time', () => {
    const text = `[1${'0'.repeat(500_000)}1, 0.${'0'.repeat(500_000)}1]`;
    assert.equal(syntaxFaults(text).ambiguous.length, 2);
  });
});

describe('connections', () => {
  let serving: Serving;
  let port: number;
  before(async () => {
    const data = await makeDir();
    const settings = { data, port: 0, rate: 0, headerSeconds: 0.4, bodySeconds: 0.8, connections: 40 };
    serving = await serve(readConfig(settings, {}));
    port = Number(new URL(serving.url).port);
  });
  after(async () => {
    await serving.close();
    await closePool();
  });

  /** All that a connection is told until it is closed. */
  async function told(write: (socket: Socket) => void): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    write(socket);
    await once(socket, 'close');
    return text;
  }

  const post = (length: number) =>
    `POST /scenarios HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

  it('that never finish their headers or their body are answered 408 and closed', async () => {
    const answers = await Promise.all([
      told((socket) => socket.write('GET / HTTP/1.1\r\nHost: loc')),
      told((socket) => socket.write(`${post(1000)}{"evenhand"`)),
      told((socket) => {
        // A byte now and then keeps no connection alive.
        socket.write(post(1000));
        const drip = setInterval(() => socket.write(' '), 50);
        socket.on('close', () => clearInterval(drip));
      }),
    ]);
    for (const answer of answers) {
      assert.match(answer, /^HTTP\/1\.1 408 /);
      assert.match(answer, /application\/problem\+json[\s\S]*urn:evenhand:problem:timeout/);
    }
  });

  it('that never say anything are closed', async () => {
    assert.match(await told(() => {}), /^(HTTP\/1\.1 408 |$)/);
  });

  it('with too many headers, or no HTTP, are told so', async () => {
    const large = await told((socket) =>
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    );
    assert.match(large, /^HTTP\/1\.1 431 [\s\S]*urn:evenhand:problem:headers-too-large/);
    assert.match(
      await told((socket) => socket.write('\x16\x03\x01\x02\0\x01\0\x01')),
      /^HTTP\/1\.1 400 [\s\S]*invalid-request/,
    );
    const both =
      'POST /scenarios HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    assert.match(await told((socket) => socket.write(both)), /^HTTP\/1\.1 400 /, 'request smuggling');
  });

  it('beyond the bound are turned away, and others are served before and after', async () => {
    const sockets = Array.from({ length: 60 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const closed = sockets.map((socket) => once(socket, 'close'));
    await Promise.race(closed);
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    const answer = await fetch(`${serving.url}/scenarios`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(SCENARIO),
    });
    assert.equal(answer.status, 201);
  });
});
