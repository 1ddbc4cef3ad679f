/** Problems in the reader's language: the server chooses by Accept-Language; jobs keep their words, logs do not have them in parts. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import Fastify from 'fastify';
import { z } from 'zod';
import { AllocateError, CourseError, closePool } from '../engine/index.js';
import { spoken } from '../scenarios/faults.js';
import { FormatError } from '../scenarios/formats/index.js';
import { PatchTestError, readCase, ScenarioError } from '../scenarios/index.js';
import { PatchPathError } from '../scenarios/patching.js';
import { english, wording } from '../scenarios/wording.js';
import { buildApp } from '../server/app.js';
import { readConfig } from '../server/config.js';
import { DeclarationError } from '../server/declaring.js';
import { failureOf, newRecord } from '../server/jobs/job.js';
import type { JobRecord } from '../server/jobs/record.js';
import { openJobStore } from '../server/jobs/store.js';
import { LANGUAGES, sayIn } from '../server/languages/languages.js';
import { joinChinese } from '../server/languages/spacing.js';
import { LedgerRefusal, openLedger } from '../server/ledger/index.js';
import { preferredLanguage } from '../server/negotiate.js';
import { type Problem, ProblemError, type ProblemKind, problemBody, problemKinds } from '../server/problem.js';
import { ReportError } from '../server/reports/filing.js';
import { wordsOfIssue } from '../server/requestwords.js';
import { SCENARIO } from '../server/schemas/examples.js';
import type { JobView } from '../server/schemas/job.js';
import { type Answer, eventsOf, isProblem, makeDir, startServer, type TestServer } from './support/http.js';

const NOBODY = 'ab'.repeat(32);
const speaking = (language: string) => ({ 'accept-language': language });

describe('words in a language', () => {
  it('are English where nobody translated them, inside others too', () => {
    const text = wording`Report ${'7'}: ${wording`words that no catalogue has`}`;
    assert.equal(sayIn('fr')(text), 'Signalement 7\u00a0: words that no catalogue has');
    assert.equal(sayIn('en')(text), english(text));
  });

  it('have a space between Chinese and Latin or digits, and none between Chinese, whatever is put in', () => {
    const zh = sayIn('zh');
    assert.equal(zh(wording`write ${'25.5'}`), '写 25.5');
    assert.equal(zh(wording`write ${'"x"'}`), '写 "x"');
    assert.equal(zh(wording`write ${wording`a list`}`), '写一个列表');
    assert.equal(
      zh(wording`${wording`The file`} ${wording`is missing`}: ${wording`state ${'id'}`}.`),
      '文件缺失：写明 id。',
    );
    assert.equal(zh(wording`${'/id'} ${wording`is missing`}: ${wording`leave it out`}.`), '/id 缺失：删去。');
    assert.equal(zh(wording`Fleet ${'卡车'}`), '卡车车队');
    assert.equal(zh(wording`${'5'} ${'piece'} of ${'tents'}`), '5 piece tents');
    assert.equal(zh(wording`${'5'} ${'件'} of ${'帐篷'}`), '5 件帐篷');
    // what stands in a file keeps its own blanks
    assert.equal(zh(wording`is ${'"甲 乙 b丙"'}`), '为 "甲 乙 b丙"');
  });

  it('change nothing but the spaces between two Chinese pieces', () => {
    const piece = fc.stringMatching(/^[ 件，。（）"a1/%é-]{0,6}$/u);
    const plain = (text: string) => text.replace(/ /g, '');
    fc.assert(
      fc.property(piece, piece, (left, right) => {
        assert.equal(plain(joinChinese(left, right)), plain(left + right));
        assert.match(joinChinese(`${left}件`, `1${right}`), /件 1/);
        assert.match(joinChinese(`${left}a `, `件${right}`), /a 件/);
        assert.match(joinChinese(`${left}件 `, `件${right}`), /件件/);
      }),
    );
  });

  it('have a title for each kind of problem', () => {
    const titles = (language: (typeof LANGUAGES)[number]) =>
      Object.keys(problemKinds).map(
        (kind) => problemBody(new ProblemError(kind as ProblemKind, 'x').said, sayIn(language)).title,
      );
    const all = LANGUAGES.map(titles);
    assert.equal(new Set(all.flat()).size, all.flat().length, 'all differ');
    assert.ok(all[2]?.every((title) => /\p{Script=Han}/u.test(title)));
  });

  it('are chosen by lookup, with weights', () => {
    const chosen: [string | undefined, string][] = [
      [undefined, 'en'],
      ['', 'en'],
      ['fr', 'fr'],
      ['fr-CA', 'fr'],
      ['FR-ca, en;q=0.8', 'fr'],
      ['zh-TW', 'zh'],
      ['zh-Hans-CN', 'zh'],
      ['en-GB, fr;q=0.9', 'en'],
      ['en;q=0.2, zh;q=0.3, fr;q=0.25', 'zh'],
      ['de, fr;q=0.5', 'fr'],
      ['de', 'en'],
      ['*', 'en'],
      ['de, *;q=0.1', 'en'],
      ['en;q=0, *', 'fr'],
      ['fr;q=0', 'en'],
      ['fr;q=0, *', 'en'],
      ['fr;q=2', 'en'],
      ['fr;q=0x1', 'en'],
      ['fr;q=1e-3', 'en'],
      ['fr;q=-0', 'en'],
      ['fr;q=1.', 'fr'],
      ['french', 'en'],
      [';;,,q=1', 'en'],
    ];
    for (const [header, language] of chosen) assert.equal(preferredLanguage(header, LANGUAGES), language, header);
  });
});

describe('errors in a log', () => {
  const text = wording`names ${'7'}`;
  const fault = { pointer: '/id', ...spoken({ found: text, what: text, mend: text, message: text }) };

  it('are words and not their parts, of every kind of error', async () => {
    const log = logOf();
    const app = Fastify({ logger: { level: 'info', stream: log.stream } });
    for (const error of [
      new AllocateError('unsupported', text),
      new CourseError([text]),
      new DeclarationError([fault]),
      new FormatError(text),
      new LedgerRefusal('step', text),
      new PatchPathError({ op: 'remove', path: '/a' }),
      new PatchTestError('/a'),
      new ProblemError('internal', text, { errors: [{ pointer: '', detail: text }] }),
      new ReportError([fault]),
      new ScenarioError([fault]),
    ])
      app.log.error({ err: error }, error.constructor.name);
    await app.close();
    const lines = log.lines();
    assert.equal(lines.length, 10);
    for (const line of lines) {
      assert.ok(!JSON.stringify(line).includes('"pattern"'), JSON.stringify(line));
      assert.match(String(line.err?.message), /7|patch/);
    }
  });

  it('of a job that fails say why, in one line', async () => {
    const log = logOf();
    const dir = await makeDir();
    const ledger = await openLedger(dir);
    const app = await buildApp({
      ledger,
      config: readConfig({ data: dir, rate: 0 }, {}),
      logger: { level: 'error', stream: log.stream },
    });
    const payload = { scenario: SCENARIO, policy: [{ stage: 'maxmin' }], solver: 'jslp' };
    const { job } = (await app.inject({ method: 'POST', url: '/allocations', payload })).json<JobView>();
    await app.inject(`/jobs/${job}/events`);
    await app.close();
    await ledger.close();
    await rm(dir, { recursive: true });
    const [line] = log.lines();
    assert.equal(line?.msg, 'a job failed');
    assert.deepEqual(Object.keys(line?.err ?? {}).sort(), ['kind', 'message', 'name', 'stack', 'type']);
  });
});

/** What a log has in it, line by line. */
function logOf() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  type Line = { msg: string; err?: Record<string, unknown> };
  return { stream, lines: () => text.split('\n').flatMap((line): Line[] => (line === '' ? [] : [JSON.parse(line)])) };
}

describe('problems over HTTP', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(await makeDir(), { concurrency: 1 });
  });
  after(async () => {
    await server.close();
    await rm(server.dir, { recursive: true });
    await closePool();
  });

  /** A problem in the language that the answer says, and that caches keep apart. */
  function isIn(language: string, answer: Answer, status: number, kind: ProblemKind): Problem {
    const problem = isProblem(answer, status, kind);
    assert.equal(answer.headers['content-language'], language);
    assert.match(String(answer.headers.vary), /\baccept-language\b/);
    return problem;
  }

  it('say in three languages that nothing is on the record under a digest', async () => {
    const ask = (language: string) => server.get(`/scenarios/${NOBODY}`, speaking(language));
    const fr = isIn('fr', await ask('fr-CH, en;q=0.5'), 404, 'unknown-scenario');
    assert.equal(fr.title, 'Aucun scénario de cette empreinte n’est au registre');
    assert.equal(fr.detail, `Aucun scénario ${NOBODY} n’est au registre.`);
    const zh = isIn('zh', await ask('zh-CN'), 404, 'unknown-scenario');
    assert.equal(zh.detail, `记录中没有情景 ${NOBODY}。`);
    const en = await ask('de');
    assert.equal(isIn('en', en, 404, 'unknown-scenario').detail, `No scenario ${NOBODY} is on the record.`);
    assert.equal(en.text, (await server.get(`/scenarios/${NOBODY}`)).text);
  });

  it('say all faults of a scenario and of a request, with the same places', async () => {
    const faulty = { ...SCENARIO, color: 'red', regions: [{ ...SCENARIO.regions[0], floor: 'high' }] };
    const ask = async (language: string) =>
      isIn(language, await server.post('/scenarios', faulty, speaking(language)), 422, 'scenario-faulty');
    const [en, fr, zh] = [await ask('en'), await ask('fr'), await ask('zh')];
    const places = ({ errors }: Problem) => errors?.map(({ pointer, line, column }) => [pointer, line, column]);
    assert.deepEqual([places(fr), places(zh)], [places(en), places(en)]);
    assert.ok((en.errors?.length ?? 0) >= 2);
    assert.match(fr.detail, /^Le scénario a \d erreurs/);
    assert.match(zh.detail, /^情景有 \d 处错误/);
    for (const [i, { detail, mend }] of en.errors?.entries() ?? [])
      for (const other of [fr, zh]) {
        assert.notEqual(other.errors?.[i]?.detail, detail);
        assert.notEqual(other.errors?.[i]?.mend, mend);
        assert.equal(typeof other.errors?.[i]?.detail, 'string');
      }
    // the pointer, what and the mend make the sentence, in any language
    for (const { errors } of [en, fr, zh])
      for (const { pointer, detail, what, mend, place } of errors ?? []) {
        assert.ok(what && mend && detail.startsWith(`${pointer} ${what}`), detail);
        assert.ok(detail.slice(pointer.length + 1 + what.length).includes(mend), detail);
        assert.equal(place, undefined, 'a file that is no table has pointers alone');
      }

    const query = await server.get('/jobs?limit=0&foo=1', speaking('fr'));
    const details = isIn('fr', query, 400, 'invalid-request').errors?.map(({ detail }) => detail);
    assert.deepEqual(details, ['Trop petit\u00a0: attendu un nombre >=1', 'Champ inconnu\u00a0: "foo"']);
    const body = await server.post('/comparisons', { allocations: [1, NOBODY] }, speaking('fr'));
    assert.match(
      isIn('fr', body, 400, 'invalid-request').detail,
      /^\/allocations\/0\s: Valeur non valable\s: attendu un texte, reçu un nombre$/,
    );
  });

  it('have no English in them where an address, a key or a number of signs is wrong', async () => {
    const address = isIn('fr', await server.get('/%ff', speaking('fr')), 404, 'not-found');
    assert.match(address.detail, /^L’adresse a un % /);
    const { digest } = (await server.post('/scenarios', SCENARIO)).json<{ digest: string }>();
    const body = { scenario: digest, level: 'IV', by: 'a\ud800', why: 'x' };
    const odd = await server.post('/declarations', body, speaking('zh'));
    assert.ok(
      !/pattern|\\p|\^/.test(isProblem(odd, odd.status, odd.json<Problem>().type.split(':')[3] as ProblemKind).detail),
      odd.text,
    );
    const issue = z.strictObject({ key: z.string().length(3) }).safeParse({ key: 'a' }).error!.issues[0]!;
    assert.equal(sayIn('fr')(wordsOfIssue(issue)), 'Trop court\u00a0: nombre de caractères attendu exactement 3');
    const name = z.string().regex(/^x$/).safeParse('y').error!.issues[0]!;
    assert.equal(sayIn('en')(wordsOfIssue(name)), 'has another form than is documented');
  });

  it('refuse a step out of turn in the language of whoever takes it', async () => {
    const scenario = (await server.post('/scenarios', SCENARIO)).json<{ digest: string }>().digest;
    const said = { report: 1, scenario, kind: 'need', observed: '2026-11-23T07:30:00Z', by: 'post 7' };
    const filed = await server.post('/reports', { ...said, region: 'upper', people: 100, from: 0 });
    const url = `/reports/${filed.json<{ digest: string }>().digest}/verification`;
    const verdict = { verdict: 'rejected', by: 'District office', why: 'Nobody is there.' };
    const same = await server.post(url, { ...verdict, by: 'post 7' }, speaking('fr'));
    assert.match(isIn('fr', same, 409, 'out-of-turn').detail, /^post 7 a déposé le signalement/);
    assert.equal((await server.post(url, verdict)).status, 201);
    const late = { ...verdict, why: 'Once more.' };
    const fr = isIn('fr', await server.post(url, late, speaking('fr')), 409, 'out-of-turn');
    assert.equal(fr.detail, 'le signalement a déjà été rejeté à l’écriture 2');
    assert.equal(fr.title, 'Cette étape n’est pas possible maintenant, ou pas par vous');
    const zh = isIn('zh', await server.post(url, late, speaking('zh')), 409, 'out-of-turn');
    assert.equal(zh.detail, '该报告已在第 2 条中驳回');
    const resolved = await server.post(url.replace('verification', 'resolution'), { by: 'x', what: 'y' });
    assert.match(resolved.text, /"detail":"the report was rejected in entry 2: there is nothing to resolve"/);
  });

  it('tell of a report that is at fault', async () => {
    const scenario = (await server.post('/scenarios', SCENARIO)).json<{ digest: string }>().digest;
    const report = { report: 1, scenario, kind: 'need', observed: '2026-11-23T07:30:00Z', by: 'post 7', from: 0 };
    const asked = { ...report, region: 'upper', people: 10, supersedes: NOBODY };
    const fr = isIn('fr', await server.post('/reports', asked, speaking('fr')), 422, 'report-faulty');
    assert.equal(fr.errors?.[0]?.mend, 'indiquer l’empreinte de son reçu');
    assert.match(fr.errors?.[0]?.detail ?? '', /^\/supersedes désigne .* qui n’est pas un signalement du registre/);
  });

  it('keep the words of a job that failed, for any reader and across a restart', async () => {
    const { digest } = (await server.post('/scenarios', { ...SCENARIO, id: 'forgotten' })).json<{ digest: string }>();
    // it waits behind a longer one until its scenario is gone
    const first = (await server.post('/allocations', { scenario: readCase('enawo'), gap: 1e-6 })).json<JobView>();
    const { job } = (await server.post('/allocations', { scenario: digest })).json<JobView>();
    assert.ok(await server.ledger.forget(digest));
    await server.ask({ method: 'DELETE', url: first.location });
    const { error } = await server.finished(job);
    assert.equal(error?.detail, `No scenario ${digest}.`);

    const inFrench = async () => {
      const answer = await server.get(`/jobs/${job}`, speaking('fr'));
      assert.match(String(answer.headers.vary), /\baccept-language\b/);
      const view = answer.json<JobView & { said?: unknown }>();
      assert.equal(view.said, undefined, 'only words are answered');
      assert.deepEqual(Object.keys(view.error ?? {}).sort(), ['detail', 'instance', 'status', 'title', 'type']);
      assert.equal(view.error?.detail, `Aucun scénario ${digest}.`);
      assert.equal(view.error?.instance, `/jobs/${job}`);
    };
    await inFrench();
    const [last] = eventsOf((await server.get(`/jobs/${job}/events`, speaking('zh'))).text);
    assert.deepEqual([last?.event, last?.data.detail], ['failed', `没有情景 ${digest}。`]);

    const { dir } = server;
    await server.close();
    server = await startServer(dir);
    await inFrench();
    assert.equal((await server.get(`/jobs/${job}`)).json<JobView>().error?.detail, error?.detail);
    const [listed] = (await server.get('/jobs', speaking('zh'))).json<{ jobs: JobView[] }>().jobs;
    assert.equal(listed?.error?.title, '记录中没有该摘要值的情景');

    // of a job whose parts are not there, or not such as are known here, there are the English words alone
    const parts = join(dir, 'jobs', `${job}.said`);
    const kept = await readFile(parts, 'utf8');
    const { detail } = JSON.parse(kept);
    let deep: unknown = 'words';
    for (let n = 0; n < 300; n++) deep = { pattern: '{0}', values: [deep] };
    for (const odd of [
      undefined,
      '{}',
      '{"kind":',
      JSON.stringify({ kind: 'unknown-planet', detail, errors: [] }),
      JSON.stringify({ kind: 'internal', detail: { pattern: 7, values: [] }, errors: [] }),
      JSON.stringify({ kind: 'internal', detail: deep, errors: [] }),
      JSON.stringify({ kind: 'internal', detail, errors: [{ pointer: '', detail: null }] }),
    ]) {
      await server.close();
      await (odd === undefined ? rm(parts) : writeFile(parts, odd));
      server = await startServer(dir);
      assert.deepEqual((await server.get(`/jobs/${job}`, speaking('fr'))).json<JobView>().error, error, odd);
      assert.equal((await server.get('/jobs', speaking('fr'))).status, 200, odd);
    }
    await writeFile(parts, kept);
  });

  it('keep the record of a failed job in the form that it always had', async () => {
    const store = await openJobStore(join(server.dir, 'jobs'));
    const detail = wording`${'/id'} is missing`;
    const errors = [{ pointer: '/id', detail, what: wording`is missing`, place: 'Scenario!B2', mend: 'x' }];
    const record = newRecord({ scenario: NOBODY }, null, new Date());
    const failed: JobRecord = {
      ...record,
      state: 'failed',
      ...failureOf(record.id, { kind: 'scenario-faulty', detail, errors }),
    };
    await store.save(failed);
    const file = JSON.parse(await readFile(join(server.dir, 'jobs', `${record.id}.json`), 'utf8'));
    assert.equal(file.said, undefined);
    assert.deepEqual(file.error.errors, [{ pointer: '/id', detail: '/id is missing', mend: 'x' }]);
    const [loaded] = (await store.load()).records.filter(({ id }) => id === record.id);
    assert.deepEqual(loaded?.said, failed.said);
    await rm(join(server.dir, 'jobs', `${record.id}.json`));
    await store.load();
    assert.ok(!(await readdir(join(server.dir, 'jobs'))).some((name) => name.startsWith(record.id)), 'nothing stays');
  });

  it('tell whoever repeats a key in their own language why that job failed', async () => {
    const asked = { scenario: SCENARIO, policy: [{ stage: 'maxmin' }], solver: 'jslp' };
    const key = { 'idempotency-key': 'once' };
    const { job, error } = await server.allocate(asked, key);
    const again = (await server.post('/allocations', asked, { ...key, ...speaking('fr') })).json<JobView>();
    assert.equal(again.job, job);
    assert.equal(error?.title, 'This cannot be allocated as asked');
    assert.equal(again.error?.title, 'Ceci ne peut être réparti comme demandé');
  });
});
