/** Organisations over HTTP: tokens, roles, signed adoptions, and who may listen where. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { closePool } from '../engine/index.js';
import { buildApp } from '../server/app.js';
import { readConfig } from '../server/config.js';
import { toBase64 } from '../server/ledger/bytes.js';
import {
  type Draft,
  openLedger,
  type Role,
  roleNames,
  signChange,
  signDraft,
  verifyBundle,
} from '../server/ledger/index.js';
import { type LogKey, newLogKey } from '../server/ledger/keys.js';
import { serve } from '../server/main.js';
import { access } from '../server/roles.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { holderOf, listTokens, newToken, revokeToken } from '../server/tokens.js';
import { isProblem, makeDir, type TestServer, withServer } from './support/http.js';

const now = () => ({ idem: randomUUID(), ts: new Date().toISOString() });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function enrol({ ledger }: Pick<TestServer, 'ledger'>, name: string, roles: readonly Role[]): Promise<LogKey> {
  const key = newLogKey(name);
  const publicKey = toBase64(key.publicKey);
  await ledger.recordKey({ change: 'add', org: name, keyId: key.id, publicKey, roles: [...roles] });
  return key;
}

async function tokenOf(dir: string, org: string, role: Role): Promise<string> {
  return (await newToken(dir, org, role, new Date())).token;
}

/** Everything below a directory, as text. */
async function everything(dir: string): Promise<string> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = names
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(files)).join('\n');
}

const PLAN = { ...SCENARIO, id: 'with-quorum', adoption: { quorum: 2 } };

describe('organisations', () => {
  after(closePool);

  it('a token is known by its hash alone, and one letter off is none', async () => {
    const dir = await makeDir();
    const { token, id } = await newToken(dir, 'a.org', 'field', new Date());
    assert.deepEqual((await holderOf(dir, token))?.org, 'a.org');
    const text = await everything(dir);
    const secret = token.slice(token.lastIndexOf('_', 21) + 1);
    for (const part of [token, secret, Buffer.from(secret, 'base64url').toString('hex')]) assert(!text.includes(part));
    assert(!JSON.stringify(await listTokens(dir)).includes(secret));
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'a' ? 'b' : 'a';
      assert.equal(await holderOf(dir, token.slice(0, i) + other + token.slice(i + 1)), undefined, `letter ${i}`);
    }
    for (const bad of ['', `${token} `, `${token}a`, token.slice(0, -1), `evh_../../${id}_x`])
      assert.equal(await holderOf(dir, bad), undefined, bad);
    assert.equal(await revokeToken(dir, id, new Date()), true);
    assert.equal(await holderOf(dir, token), undefined);
    assert.equal(await revokeToken(dir, '0'.repeat(16), new Date()), false);
    assert((await listTokens(dir))[0]?.revoked);
    await rm(dir, { recursive: true });
  });

  it('asks nobody who they are until there is an organisation, then each role for its own', () =>
    withServer(async (server) => {
      const { dir, ledger } = server;
      assert.equal((await server.post('/scenarios', SCENARIO)).status, 201);
      await enrol(server, 'all.org', roleNames);
      const bodies: Record<string, unknown> = { 'POST /scenarios': SCENARIO };
      const routes = Object.entries(access).map(([route, allowed]) => {
        const [method = '', url = ''] = route.split(' ');
        return { route, method, url: url.replace(':id', randomUUID()), allowed };
      });
      assert(routes.length >= 8);
      for (const { route, method, url, allowed } of routes) {
        const ask = (headers: Record<string, string>) =>
          method === 'POST'
            ? server.post(url, bodies[route] ?? {}, headers)
            : server.ask({ method: 'DELETE', url, headers });
        const nobody = await ask({});
        isProblem(nobody, 401, 'unauthorised');
        assert.equal(nobody.headers['www-authenticate'], 'Bearer');
        isProblem(await ask(bearer(`evh_${'0'.repeat(16)}_${'A'.repeat(43)}`)), 401, 'unauthorised');
        for (const role of roleNames) {
          const answer = await ask(bearer(await tokenOf(dir, 'all.org', role)));
          if (!allowed.includes(role)) isProblem(answer, 403, 'forbidden');
          else assert(![401, 403].includes(answer.status), `${route} as ${role}: ${answer.status}`);
        }
      }
      // Written out once, so that a slip in the table shows.
      const may = (route: string) => access[route]?.join(' ');
      assert.equal(may('POST /adoptions'), 'coordinator');
      assert.equal(may('POST /allocations'), 'coordinator planner');
      assert.equal(may('DELETE /jobs/:id'), 'coordinator planner');
      for (const route of ['POST /comparisons', 'POST /adoptions/draft', 'POST /keys'])
        assert.equal(may(route), 'coordinator planner field auditor');
      // Reads stay open, and what is nowhere is nowhere.
      for (const url of [
        '/',
        '/healthz',
        '/organisations',
        '/ledger/bundle',
        '/ledger/checkpoint',
        '/jobs',
        '/openapi.json',
      ])
        assert.equal((await server.get(url)).status, 200, url);
      isProblem(await server.post('/nowhere', {}), 404, 'not-found');
      // Every route that changes something is in the document with its scheme.
      const document = (await server.get('/openapi.json')).json<{
        paths: Record<string, Record<string, { security?: unknown; responses: object }>>;
        components: { securitySchemes: object };
      }>();
      for (const [path, operations] of Object.entries(document.paths))
        for (const [method, { security, responses }] of Object.entries(operations)) {
          const closed = method !== 'get';
          assert.deepEqual(security, closed ? [{ token: [] }] : undefined, `${method} ${path}`);
          if (closed) assert('401' in responses && '403' in responses);
        }
      assert.deepEqual(Object.keys(document.components.securitySchemes), ['token']);
      assert.deepEqual((await verifyBundle(await ledger.bundle())).faults, []);
    }));

  it('a token ends with the role, with the keys of the organisation, or on the command line', () =>
    withServer(async (server) => {
      const key = await enrol(server, 'a.org', ['planner', 'auditor']);
      const { token, id } = await newToken(server.dir, 'a.org', 'planner', new Date());
      const ask = () => server.post('/scenarios', SCENARIO, bearer(token));
      assert.equal((await ask()).status, 201);
      assert.equal((await server.ledger.entries(1, 1))[0]?.entry.actor.org, 'a.org');
      await server.ledger.recordKey({ change: 'roles', org: 'a.org', roles: ['auditor'] });
      assert.match(isProblem(await ask(), 403, 'forbidden').detail, /no planner any more/);
      await server.ledger.recordKey({ change: 'roles', org: 'a.org', roles: ['planner'] });
      assert.equal((await ask()).status, 200);
      // Signed by the organisation itself, with a token of any role.
      const body = { change: 'revoke' as const, org: 'a.org', keyId: key.id, reason: 'lost' as const };
      const document = signChange(server.ledger.log, body, key, now());
      assert.equal((await server.post('/keys', document, bearer(token))).status, 201);
      assert.match(isProblem(await ask(), 403, 'forbidden').detail, /no key/);
      await enrol(server, 'a.org', ['planner']);
      assert.equal((await ask()).status, 200);
      await revokeToken(server.dir, id, new Date());
      isProblem(await ask(), 401, 'unauthorised');
    }));

  it('an adoption is pending until two organisations have signed it, and strangers see the same offline', () =>
    withServer(async (server) => {
      const [a, b] = [
        await enrol(server, 'a.org', ['coordinator', 'planner']),
        await enrol(server, 'b.org', ['coordinator']),
      ];
      const [inA, inB] = [
        await tokenOf(server.dir, 'a.org', 'coordinator'),
        await tokenOf(server.dir, 'b.org', 'coordinator'),
      ];
      const job = await server.allocate({ scenario: PLAN, policy: 'proportional' }, bearer(inA));
      const allocation = job.result?.allocation ?? '';
      assert.equal(job.request.org, 'a.org');
      const words = { allocation, by: 'Coordination', why: 'shares are even' };

      const plain = await server.post('/adoptions', words, bearer(inA));
      assert.equal(plain.json<Adopted>().adoption.status, 'pending');
      const adopt = async (key: LogKey, token: string) => {
        const draft = (await server.post('/adoptions/draft', words, bearer(token))).json<Draft>();
        const document = signDraft(draft, key, { ...now(), salt: randomBytes(32) });
        return { document, answer: await server.post('/adoptions', document, bearer(token)) };
      };
      const first = await adopt(a, inA);
      assert.equal(first.answer.status, 201, first.answer.text);
      const again = await server.post('/adoptions', first.document, bearer(inA));
      assert.deepEqual([again.status, again.json<Adopted>().receipt.repeated], [200, true]);
      const twice = (await adopt(a, inA)).answer.json<Adopted>().adoption;
      assert.deepEqual([twice.status, twice.signedBy, twice.quorum], ['pending', ['a.org'], 2]);
      // The token says who sends, the signature who adopts.
      const second = (await adopt(b, inA)).answer.json<Adopted>().adoption;
      assert.deepEqual([second.status, second.signedBy], ['counts', ['a.org', 'b.org']]);
      assert.deepEqual((await server.get(`/adoptions?allocation=${allocation}`)).json(), second);
      isProblem(await server.get(`/adoptions?allocation=${'0'.repeat(64)}`), 404, 'unknown-allocation');
      const report = await verifyBundle((await server.get('/ledger/bundle')).json());
      // strangers know the plan by its salted digest, whoever asks by the one of the question
      assert.equal(second.allocation, allocation);
      assert.deepEqual([report.faults, report.adoptions.map((a) => ({ ...a, allocation }))], [[], [second]]);

      const bad = { ...first.document, entry: { ...first.document.entry, idem: randomUUID() } };
      isProblem(await server.post('/adoptions', bad, bearer(inB)), 409, 'idempotency-conflict');
      const { document } = await adopt(b, inB);
      const forged = { ...document, entry: { ...document.entry, idem: 'x', sig: `${'A'.repeat(86)}==` } };
      const blob = { ...document.blob, salt: '1'.repeat(64) };
      isProblem(await server.post('/adoptions', { ...forged, blob }, bearer(inB)), 422, 'signature-refused');
      isProblem(await server.post('/adoptions', { signed: 'evenhand/signed/v1' }, bearer(inB)), 400, 'invalid-request');
      isProblem(await server.post('/keys', document, bearer(inB)), 400, 'invalid-request');
      const keyed = { ...bearer(inB), 'idempotency-key': 'k' };
      isProblem(await server.post('/adoptions', document, keyed), 400, 'invalid-request');
    }));

  it('two organisations may choose the same Idempotency-Key; a planner stops only what the own one asked for', () =>
    withServer(async (server) => {
      await enrol(server, 'a.org', ['coordinator', 'planner']);
      await enrol(server, 'b.org', ['planner']);
      const [inA, inB] = [await tokenOf(server.dir, 'a.org', 'planner'), await tokenOf(server.dir, 'b.org', 'planner')];
      const keyed = (token: string) => ({ ...bearer(token), 'idempotency-key': 'morning' });
      const first = await server.allocate({ scenario: SCENARIO }, keyed(inA));
      const second = await server.allocate({ scenario: SCENARIO, policy: 'efficient' }, keyed(inB));
      assert.notEqual(first.job, second.job);
      assert.equal((await server.allocate({ scenario: SCENARIO }, keyed(inA))).job, first.job);
      const stop = (token: string) =>
        server.ask({ method: 'DELETE', url: `/jobs/${first.job}`, headers: bearer(token) });
      isProblem(await stop(inB), 403, 'forbidden');
      assert.equal((await stop(inA)).status, 200);
      assert.equal((await stop(await tokenOf(server.dir, 'a.org', 'coordinator'))).status, 200);
    }));

  it('writes no token to its log', async () => {
    const dir = await makeDir();
    const ledger = await openLedger(dir);
    await enrol({ ledger }, 'a.org', ['planner']);
    const token = await tokenOf(dir, 'a.org', 'planner');
    let log = '';
    const stream = new Writable({
      write(chunk, _encoding, done) {
        log += String(chunk);
        done();
      },
    });
    const app = await buildApp({
      ledger,
      config: readConfig({ data: dir, rate: 0 }, {}),
      logger: { level: 'trace', stream },
    });
    const headers = { 'content-type': 'application/json', ...bearer(token) };
    for (const payload of [JSON.stringify(SCENARIO), '{"evenhand":2}', 'no JSON'])
      await app.inject({ method: 'POST', url: '/scenarios', headers, payload });
    await app.inject({ method: 'POST', url: '/adoptions', headers, payload: '{}' });
    await app.inject({
      method: 'POST',
      url: '/scenarios',
      headers: { authorization: `Bearer ${token}x` },
      payload: '{}',
    });
    await app.close();
    await ledger.close();
    assert.match(log, /a request was refused/);
    assert(!log.includes(token) && !log.includes(token.slice(-43)));
    await rm(dir, { recursive: true });
  });

  it('listens beyond this machine only once an organisation is on the record', async () => {
    const dir = await makeDir();
    const config = readConfig({ data: dir, host: '0.0.0.0', port: 0, rate: 0 }, {});
    const attempt = serve(config).then((serving) => serving.close());
    await assert.rejects(attempt, { name: 'ConfigError', message: /evenhand org add NAME|127\.0\.0\.1/ });
    const ledger = await openLedger(dir);
    await enrol({ ledger }, 'a.org', ['planner']);
    await ledger.close();
    const serving = await serve(config);
    assert.equal((await fetch(`${serving.url}/healthz`)).status, 200);
    const answer = await fetch(`${serving.url}/scenarios`, { method: 'POST', body: JSON.stringify(SCENARIO) });
    assert.equal(answer.status, 401);
    await serving.close();
    await rm(dir, { recursive: true });
  });
});

interface Adopted {
  receipt: { repeated: boolean };
  adoption: { allocation: string; status: string; signedBy: string[]; quorum: number };
}
