/** The life of a report over HTTP: filed at once, vouched for by another organisation, amended, resolved; and all that is refused. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { applyPatch } from 'rfc6902';
import { closePool } from '../engine/index.js';
import { type FieldReport, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { CHECKS } from '../server/checks.js';
import { type Draft, signDraft, verifyBundle } from '../server/ledger/index.js';
import { isProblem, type TestServer, withServer } from './support/http.js';
import {
  as,
  CLOSED,
  enrol,
  FOUND,
  jpeg,
  LOST,
  made,
  png,
  SOMEWHERE,
  type Step,
  sha256,
  VALLEY,
  webp,
} from './support/life.js';

const now = () => ({ idem: randomUUID(), ts: new Date().toISOString() });
const SAID = { verdict: 'verified', by: 'District office', why: 'Seen from the air.' };

async function faultsOf(server: TestServer): Promise<unknown[]> {
  return (await verifyBundle((await server.get('/ledger/bundle')).json(), CHECKS)).faults;
}

/** A server with the scenario, and two organisations. */
async function relief(server: TestServer) {
  const keys = {
    cross: await enrol(server.ledger, 'cross.org', ['coordinator', 'planner', 'field']),
    state: await enrol(server.ledger, 'state.org', ['coordinator', 'planner', 'field', 'auditor']),
  };
  const [field, planner, other] = [
    await as(server, 'cross.org', 'field'),
    await as(server, 'cross.org', 'planner'),
    await as(server, 'state.org', 'planner'),
  ];
  made(await server.post('/scenarios', VALLEY, planner));
  const file = async (report: object) => made(await server.post('/reports', report, field));
  const verify = async ({ digest }: Pick<Step, 'digest'>, said: object = SAID) =>
    made(await server.post(`/reports/${digest}/verification`, said, other));
  const amend = (reports: string[], scenario = scenarioDigest(VALLEY)) =>
    server.post('/amendments', { scenario, reports }, planner);
  const read = async (digest: string) => (await server.get(`/reports/${digest}`)).json<Step>();
  return { keys, field, planner, other, file, verify, amend, read };
}

describe('reports over HTTP', () => {
  after(closePool);

  it('are filed, verified by another organisation, amended, resolved, and a stranger finds no fault', () =>
    withServer(async (server) => {
      const { field, planner, file, verify, amend, read } = await relief(server);
      const photo = jpeg('the bridge');
      const sent = made(
        await server.ask({
          method: 'POST',
          url: '/photos',
          headers: { ...field, 'content-type': 'image/jpeg' },
          payload: photo,
        }),
      );
      assert.equal(sent.digest, sha256(photo));
      const closed = await file({ ...CLOSED, photo: sha256(photo) });
      assert.equal(closed.state, 'filed');
      assert.deepEqual(
        [closed.receipt.kind, closed.receipt.repeated, closed.location],
        ['report', false, `/reports/${closed.digest}`],
      );
      const found = await file(FOUND);
      const somewhere = await file(SOMEWHERE);
      const [near] = somewhere.proposals;
      assert.ok(near && near.km > 0 && somewhere.proposals.length > 1 && closed.proposals.length === 0);
      assert.deepEqual(near.place, { route: { from: 'store', to: 'upper', mode: 'truck' } });

      for (const one of [closed, found]) assert.equal((await verify(one)).state, 'verified');
      await verify(somewhere, { ...SAID, place: { route: { from: 'port', to: 'upper', mode: 'truck' } } });
      const answer = made(await amend([closed.digest, found.digest, somewhere.digest]));
      assert.equal(answer.receipt.kind, 'amendment');
      assert.equal(answer.amendment.parent, scenarioDigest(VALLEY));
      assert.deepEqual([...answer.amendment.reports].sort(), [closed.digest, found.digest, somewhere.digest].sort());
      // The patch makes of the parent what is on the record, by somebody else's RFC 6902.
      const amended = structuredClone(VALLEY);
      assert.deepEqual(
        applyPatch(amended, structuredClone(answer.amendment.patch) as Parameters<typeof applyPatch>[1]).filter(
          Boolean,
        ),
        [],
      );
      const result = (await server.get(`/scenarios/${answer.amendment.scenario}`)).json<Scenario>();
      assert.deepEqual(result, amended);
      assert.equal((await server.get(answer.location)).json<Step>().receipt.seq, answer.receipt.seq);
      assert.equal((await read(closed.digest)).state, 'amended');

      const job = await server.allocate({ scenario: answer.amendment.scenario }, planner);
      const done = {
        by: 'Coordination',
        what: 'By boat.',
        amendment: answer.digest,
        allocation: job.result?.allocation,
      };
      assert.equal(made(await server.post(`/reports/${closed.digest}/resolution`, done, planner)).state, 'resolved');
      const life = await read(closed.digest);
      assert.deepEqual(
        life.trail.map(({ kind, org }) => `${kind} ${org}`),
        ['report cross.org', 'verification state.org', 'amendment cross.org', 'resolution cross.org'],
      );
      assert.deepEqual(
        life.trail.map(({ seq }) => seq),
        life.trail.map(({ receipt }) => receipt.seq),
      );
      assert.deepEqual(
        [life.state, life.step, life.due, life.photo],
        ['resolved', null, null, `/photos/${sha256(photo)}`],
      );
      assert.deepEqual(life.trail[0]?.content, { ...CLOSED, photo: sha256(photo) });
      const picture = await server.app.inject({ url: life.photo ?? '' });
      assert.deepEqual([picture.headers['content-type'], picture.rawPayload], ['image/jpeg', photo]);

      // A plan is followed: what became of a line of it changes no scenario, and keeps the law of its quantities.
      const plan = (await server.get(`/allocations/${job.result?.allocation}`)).json<{
        shipments: { resource: string; from: string; to: string; mode: string; depart: number; quantity: number }[];
      }>();
      const { resource, from, to, mode, depart, quantity } = plan.shipments[0]!;
      const line = { allocation: job.result?.allocation, resource, from, to, mode, depart };
      const delivery = {
        ...{
          report: 1,
          scenario: answer.amendment.scenario,
          observed: '2026-11-25T10:00:00Z',
          kind: 'delivery',
          by: 'Driver',
        },
        ...{ ...line, shipped: quantity, held: 0, returned: 0, delivered: quantity },
      };
      const more = await server.post('/reports', { ...delivery, held: 100 }, field);
      assert.match(isProblem(more, 422, 'report-faulty').errors?.[0]?.mend ?? '', /let shipped \+ held \+ returned be/);
      const delivered = await file(delivery);
      await verify(delivered);
      const history = made(await amend([delivered.digest], answer.amendment.scenario));
      assert.deepEqual([history.amendment.scenario, history.amendment.patch], [answer.amendment.scenario, []]);
      assert.deepEqual(await faultsOf(server), []);

      const listed = async (query: string) =>
        (await server.get(`/reports${query}`)).json<{ reports: Step[]; next: number | null }>();
      const digests = async (query: string) => (await listed(query)).reports.map(({ digest }) => digest);
      assert.deepEqual(
        await digests(''),
        [closed, found, somewhere, delivered].map(({ digest }) => digest),
      );
      assert.deepEqual(await digests('?state=resolved'), [closed.digest]);
      assert.deepEqual(await digests('?state=amended&kind=need'), [found.digest]);
      assert.deepEqual(await digests('?kind=delivery'), [delivered.digest]);
      const first = await listed('?limit=3');
      assert.deepEqual([first.reports.length, await digests(`?from=${first.next}`)], [3, [delivered.digest]]);
      isProblem(await server.get('/reports?state=lost'), 400, 'invalid-request');

      // Erased with its photo; every proof stays, and what is left of it can still be listed.
      assert.equal(await server.ledger.forget(closed.digest), true);
      assert.equal(await server.ledger.blob(closed.digest), undefined);
      isProblem(await server.get(`/photos/${sha256(photo)}`), 404, 'unknown-photo');
      isProblem(await server.get(`/reports/${closed.digest}`), 404, 'unknown-report');
      assert.equal((await listed('?state=resolved')).reports[0]?.digest, null);
      assert.deepEqual(await faultsOf(server), []);
    }));

  it('count once however often they are sent', () =>
    withServer(async (server) => {
      const { field, planner, other } = await relief(server);
      const keyed = { ...field, 'idempotency-key': 'morning' };
      const first = made(await server.post('/reports', CLOSED, keyed));
      for (const headers of [keyed, field, planner, other, { ...field, 'idempotency-key': 'noon' }]) {
        const again = made(await server.post('/reports', CLOSED, headers), 200);
        assert.deepEqual(
          [again.digest, again.receipt.seq, again.receipt.repeated],
          [first.digest, first.receipt.seq, true],
        );
      }
      isProblem(await server.post('/reports', FOUND, keyed), 409, 'idempotency-conflict');
      const url = `/reports/${first.digest}/verification`;
      const verified = made(await server.post(url, SAID, other));
      assert.equal(made(await server.post(url, SAID, other), 200).receipt.seq, verified.receipt.seq);
      const asked = { scenario: scenarioDigest(VALLEY), reports: [first.digest] };
      const amended = made(await server.post('/amendments', asked, planner));
      const size = server.ledger.size();
      assert.equal(made(await server.post('/amendments', asked, planner), 200).digest, amended.digest);
      const done = { by: 'Coordination', what: 'By boat.' };
      const resolved = made(await server.post(`/reports/${first.digest}/resolution`, done, planner));
      assert.equal(
        made(await server.post(`/reports/${first.digest}/resolution`, done, planner), 200).receipt.seq,
        resolved.receipt.seq,
      );
      assert.equal(server.ledger.size(), size + 1);
    }));

  it('are refused with their faults, each with its place and mend', () =>
    withServer(async (server) => {
      const { field, file, planner, other } = await relief(server);
      const bad = async (report: unknown, status: number, kind: string, pointer?: string) => {
        const problem = isProblem(await server.post('/reports', report, field), status, kind);
        if (pointer !== undefined) {
          const found = problem.errors?.find((error) => error.pointer === pointer);
          assert.ok(found?.mend, `${pointer}: ${JSON.stringify(problem)}`);
        }
      };
      const size = server.ledger.size();
      await bad({ ...CLOSED, scenario: '0'.repeat(64) }, 404, 'unknown-scenario');
      await bad({ ...CLOSED, scenario: undefined }, 422, 'report-faulty', '/scenario');
      await bad({}, 422, 'report-faulty', '/kind');
      await bad('[1]', 422, 'report-faulty');
      await bad('{"report":1,"report":1}', 400, 'malformed-json');
      await bad({ ...CLOSED, route: { ...CLOSED.route, to: 'uper' } }, 422, 'report-faulty', '/route/to');
      await bad({ ...LOST, quantity: 55 }, 422, 'report-faulty', '/quantity');
      await bad({ ...FOUND, from: '2027-01-01' }, 422, 'report-faulty', '/from');
      await bad({ ...CLOSED, supersedes: '1'.repeat(64) }, 422, 'report-faulty', '/supersedes');
      await bad({ ...CLOSED, photo: '1'.repeat(64) }, 422, 'report-faulty', '/photo');
      await bad({ ...CLOSED, extra: 1 }, 422, 'report-faulty');
      await bad({ ...CLOSED, text: 'x'.repeat(17_000) }, 413, 'too-large');
      const line = { resource: 'water', from: 'port', to: 'lower', mode: 'truck', depart: 0 };
      const delivery = {
        ...CLOSED,
        kind: 'delivery',
        allocation: '2'.repeat(64),
        ...line,
        shipped: 0,
        held: 0,
        returned: 0,
        delivered: 0,
      };
      for (const field of ['route', 'until', 'closed'] as const) Reflect.deleteProperty(delivery, field);
      await bad(delivery, 422, 'report-faulty', '/allocation');
      assert.equal(server.ledger.size(), size);

      const report = await file(CLOSED);
      const url = `/reports/${report.digest}/verification`;
      isProblem(await server.post(`/reports/${'0'.repeat(64)}/verification`, SAID, other), 404, 'unknown-report');
      isProblem(await server.get(`/reports/${'0'.repeat(64)}`), 404, 'unknown-report');
      // Not by those who filed it, whoever of them it is.
      assert.match(isProblem(await server.post(url, SAID, planner), 409, 'out-of-turn').detail, /another organisation/);
      isProblem(await server.post(url, { ...SAID, verdict: 'perhaps' }, other), 400, 'invalid-request');
      const place = { region: 'upper' };
      isProblem(await server.post(url, { ...SAID, place }, other), 422, 'report-faulty');
      isProblem(
        await server.post(`/reports/${report.digest}/resolution`, { by: 'a', what: 'b' }, planner),
        409,
        'out-of-turn',
      );
      const ask = (reports: string[], scenario = scenarioDigest(VALLEY)) =>
        server.post('/amendments', { scenario, reports }, planner);
      assert.match(isProblem(await ask([report.digest]), 409, 'out-of-turn').detail, /not verified yet/);
      isProblem(await ask(['0'.repeat(64)]), 404, 'unknown-report');
      isProblem(await ask([report.digest], '0'.repeat(64)), 404, 'unknown-scenario');
      isProblem(await ask([]), 400, 'invalid-request');
      made(await server.post(url, { ...SAID, verdict: 'rejected' }, other));
      assert.match(isProblem(await server.post(url, SAID, other), 409, 'out-of-turn').detail, /rejected in entry/);
      isProblem(await ask([report.digest]), 409, 'out-of-turn');
      isProblem(
        await server.post(`/reports/${report.digest}/resolution`, { by: 'a', what: 'b' }, planner),
        409,
        'out-of-turn',
      );
      isProblem(await server.get(`/amendments/${'0'.repeat(64)}`), 404, 'unknown-amendment');

      // One that names no place needs one, and one that it can be about.
      const vague = `/reports/${(await file(SOMEWHERE)).digest}/verification`;
      assert.match(isProblem(await server.post(vague, SAID, other), 422, 'report-faulty').detail, /name the place/);
      for (const wrong of [
        { region: 'upper' },
        { route: { from: 'port', to: 'nowhere', mode: 'truck' } },
        { site: 'port' },
      ])
        isProblem(await server.post(vague, { ...SAID, place: wrong }, other), 422, 'report-faulty');
      assert.deepEqual(await faultsOf(server), []);
    }));

  it('that contradict each other amend nothing, and all contradictions are named', () =>
    withServer(async (server) => {
      const { file, verify, amend } = await relief(server);
      const narrow = (by: string, capacityTonnes: number): FieldReport => {
        const { closed: _, until: __, ...rest } = CLOSED;
        return { ...rest, by, from: 0, capacityTonnes };
      };
      const reports = [];
      for (const [by, tonnes] of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ] as const) {
        const filed = await file(narrow(by, tonnes));
        await verify(filed);
        reports.push(filed.digest);
      }
      const size = server.ledger.size();
      const problem = isProblem(await amend(reports), 409, 'amendment-conflict');
      assert.equal(problem.errors?.length, 3);
      for (const { mend, detail } of problem.errors ?? []) assert.ok(mend && /period/.test(detail), detail);
      assert.equal(server.ledger.size(), size);
      // One that supersedes another settles it between the two.
      const settles = await file({ ...narrow('d', 2), supersedes: reports[0]! });
      await verify(settles);
      const answer = made(await amend([reports[0]!, settles.digest]));
      assert.deepEqual(answer.amendment.reports, [settles.digest]);
      // What the scenario holds already does not enter it again.
      const again = isProblem(await amend([settles.digest], answer.amendment.scenario), 409, 'out-of-turn');
      assert.match(again.detail, /holds the report/);
      assert.deepEqual(await faultsOf(server), []);
    }));

  it('are replaced by one of another organisation once that is verified, and by one in a scenario not at all', () =>
    withServer(async (server) => {
      const { other, planner, file, verify, amend, read } = await relief(server);
      const theirs = await as(server, 'state.org', 'field');
      const first = await file(CLOSED);
      const correction = { ...CLOSED, by: 'State office', supersedes: first.digest };
      const second = made(await server.post('/reports', correction, theirs));
      assert.equal((await read(first.digest)).state, 'filed', 'anybody could silence a report');
      made(await server.post(`/reports/${second.digest}/verification`, SAID, planner));
      assert.deepEqual([(await read(first.digest)).state, (await read(first.digest)).step], ['superseded', null]);
      const taken = await file({ ...FOUND, by: 'Taken up' });
      await verify(taken);
      made(await amend([taken.digest]));
      await file({ ...FOUND, by: 'Too late', supersedes: taken.digest });
      assert.deepEqual([(await read(taken.digest)).state, (await read(taken.digest)).step], ['amended', 'resolve']);
      made(await server.post(`/reports/${taken.digest}/resolution`, { by: 'State', what: 'Sent.' }, other));
      assert.deepEqual(await faultsOf(server), []);
    }));

  it('can be verified and amended by signatures, which the token that sends them does not replace', () =>
    withServer(async (server) => {
      const { keys, field, planner, other, file, read } = await relief(server);
      const report = await file(CLOSED);
      const url = `/reports/${report.digest}/verification`;
      const draft = async (address: string, body: object) => {
        const answer = await server.post(address, body, other);
        assert.equal(answer.status, 200, answer.text);
        return answer.json<Draft>();
      };
      const sign = (what: Draft, key = keys.state) => signDraft(what, key, { ...now(), salt: randomBytes(32) });
      const said = await draft(`${url}/draft`, SAID);
      assert.match(
        isProblem(await server.post(url, sign(said, keys.cross), other), 409, 'out-of-turn').detail,
        /cross\.org filed/,
      );
      const stranger = isProblem(
        await server.post(url, sign(said, { ...keys.state, name: 'nobody.org' }), other),
        422,
        'signature-refused',
      );
      assert.match(stranger.detail, /not on the record/);
      const elsewhere = await file(FOUND);
      isProblem(
        await server.post(`/reports/${elsewhere.digest}/verification`, sign(said), other),
        422,
        'signature-refused',
      );
      const ahead = signDraft(said, keys.state, {
        ...{ idem: randomUUID(), ts: new Date(Date.now() + 86_400_000).toISOString(), salt: randomBytes(32) },
      });
      assert.match(isProblem(await server.post(url, ahead, other), 422, 'signature-refused').detail, /set the clock/);
      const signed = sign(said);
      isProblem(await server.post(url, signed, { ...other, 'idempotency-key': 'x' }), 400, 'invalid-request');
      isProblem(await server.post('/amendments', signed, other), 400, 'invalid-request');
      isProblem(await server.post(url, signed, field), 403, 'forbidden');
      // Sent by the reporter's own organisation: the signature says who verifies.
      const verified = made(await server.post(url, signed, planner));
      assert.equal(made(await server.post(url, signed, other), 200).receipt.seq, verified.receipt.seq);

      const asked = { scenario: scenarioDigest(VALLEY), reports: [report.digest] };
      const change = await draft('/amendments/draft', asked);
      assert.ok(change.kind === 'amendment');
      const lie = { ...change, content: { ...change.content, words: ['Nothing changes.'] } };
      isProblem(await server.post('/amendments', sign(lie), planner), 422, 'signature-refused');
      const amended = made(await server.post('/amendments', sign(change), planner));
      isProblem(await server.post('/amendments', sign(change), planner), 409, 'idempotency-conflict');
      const life = await read(report.digest);
      assert.deepEqual(
        life.trail.map(({ kind, org, signed }) => [kind, org, signed]),
        [
          ['report', 'cross.org', false],
          ['verification', 'state.org', true],
          ['amendment', 'state.org', true],
        ],
      );
      assert.equal((await server.get(amended.location)).json<Step>().amendment.scenario, amended.amendment.scenario);
      const { faults, signatures } = await verifyBundle((await server.get('/ledger/bundle')).json(), CHECKS);
      assert.deepEqual([faults, signatures], [[], 2]);
    }));

  it('need at least two names where no organisation is registered', () =>
    withServer(async (server) => {
      made(await server.post('/scenarios', VALLEY));
      const report = made(await server.post('/reports', CLOSED));
      const url = `/reports/${report.digest}/verification`;
      const same = { ...SAID, by: ` ${CLOSED.by.toUpperCase()}` };
      assert.match(isProblem(await server.post(url, same), 409, 'out-of-turn').detail, /somebody else/);
      made(await server.post(url, SAID));
      assert.deepEqual(await faultsOf(server), []);
    }));

  it('take photos that are pictures of two megabytes at most, as they came', () =>
    withServer(async (server) => {
      const send = (payload: Buffer, type = 'image/jpeg') =>
        server.ask({ method: 'POST', url: '/photos', headers: { 'content-type': type }, payload });
      for (const [bytes, type] of [
        [jpeg('a'), 'image/jpeg'],
        [png('b'), 'image/png'],
        [webp('c'), 'image/webp'],
      ] as const) {
        // What it is is told by its bytes, not by what the sender says.
        for (const said of [type, 'application/octet-stream', 'image/png']) {
          const answer = made(await send(bytes, said));
          const { type: told, note } = answer as unknown as { type: string; note: string };
          assert.deepEqual([answer.digest, told], [sha256(bytes), type]);
          assert.match(note, /nothing stripped/);
        }
        const back = await server.app.inject({ url: `/photos/${sha256(bytes)}` });
        assert.deepEqual([back.headers['content-type'], back.rawPayload], [type, bytes]);
        assert.match(String(back.headers['x-content-type-options']), /nosniff/);
      }
      assert.equal((await readdir(join(server.dir, 'photos'))).length, 3);
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
      for (const bytes of [svg, Buffer.from('GIF89a'), Buffer.from([0xff, 0xd8]), Buffer.from('RIFFxxxxWAVE')])
        isProblem(await send(bytes), 415, 'unsupported-media-type');
      isProblem(await send(Buffer.alloc(0)), 415, 'unsupported-media-type');
      isProblem(await send(Buffer.from('{}'), 'application/json'), 415, 'unsupported-media-type');
      isProblem(await send(jpeg('a'), 'image/gif'), 415, 'unsupported-media-type');
      const large = Buffer.concat([jpeg('x'), Buffer.alloc(2 * 1024 * 1024)]);
      isProblem(await send(large), 413, 'too-large');
      made(await send(large.subarray(0, 2 * 1024 * 1024)));
      isProblem(
        await server.post('/reports', jpeg('a'), { 'content-type': 'image/jpeg' }),
        415,
        'unsupported-media-type',
      );
      isProblem(await server.get(`/photos/${'0'.repeat(64)}`), 404, 'unknown-photo');
      // Two reports with one photo: forgetting one leaves the other's.
      made(await server.post('/scenarios', VALLEY));
      const photo = sha256(jpeg('a'));
      const [first, second] = [
        made(await server.post('/reports', { ...CLOSED, photo })),
        made(await server.post('/reports', { ...FOUND, photo })),
      ];
      assert.equal((await readdir(join(server.dir, 'photos'))).length, 3);
      await server.ledger.forget(first.digest);
      assert.equal((await server.app.inject({ url: `/photos/${photo}` })).statusCode, 200);
      assert.deepEqual(await faultsOf(server), []);
      await server.ledger.forget(second.digest);
      assert.equal((await server.app.inject({ url: `/photos/${photo}` })).statusCode, 404);
    }));
});
