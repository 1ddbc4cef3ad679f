/** Response levels on the record: who may declare one, what is stated beside it, what comes of it, and each way to forge it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closePool } from '../engine/index.js';
import { type Declaration, declareLevel, mustReadScenario, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { CHECKS } from '../server/checks.js';
import { salted } from '../server/ledger/blobs.js';
import { blobView } from '../server/ledger/bundle.js';
import { canonicalBytes } from '../server/ledger/canonical.js';
import type { KnownEntry } from '../server/ledger/entry.js';
import { type Bundle, openLedger, verifyBundle, verifyDirectory } from '../server/ledger/index.js';
import { parseLogKey } from '../server/ledger/keys.js';
import { amendmentsTo } from '../server/replanning.js';
import { compileOnRecord, recordMade } from '../server/reports/amending.js';
import { isProblem, type TestServer, withServer } from './support/http.js';
import { inTemporary } from './support/ledger-data.js';
import { as, CLOSED, enrol, FOUND, made, VALLEY } from './support/life.js';
import { readyIn } from './support/program.js';
import { resigned } from './support/resign.js';

after(closePool);

const cross = { org: 'cross.org' };
const state = { org: 'state.org' };
const V = scenarioDigest(VALLEY);
const SAID = { by: 'Coordination', why: 'Fifty people have died.', figures: { dead: 50 } };

interface Answer {
  digest: string;
  location: string;
  declaration: Declaration;
  receipt: { seq: number; kind: string; repeated: boolean; digest: string };
}

/** The valley, a coordinator, a planner, a field worker and an auditor. */
async function relief(server: TestServer) {
  await enrol(server.ledger, 'cross.org', ['coordinator', 'planner', 'field']);
  await enrol(server.ledger, 'state.org', ['coordinator', 'planner', 'field', 'auditor']);
  const planner = await as(server, 'cross.org', 'planner');
  made(await server.post('/scenarios', VALLEY, planner));
  const coordinator = await as(server, 'state.org', 'coordinator');
  const declare = (body: object, headers: Record<string, string> = coordinator) =>
    server.post('/declarations', { scenario: V, level: 'III', ...SAID, ...body }, headers);
  return { planner, coordinator, declare };
}

const faultsOf = async (server: TestServer) =>
  (await verifyBundle((await server.get('/ledger/bundle')).json(), CHECKS)).faults;

test('a coordinator declares; others may not; the same again is answered as before', () =>
  withServer(async (server) => {
    const { planner, coordinator, declare } = await relief(server);
    for (const role of ['planner', 'field', 'auditor'] as const)
      isProblem(await declare({}, await as(server, 'state.org', role)), 403, 'forbidden');
    isProblem(await declare({}, {}), 401, 'unauthorised');
    const size = server.ledger.size();
    const first = await declare({}, { ...coordinator, 'idempotency-key': 'twelfth' });
    assert.equal(first.status, 201, first.text);
    const { digest, location, declaration, receipt } = first.json<Answer>();
    assert.deepEqual([receipt.kind, receipt.digest, location], ['declaration', digest, `/ledger/proof/${receipt.seq}`]);
    assert.equal(server.ledger.size(), size + 2, 'the scenario with the level, and the declaration');
    const declared: Scenario = { ...VALLEY, response: { level: 'III', figures: { dead: 50 } } };
    assert.deepEqual(declaration, {
      declaration: 1,
      parent: V,
      scenario: scenarioDigest(declared),
      level: 'III',
      suggested: 'III',
      because: ['dead: 50, level III from 50'],
      figures: { dead: 50 },
      rule: {
        level: 'III',
        from: { dead: 50, displaced: 500_000, collapsedRooms: 100_000, affectedShare: 0.2 },
        unlocks: 'central',
      },
      by: SAID.by,
      why: SAID.why,
    });
    assert.deepEqual((await server.get(`/scenarios/${declaration.scenario}`)).json(), declared);

    const again = await declare({}, { ...coordinator, 'idempotency-key': 'twelfth' });
    assert.deepEqual([again.status, again.json<Answer>().receipt.seq], [200, receipt.seq]);
    assert.equal((await declare({})).json<Answer>().receipt.seq, receipt.seq, 'without a key too');
    isProblem(
      await declare({ why: 'Others.' }, { ...coordinator, 'idempotency-key': 'twelfth' }),
      409,
      'idempotency-conflict',
    );
    assert.equal(server.ledger.size(), size + 2);

    const list = (query = '') => server.get(`/declarations${query}`);
    const { declarations } = (await list()).json<{ declarations: Record<string, unknown>[] }>();
    assert.deepEqual(
      declarations.map(({ ts: _, ...one }) => one),
      [
        {
          ...{ seq: receipt.seq, org: 'state.org', digest, parent: V, scenario: declaration.scenario },
          ...{ level: 'III', suggested: 'III', content: declaration },
        },
      ],
    );
    for (const about of [V, declaration.scenario])
      assert.deepEqual((await list(`?scenario=${about}`)).json(), (await list()).json());
    const other = made(await server.post('/scenarios', { ...VALLEY, id: 'other' }, planner)).digest;
    assert.deepEqual((await list(`?scenario=${other}`)).json(), { declarations: [] });
    isProblem(await list(`?scenario=${'0'.repeat(64)}`), 404, 'unknown-scenario');
    assert.deepEqual(await faultsOf(server), []);
  }));

test('the level of a scenario: suggested, declared, who gives, and what a plan for it may take', () =>
  withServer(async (server) => {
    const { planner, declare } = await relief(server);
    const level = async (digest: string) => (await server.get(`/scenarios/${digest}/level`)).json();
    const before = await level(V);
    assert.deepEqual(
      [before.level, before.suggested, before.gated, before.open, before.locked],
      [null, null, false, ['district', 'central'], []],
    );
    // The response ends: only the district's own stock is left.
    const none = (await declare({ level: null, why: 'III no longer holds.' })).json<Answer>().declaration;
    assert.deepEqual([none.level, none.suggested, none.rule], [null, 'III', null]);
    const shut = await level(none.scenario);
    assert.deepEqual([shut.level, shut.suggested, shut.gated, shut.open], [null, 'III', true, ['district']]);
    assert.deepEqual(shut.locked, [
      { tier: 'central', depots: ['port'], from: 'IV', stock: { water: 20_000, rice: 4000 } },
    ]);
    isProblem(await server.get(`/scenarios/${'0'.repeat(64)}/level`), 404, 'unknown-scenario');

    const shipped = async (scenario: string) => {
      const { result } = await server.allocate({ scenario, gap: 1e-3 }, planner);
      const { shipments, measures } = (await server.get(`/allocations/${result!.allocation}`)).json<{
        shipments: { from: string }[];
        measures: { locked?: { stock: unknown[] } };
      }>();
      return { from: new Set(shipments.map((s) => s.from)), locked: measures.locked?.stock.length ?? 0 };
    };
    assert.deepEqual(await shipped(none.scenario), { from: new Set(['store']), locked: 2 });
    const raised = (
      await declare({ scenario: none.scenario, figures: { displaced: 1_000_000 }, level: 'II' })
    ).json<Answer>();
    // What was known stays known.
    assert.deepEqual(raised.declaration.figures, { dead: 50, displaced: 1_000_000 });
    assert.deepEqual(await shipped(raised.declaration.scenario), { from: new Set(['store', 'port']), locked: 0 });
    assert.deepEqual(await faultsOf(server), []);
  }));

test('another level than the figures suggest needs a why that names it; all that is wrong is said at once', () =>
  withServer(async (server) => {
    const { declare } = await relief(server);
    const size = server.ledger.size();
    const refused = async (body: object, pattern: RegExp, pointers: string[]) => {
      const { errors, detail } = isProblem(await declare(body), 422, 'declaration-faulty');
      assert.deepEqual(errors?.map(({ pointer }) => pointer).sort(), pointers);
      assert.match(detail + JSON.stringify(errors), pattern);
    };
    await refused({ level: 'II' }, /figures suggest III \(dead: 50, level III from 50\): name III/, ['/why']);
    await refused({ level: 'IV', why: 'Level II is not due, IIIa neither.' }, /name III/, ['/why']);
    await refused({ figures: { dead: 3 } }, /figures suggest none: name none/, ['/why']);
    const odd = { ...VALLEY, depots: VALLEY.depots.map((d) => ({ ...d, tier: `${d.tier} store` })) };
    const { digest } = await server.ledger.recordScenario(odd);
    await refused({ scenario: digest, level: 'I' }, /whose level is not known/, [
      '/depots/0/tier',
      '/depots/1/tier',
      '/why',
    ]);
    assert.match((await server.get(`/scenarios/${digest}/level`)).text, /whose level is not known/);
    for (const body of [
      { level: 'V' },
      { by: ' ' },
      { why: '' },
      { figures: { affectedShare: 1.1 } },
      { figures: { deaths: 1 } },
    ])
      isProblem(await declare(body), 400, 'invalid-request');
    isProblem(await declare({ scenario: '1'.repeat(64) }), 404, 'unknown-scenario');
    assert.equal(server.ledger.size(), size + 1, 'nothing of it was recorded');
    const { declaration } = (
      await declare({ level: 'II', why: 'III is what is counted; more are missing.' })
    ).json<Answer>();
    assert.deepEqual([declaration.level, declaration.suggested, declaration.rule?.level], ['II', 'III', 'II']);
    const found = await verifyBundle((await server.get('/ledger/bundle')).json(), CHECKS);
    assert.deepEqual(found.faults, []);
    assert.deepEqual(
      found.declarations.map(({ level, suggested }) => [level, suggested]),
      [['II', 'III']],
    );
  }));

test('a report is traced through a level that was declared after it', () =>
  withServer(async (server) => {
    const { planner, coordinator, declare } = await relief(server);
    const report = made(await server.post('/reports', CLOSED, await as(server, 'cross.org', 'field'))).digest;
    const verdict = { verdict: 'verified', by: 'District office', why: 'Seen.' };
    made(await server.post(`/reports/${report}/verification`, verdict, coordinator));
    const amended = made(await server.post('/amendments', { scenario: V, reports: [report] }, planner));
    const level = { scenario: amended.amendment.scenario, level: null, why: 'Not III yet.' };
    const { scenario } = (await declare(level)).json<Answer>().declaration;
    const { result } = await server.allocate({ scenario, gap: 1e-3 }, planner);
    const { replan, effect } = (await server.get(`/reports/${report}/trace`)).json<{
      replan: { allocation: string };
      effect: { without: string; planned: { regions: unknown[] } };
    }>();
    assert.equal(replan.allocation, result!.allocation);
    // the plan without the report has the level all the same
    const without = await server.ledger.allocation(effect.without);
    const { response, routes } = (await server.ledger.scenario(without!.scenario.digest))!;
    assert.deepEqual([response, routes], [{ level: null, figures: { dead: 50 } }, VALLEY.routes]);
    assert.ok(effect.planned.regions.length > 0);
    assert.deepEqual(await faultsOf(server), []);
  }));

/** A report is amended, a level declared on top, another report amended on top of that; by honest means. */
const { honest, secret, scenarios } = await inTemporary(async (dir) => {
  let ledger = await openLedger(dir);
  await enrol(ledger, 'cross.org', ['planner', 'field']); // 0
  await enrol(ledger, 'state.org', ['coordinator', 'planner']); // 1
  await ledger.recordScenario(VALLEY); // 2
  const file = async (report: typeof CLOSED | typeof FOUND) => {
    const { digest } = await ledger.recordReport(report, undefined, cross);
    const words = { report: digest, verdict: 'verified' as const, by: 'District office', why: 'Seen.' };
    await ledger.recordVerification(words, state);
    return digest;
  };
  const closed = await file(CLOSED); // 3, 4
  const one = await compileOnRecord(ledger, V, [closed]);
  await recordMade(ledger, one, state); // 5, 6
  const declared = declareLevel(one.scenario, { level: 'III', ...SAID });
  assert.ok(declared.ok);
  await ledger.recordScenario(declared.scenario, state); // 7
  await ledger.recordDeclaration(declared.declaration, state); // 8
  const refusal = { detail: 'step', message: /holds the report of entry 3 already/ };
  const onTop = {
    ...one.amendment,
    parent: scenarioDigest(declared.scenario),
    scenario: scenarioDigest(declared.scenario),
  };
  await assert.rejects(ledger.recordAmendment(onTop, state), refusal, 'the level keeps what the scenario holds');
  await ledger.close();
  ledger = await openLedger(dir);
  await assert.rejects(ledger.recordAmendment(onTop, state), refusal, 'after a restart too');
  const found = await file({ ...FOUND, scenario: V }); // 9, 10
  const two = await compileOnRecord(ledger, scenarioDigest(declared.scenario), [found]);
  await recordMade(ledger, two, state); // 11, 12
  assert.equal(two.scenario.response?.level, 'III', 'an amendment keeps the level');
  const chain = await amendmentsTo(ledger, scenarioDigest(two.scenario));
  assert.deepEqual(
    chain.map(({ seq }) => seq),
    [6, 12],
    'amendments on both sides of the level',
  );
  const honest = await ledger.bundle();
  await ledger.close();
  assert.deepEqual((await verifyDirectory(dir, CHECKS)).faults, []);
  return { honest, secret: await readFile(join(dir, 'log.key'), 'utf8'), scenarios: [one.scenario, declared.scenario] };
});
const [PARENT, RESULT] = scenarios.map(scenarioDigest) as [string, string];

type Body = Record<string, unknown>;
/** What whoever keeps the log can make of it: entry 8 changed, its content too, all of it signed anew. */
function forged(change: (content: Body, body: Body, entry: KnownEntry) => void): Bundle {
  const blobs = [...honest.blobs];
  return resigned({ ...honest, blobs }, parseLogKey(secret)!, (entries) => {
    const entry = entries[8]!;
    const body = entry.body as unknown as Body;
    const content = JSON.parse(blobs.find(({ digest }) => digest === body.declaration)!.text);
    change(content, body, entry);
    const blob = salted(canonicalBytes(content));
    // the old content belongs to no entry any more
    blobs.splice(
      blobs.findIndex(({ digest }) => digest === body.declaration),
      1,
      { digest: blob.digest, ...blobView(blob) },
    );
    body.declaration = blob.digest;
  });
}

const FORGERIES: [string, RegExp, Parameters<typeof forged>[0]][] = [
  [
    'a level that the scenario does not have',
    /its scenario is .* make it/,
    (content, body) => {
      content.level = body.level = 'II';
      content.why = 'Not III.';
    },
  ],
  [
    'a level in the entry that its words do not give',
    /says level I, its content says III/,
    (_, body) => {
      body.level = 'I';
    },
  ],
  [
    'another suggestion than the figures make',
    /its suggested is II; .* make it III/,
    (content, body) => {
      content.suggested = body.suggested = 'II';
      content.why = 'Not II.';
    },
  ],
  [
    'a suggestion in the entry that its words do not give',
    /says suggested none, its content says III/,
    (_, body) => {
      body.suggested = 'none';
    },
  ],
  [
    'a deviation that nobody explains',
    /does not say why the level is III where the figures suggest II/,
    (content, body) => {
      content.figures = { dead: 100 };
      content.suggested = body.suggested = 'II';
    },
  ],
  [
    'figures that the scenario does not have',
    /its scenario is/,
    (content) => {
      content.figures = { dead: 51 };
      content.because = ['dead: 51, level III from 50'];
    },
  ],
  [
    'figures that nobody gave',
    /its scenario is/,
    (content) => {
      content.figures = { dead: 50, displaced: 500_000 };
      content.because = ['dead: 50, level III from 50', 'displaced: 500,000, level III from 500,000'];
    },
  ],
  [
    'reasons that are not those',
    /its because is/,
    (content) => {
      content.because = ['dead: 50'];
    },
  ],
  [
    'a rule that is not that of the level',
    /its rule is/,
    (content) => {
      content.rule = { ...Object(content.rule), from: { dead: 40 } };
    },
  ],
  [
    'a rule that unlocks less',
    /its rule is/,
    (content) => {
      content.rule = { ...Object(content.rule), unlocks: 'district' };
    },
  ],
  [
    'another parent',
    /names the parent/,
    (content) => {
      content.parent = V;
    },
  ],
  [
    'another result',
    /names the result/,
    (content) => {
      content.scenario = PARENT;
    },
  ],
  [
    'a result of another place',
    /builds on scenario .* of entry 7|builds on scenario .* of entry 5/,
    (_, body) => {
      body.resultSeq = 5;
    },
  ],
  [
    'the parent as the result',
    /names the result/,
    (_, body) => {
      body.result = body.scenario;
      body.resultSeq = body.scenarioSeq;
    },
  ],
  [
    'a field that the format does not have',
    /not as its format has it/,
    (content) => {
      content.note = 'x';
    },
  ],
  [
    'an organisation that coordinates nothing',
    /declaration is for coordinator/,
    (_content, _body, entry) => {
      entry.actor.org = 'cross.org';
    },
  ],
];

test('an honest declaration has no fault, and each way to forge it is named', async () => {
  assert.notEqual(PARENT, RESULT);
  assert.deepEqual(
    (
      await verifyBundle(
        forged(() => undefined),
        CHECKS,
      )
    ).faults,
    [],
  );
  for (const [what, message, change] of FORGERIES) {
    const { faults } = await verifyBundle(forged(change), CHECKS);
    const own = faults.filter(({ seq, kind }) => seq === 8 && ['binding', 'author', 'schema'].includes(kind));
    assert.ok(
      own.some((f) => message.test(f.what)),
      `${what}: ${JSON.stringify(faults)}`,
    );
  }
});

test('level and declare at a terminal', () =>
  inTemporary(async (dir) => {
    const run = readyIn(dir);
    await writeFile(join(dir, 'valley.json'), JSON.stringify(VALLEY));
    const free = await run('level', 'valley.json');
    assert.equal(free.status, 0, free.err);
    assert.match(free.out, /dead +unknown +20 +50 +100 +200/);
    assert.match(
      free.out,
      /Suggested: no level\..*may call for more: dead, displaced.*no response, so every depot gives/s,
    );
    const bad = async (what: RegExp, ...words: string[]) => {
      const { status, out, err } = await run(...words);
      assert.deepEqual([status, out], [2, ''], err);
      assert.match(err, what);
    };
    await bad(/expected IV, III, II, I, none/, 'declare', 'valley.json', '3', '--by', 'x', '--why', 'y');
    await bad(/--by.*--why/, 'declare', 'valley.json', 'I', '--by', 'x');
    const said = ['--by', 'BNGRC', '--why', '50 dead, none missing.'];
    await bad(/dead=N,displaced=N/, 'declare', 'valley.json', 'III', ...said, '--figures', 'dead=many');
    await bad(/name III/, 'declare', 'valley.json', 'I', ...said, '--figures', 'dead=50,displaced=84660');
    const shut = await run(
      'declare',
      'valley.json',
      'none',
      '--by',
      'BNGRC',
      '--why',
      'Not III yet.',
      '--figures',
      'dead=50',
      '--out',
      'shut.json',
    );
    assert.equal(shut.status, 0, shut.err);
    assert.match(shut.out, /BNGRC declares no level, where the figures suggest III: entry 2 of 3/);
    const scenario = mustReadScenario(await readFile(join(dir, 'shut.json'), 'utf8'));
    assert.deepEqual(scenario, { ...VALLEY, response: { level: null, figures: { dead: 50 } } });
    assert.match(shut.out, new RegExp(`${V} → ${scenarioDigest(scenario)}`));
    const view = (await run('level', 'shut.json')).out;
    assert.match(
      view,
      /Suggested: level III \(dead: 50, level III from 50\)\.\nNot known.*\nDeclared: no level\.\nTiers whose depots give: district\.\n/,
    );
    const line =
      'Locked while no level is declared: 20,000 L of water, 4,000 kg of rice at depots of central; level IV releases them.';
    assert.ok(view.includes(line), view);
    assert.deepEqual(JSON.parse((await run('level', 'shut.json', '--json')).out).open, ['district']);
    const plan = await run('allocate', 'shut.json', '--gap', '1e-3');
    assert.equal(plan.status, 0, plan.err);
    assert.ok(plan.out.includes(`- ${line}`), plan.out);

    const raised = ['declare', 'shut.json', 'III', ...said, '--out', 'open.json'];
    const first = await run(...raised, '--json');
    assert.equal(JSON.parse(first.out).declaration.level, 'III');
    assert.match((await run(...raised)).out, /as the figures suggest: .*as before/);
    assert.match(
      (await run('level', 'open.json')).out,
      /Declared: level III\.\nTiers whose depots give: district, central\.$/m,
    );
    const verified = await run('verify', 'data');
    assert.equal(verified.status, 0, verified.out);
    assert.match(verified.out, /entry 2: .* declared level none; the figures suggest III/);
    assert.match(verified.out, /declared level III, as the figures suggest/);
  }));
