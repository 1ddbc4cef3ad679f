/** A plan's files over HTTP: the type that was asked for, the plan's own numbers, tags that say what a client has, no bad first byte. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import readXlsx from 'read-excel-file/node';
import {
  type Allocation,
  closePool,
  MEDIA,
  openBook,
  REPORTS,
  type ReportName,
  reportPieces,
  type Scenario,
} from '../engine/index.js';
import { SCENARIO } from '../server/schemas/examples.js';
import { isProblem, makeDir, startServer, type TestServer } from './support/http.js';

const NOWHERE = 'ab'.repeat(32);
const scenario: Scenario = { ...SCENARIO, periods: { count: 2, start: '2024-02-28' } };

describe('files of a plan', () => {
  let server: TestServer;
  let url: string;
  let plan: Allocation;
  before(async () => {
    server = await startServer(await makeDir());
    const { result } = await server.allocate({ scenario });
    url = `/allocations/${result?.allocation}`;
    plan = (await server.get(url)).json<Allocation>();
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });
  const bytes = async (path: string, headers: Record<string, string> = {}) => {
    const { statusCode, headers: sent, rawPayload } = await server.app.inject({ url: path, headers });
    return { status: statusCode, headers: sent, body: rawPayload };
  };

  it('come in every format at their own addresses, byte by byte what the engine writes', async () => {
    const book = openBook(plan, scenario);
    for (const name of Object.keys(REPORTS) as ReportName[])
      for (const format of REPORTS[name]) {
        const { status, headers, body } = await bytes(`${url}/${name}`, { accept: MEDIA[format] });
        assert.equal(status, 200);
        assert.equal(String(headers['content-type']).split(';')[0], MEDIA[format]);
        assert.match(String(headers.vary), /accept/);
        if (name === 'brief') continue;
        assert.match(
          String(headers['content-disposition']),
          new RegExp(`attachment; filename="${name}-[0-9a-f]{12}.${format}"`),
        );
        assert.deepEqual(body, Buffer.concat([...reportPieces(book, name, format)].map((p) => Buffer.from(p))), name);
      }
    // the usual one where Accept does not choose
    for (const accept of ['*/*', 'image/png', ''])
      assert.match(
        String((await bytes(`${url}/unmet`, { accept })).headers['content-type']),
        /^text\/csv; charset=utf-8; header=present/,
      );
    isProblem(await server.get(`/allocations/${NOWHERE}/shipments`), 404, 'unknown-allocation');
    isProblem(await server.get('/allocations/xyz/shipments'), 400, 'invalid-request');
    isProblem(await server.get(`${url}/nothing`), 404, 'not-found');
  });

  it('come by Accept at the plan’s own address, which stays JSON for everybody else', async () => {
    for (const accept of [undefined, '*/*', 'application/json', 'image/png'])
      assert.match(
        String((await bytes(url, accept === undefined ? {} : { accept })).headers['content-type']),
        /^application\/json/,
      );
    const csv = await bytes(url, { accept: 'text/csv' });
    const [, tags, ...rows] = parse(csv.body) as string[][];
    assert.ok(tags!.every((t) => t.startsWith('#')));
    assert.equal(rows.length, plan.shipments.length);
    assert.equal(rows[0]![tags!.indexOf('#date+depart')], '2024-02-28');
    const workbook = await bytes(url, { accept: MEDIA.xlsx });
    assert.deepEqual(
      (await readXlsx(workbook.body)).map((s) => s.sheet),
      ['Shipments', 'Waybills', '4W', 'Unmet needs'],
    );
    const flows = JSON.parse(String((await bytes(url, { accept: MEDIA.geojson })).body)) as { features: unknown[] };
    assert.equal(flows.features.length, 2);
    const asBrowser = await bytes(url, { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' });
    assert.match(String(asBrowser.body), /^<!doctype html>/);
    const zip = unzipSync((await bytes(url, { accept: 'application/zip' })).body);
    assert.equal(createHash('sha256').update(zip['plan.json']!).digest('hex'), url.split('/').at(-1));
    assert.deepEqual(zip, unzipSync((await bytes(`${url}/bundle`)).body));
  });

  it('the brief has a policy of its own that lets its one style through, and its receipt', async () => {
    const { headers, body } = await bytes(`${url}/brief`);
    const style = /<style>([\s\S]*?)<\/style>/.exec(String(body))?.[1] ?? '';
    const policy = String(headers['content-security-policy']);
    assert.ok(policy.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`));
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe/);
    assert.match(String(body), /Entry 1 of \d+, logged, log evenhand/);
  });

  it('are not sent again to whoever has them; what tells of the record changes with it', async () => {
    for (const name of ['shipments', 'coverage', 'brief', 'bundle']) {
      const { etag } = (await bytes(`${url}/${name}`)).headers;
      const again = await bytes(`${url}/${name}`, { 'if-none-match': String(etag) });
      assert.deepEqual([again.status, again.body.length], [304, 0], name);
    }
    const tags = async () =>
      Promise.all(['shipments', 'brief', 'bundle'].map(async (n) => (await bytes(`${url}/${n}`)).headers.etag));
    const before = await tags();
    await server.post('/scenarios', { ...scenario, id: 'another' });
    const now = await tags();
    assert.deepEqual(
      now.map((t, i) => t === before[i]),
      [true, false, false],
    );
    const json = (await bytes(url)).headers.etag;
    assert.equal(
      (await bytes(url, { accept: 'text/csv', 'if-none-match': String(json) })).status,
      200,
      'JSON is no CSV',
    );
  });

  it('are packed for those who ask for it', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    for (const name of ['shipments', 'flows', 'brief']) {
      const [packed, plain] = [await bytes(`${url}/${name}`, headers), await bytes(`${url}/${name}`)];
      assert.equal(packed.headers['content-encoding'], 'gzip', name);
      assert.deepEqual(gunzipSync(packed.body), plain.body);
    }
  });
});
