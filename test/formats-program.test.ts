/** Tables by the command line and over HTTP, and LibreOffice as the program that others use. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, test } from 'node:test';
import { zipSync } from 'fflate';
import { readTables, scenarioToWorkbook, scenarioToZip, templateWorkbook } from '../scenarios/formats/index.js';
import { caseNames, readCase, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { withServer } from './support/http.js';
import { readyIn } from './support/program.js';
import { randomScenario } from './support/random.js';
import { csvFilesOf, NORTH_OUTLINE, put, sheetsOf, xlsxOf } from './support/tables.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-tables-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const evenhand = readyIn(folder);
const bookOf = (scenario: Scenario): Buffer => Buffer.concat([...scenarioToWorkbook(scenario).content]);

describe('the command line', () => {
  it('makes a template, says what is missing, and takes what was filled in', async () => {
    const made = await evenhand('template', '--out', 'new.xlsx', '--csv', 'new');
    assert.equal(made.status, 0, made.err);
    const empty = await evenhand('inspect', 'new.xlsx');
    assert.equal(empty.status, 2);
    assert.match(empty.out, /✗ Regions has no rows/);
    assert.ok(readdirSync(at('new')).includes('Routes.csv'));
    assert.equal((await evenhand('inspect', 'new')).status, 2);
  });

  it('plans from a workbook, a zip and a folder, as from the scenario itself', async () => {
    for (const to of ['book.xlsx', 'files.zip', 'folder/', 'back.json']) {
      const converted = await evenhand('convert', to === 'back.json' ? 'book.xlsx' : 'two-valleys', to);
      assert.equal(converted.status, 0, converted.err);
    }
    const digest = scenarioDigest(readCase('two-valleys'));
    const plans = new Set<string>();
    for (const from of ['book.xlsx', 'files.zip', 'folder', 'back.json']) {
      const run = await evenhand('allocate', from, '--data', 'log', '--json');
      assert.equal(run.status, 0, run.err);
      const plan = JSON.parse(run.out);
      assert.equal(plan.scenario.digest, digest);
      plans.add(JSON.stringify(plan.shipments));
      writeFileSync(at('plan.json'), run.out);
      const checked = await evenhand('check', 'plan.json', from);
      assert.equal(checked.status, 0, checked.out + checked.err);
    }
    assert.equal(plans.size, 1);
  });

  it('lists every fault by cell, and mends a copy', async () => {
    const sheets = sheetsOf();
    put(sheets, 'Stock', 'C2', '48 000');
    put(sheets, 'Routes', 'B5', 'nroth');
    writeFileSync(at('broken.xlsx'), xlsxOf(sheets));
    const before = readFileSync(at('broken.xlsx'));
    const refused = await evenhand('allocate', 'broken.xlsx');
    assert.equal(refused.status, 2);
    for (const cell of ['Stock!C2', 'Routes!B5']) assert.ok(refused.err.includes(cell), refused.err);
    const same = await evenhand('inspect', 'broken.xlsx', '--fix', 'broken.xlsx');
    assert.match(same.err, /another file/);
    const inspected = await evenhand('inspect', 'broken.xlsx', '--fix', 'mended.xlsx');
    assert.equal(inspected.status, 2);
    assert.match(inspected.out, /mended\.xlsx: a copy with 1 cell mended; 1 fault left/);
    assert.deepEqual(readFileSync(at('broken.xlsx')), before);
    const json = await evenhand('inspect', 'mended.xlsx', '--json');
    const { faults, findings } = JSON.parse(json.out);
    assert.deepEqual([faults, findings[0].sheet, findings[0].cell], [1, 'Routes', 'B5']);

    mkdirSync(at('csv'));
    for (const [name, bytes] of csvFilesOf(sheets)) writeFileSync(join(folder, 'csv', name), bytes);
    const csv = await evenhand('inspect', 'csv', '--fix', 'csv2');
    assert.match(csv.out, /csv2: a copy with 1 cell mended; 1 fault left/);
  });

  it('proposes a mapping and reads with it, from the file or the folder', async () => {
    const { Regions, ...sheets } = sheetsOf();
    const [head, ...rows] = Regions!;
    const caseload = [
      head!.map((h) => (h === 'People' ? 'Pop. affected' : h === 'Id' ? 'P-Code (district)' : h)),
      ...rows,
    ];
    writeFileSync(at('own.xlsx'), xlsxOf({ ...sheets, Caseload: caseload }));
    assert.equal((await evenhand('inspect', 'own.xlsx')).status, 2);
    assert.equal((await evenhand('map', 'own.xlsx', '--out', 'mapping.json')).status, 0);
    const read = await evenhand('inspect', 'own.xlsx', '--map', 'mapping.json');
    assert.equal(read.status, 0, read.out);
    assert.ok(read.out.includes(scenarioDigest(readCase('two-valleys'))));
    mkdirSync(at('own'));
    for (const [name, bytes] of csvFilesOf({ ...sheets, Caseload: caseload }))
      writeFileSync(join(folder, 'own', name), bytes);
    assert.equal((await evenhand('map', 'own', '--out', 'own/mapping.json')).status, 0);
    assert.equal((await evenhand('inspect', 'own')).status, 0);
  });

  it('joins outlines that come in a file of their own', async () => {
    writeFileSync(at('tv.xlsx'), bookOf(readCase('two-valleys')));
    writeFileSync(at('adm2.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [NORTH_OUTLINE] }));
    const run = await evenhand('inspect', 'tv.xlsx', '--with', 'adm2.geojson', '--out', 'outlined.json');
    assert.equal(run.status, 0, run.out);
    assert.match(run.out, /"south"/);
    const { regions } = JSON.parse(readFileSync(at('outlined.json'), 'utf8'));
    assert.deepEqual(regions[0].polygon.coordinates, NORTH_OUTLINE.geometry.coordinates);
    // what a workbook cannot hold is said
    const back = await evenhand('convert', 'outlined.json', 'again.xlsx');
    assert.match(back.err, /again\.xlsx does not hold .*outlines of 1 region/);
  });

  it('says why a file is not read at all', async () => {
    mkdirSync(at('many'));
    const many = csvFilesOf(sheetsOf());
    many.set('Regions.csv', Buffer.from(`Id\n${Array.from({ length: 100_001 }, (_, i) => i).join('\n')}`));
    for (const [name, bytes] of many) writeFileSync(join(folder, 'many', name), bytes);
    const refused = await evenhand('inspect', 'many');
    assert.equal(refused.status, 2);
    assert.match(refused.err, /many: Regions\.csv has over 100,000 ids/);
    writeFileSync(
      at('macros.xlsx'),
      zipSync({ 'xl/vbaProject.bin': new Uint8Array(1), '[Content_Types].xml': new Uint8Array(1) }),
    );
    const run = await evenhand('allocate', 'macros.xlsx');
    assert.equal(run.status, 2);
    assert.match(run.err, /macros/);
  });
});

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

test('POST /scenarios takes workbooks and zips, and names sheet and cell of a fault', () =>
  withServer(async (server) => {
    const scenario = readCase('two-valleys');
    const send = async (type: string, body: Uint8Array, more: Record<string, string> = {}) => {
      const answer = await server.post('/scenarios', Buffer.from(body), { 'content-type': type, ...more });
      return { status: answer.status, body: answer.json() };
    };
    const first = await send(XLSX, bookOf(scenario));
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.equal(first.body.digest, scenarioDigest(scenario));
    const second = await send('application/zip', Buffer.concat([...scenarioToZip(scenario).content]));
    assert.deepEqual([second.status, second.body.digest], [200, scenarioDigest(scenario)]);

    // and gives the same: by Accept, read again with the same digest, once for who has it already
    const address = `/scenarios/${scenarioDigest(scenario)}`;
    for (const type of [XLSX, 'application/zip']) {
      const file = await server.app.inject({ url: address, headers: { accept: type } });
      assert.deepEqual([file.statusCode, file.headers['content-type']], [200, type]);
      const read = readTables(file.rawPayload);
      assert.equal(read.ok && scenarioDigest(read.scenario), scenarioDigest(scenario));
      const known = { 'if-none-match': String(file.headers.etag) };
      assert.equal((await server.get(address, { accept: type, ...known })).status, 304);
      assert.equal((await server.get(address, known)).json().id, scenario.id, 'JSON is another file');
    }

    const sheets = sheetsOf();
    put(sheets, 'Stock', 'C2', '48000 L');
    put(sheets, 'Routes', 'B5', 'nroth');
    const faulty = await send(XLSX, xlsxOf(sheets));
    assert.equal(faulty.status, 422);
    assert.deepEqual((faulty.body.errors as { pointer: string }[]).map((e) => e.pointer).sort(), [
      '/Routes/B5',
      '/Stock/C2',
    ]);
    // place, what and mend make the sentence
    for (const { place, what, mend, detail } of faulty.body.errors as Record<string, string>[])
      assert.equal(detail, `${place} ${what}: ${mend}${/[.?]$/.test(mend ?? '') ? '' : '.'}`);
    assert.deepEqual(
      new Set((faulty.body.errors as { place: string }[]).map((e) => e.place)),
      new Set(['Routes!B5', 'Stock!C2']),
    );
    const row = sheetsOf();
    put(row, 'Routes', 'B1', 'Whence');
    const noColumn = await send(XLSX, xlsxOf(row));
    const inFrench = await send(XLSX, xlsxOf(row), { 'accept-language': 'fr' });
    assert.ok(
      (noColumn.body.errors as { place: string }[]).some((e) => /^Routes row \d+$/.test(e.place)),
      JSON.stringify(noColumn.body),
    );
    assert.ok(
      (inFrench.body.errors as { place: string }[]).some((e) => /^Routes ligne \d+$/.test(e.place)),
      JSON.stringify(inFrench.body),
    );
    const bomb = await send('application/zip', zipSync({ 'Routes.csv': new Uint8Array(20 * 2 ** 20) }));
    assert.equal(bomb.status, 422);
    assert.match(String(bomb.body.detail), /400 to 1/);
    assert.equal((await send(XLSX, Buffer.from('{}'))).status, 422);
    // elsewhere only JSON is read
    const elsewhere = await server.post('/allocations', bookOf(scenario), { 'content-type': XLSX });
    assert.equal(elsewhere.status, 415);
  }));

const office = spawnSync('sh', ['-c', 'command -v soffice']);
const without = office.status === 0 ? false : 'soffice (LibreOffice Calc) is not installed';

test('LibreOffice opens what is written, and what it saves is read', { skip: without }, () => {
  const [from, to] = [at('written'), at('saved')];
  mkdirSync(from);
  const scenarios = [...caseNames().map(readCase), ...[1, 2, 3, 4, 5].map((seed) => randomScenario(seed))];
  for (const s of scenarios) writeFileSync(join(from, `${s.id}.xlsx`), bookOf(s));
  writeFileSync(join(from, 'template.xlsx'), Buffer.concat([...templateWorkbook()]));
  const files = readdirSync(from).map((name) => join(from, name));
  const run = spawnSync(
    'soffice',
    [
      '--headless',
      `-env:UserInstallation=file://${at('profile')}`,
      '--convert-to',
      'xlsx:Calc MS Excel 2007 XML',
      '--outdir',
      to,
      ...files,
    ],
    { encoding: 'utf8', timeout: 120_000 },
  );
  assert.equal(run.status, 0, run.stderr);
  for (const s of scenarios) {
    const read = readTables(readFileSync(join(to, `${s.id}.xlsx`)));
    assert.ok(read.ok, read.ok ? '' : read.findings.map((f) => f.message).join('\n'));
    assert.equal(scenarioDigest(read.scenario), scenarioDigest(s), s.id);
  }
  const template = readTables(readFileSync(join(to, 'template.xlsx')));
  assert.ok(!template.ok && template.faults === 3, JSON.stringify(template.findings));
});
