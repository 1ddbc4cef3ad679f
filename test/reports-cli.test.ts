/** Reports at a terminal: filed into a ledger at rest, listed, and compiled onto a scenario file without any. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { mustReadScenario, scenarioDigest } from '../scenarios/index.js';
import { CHECKS } from '../server/checks.js';
import { openLedger, verifyDirectory } from '../server/ledger/index.js';
import { inTemporary } from './support/ledger-data.js';
import { CLOSED, FOUND, jpeg, SOMEWHERE, sha256, VALLEY } from './support/life.js';
import { readyIn } from './support/program.js';

test('report files once, reports lists, amend compiles files onto a file', () =>
  inTemporary(async (dir) => {
    const run = readyIn(dir);
    const write = (name: string, value: unknown) =>
      writeFile(join(dir, name), typeof value === 'string' ? value : JSON.stringify(value));
    await write('valley.json', VALLEY);
    await write('closed.json', CLOSED);
    await write('found.json', FOUND);
    await write('somewhere.json', SOMEWHERE);
    await writeFile(join(dir, 'bridge.jpg'), jpeg('the bridge'));
    const bad = async (what: RegExp, ...words: string[]) => {
      const { status, out, err } = await run(...words);
      assert.deepEqual([status, out], [2, ''], err);
      assert.match(err, what);
    };
    await bad(/no scenario .* allocate the scenario with --data/s, 'report', 'closed.json');
    const ledger = await openLedger(join(dir, 'data'));
    await ledger.recordScenario(VALLEY);
    await ledger.close();

    const first = await run('report', 'closed.json', '--photo', 'bridge.jpg', '--json');
    assert.equal(first.status, 0, first.err);
    const { digest, receipt } = JSON.parse(first.out);
    const again = JSON.parse((await run('report', 'closed.json', '--photo', 'bridge.jpg', '--json')).out);
    assert.deepEqual([again.digest, again.receipt.seq, again.receipt.repeated], [digest, receipt.seq, true]);
    const vague = await run('report', 'somewhere.json');
    assert.match(vague.out, /on the record: entry 2 of 3.*names no place.*km .*store.*upper/s);
    await write('bad.json', { ...CLOSED, route: { from: 'store', to: 'uper', mode: 'truck' } });
    await bad(/bad\.json:\n {2}\/route\/to .*did you mean "upper"\?/, 'report', 'bad.json');
    await write('twice.json', '{"report":1,"report":1}');
    await bad(/twice\.json is no JSON to rely on/, 'report', 'twice.json');
    await bad(/no JPEG, PNG or WebP/, 'report', 'found.json', '--photo', 'valley.json');

    const listed = await run('reports');
    assert.match(listed.out, /entry +report .*\n.*\n +1 .*obstacle +filed +verify +district.*\n +2 /);
    assert.match((await run('reports', '--overdue')).out, /No report is overdue/);
    assert.equal(JSON.parse((await run('reports', '--json')).out).reports[0].report.photo, sha256(jpeg('the bridge')));
    assert.deepEqual((await verifyDirectory(join(dir, 'data'), CHECKS)).faults, []);

    await write('placed.json', { report: SOMEWHERE, place: { route: { from: 'port', to: 'upper', mode: 'truck' } } });
    const amended = await run(
      'amend',
      'valley.json',
      'closed.json',
      'placed.json',
      'found.json',
      '--out',
      'after.json',
    );
    assert.equal(amended.status, 0, amended.err);
    assert.match(amended.out, /store → upper by truck is closed in periods 1–2/);
    const after = mustReadScenario(await readFile(join(dir, 'after.json'), 'utf8'));
    assert.match(amended.out, new RegExp(`${scenarioDigest(VALLEY)} → ${scenarioDigest(after)}`));
    // In whatever order, the same scenario; without --out it is what standard output has.
    const other = await run('amend', 'valley.json', 'found.json', 'closed.json', 'placed.json');
    assert.equal(scenarioDigest(mustReadScenario(other.out)), scenarioDigest(after));
    assert.match(other.err, /is closed in periods 1–2/);
    await bad(/write \{ "report": …, "place": … \}/, 'amend', 'valley.json', 'somewhere.json');
    const { closed: _, ...rest } = CLOSED;
    await write('open.json', { ...rest, by: 'another', open: true });
    await bad(/Route store → upper.*supersedes both/s, 'amend', 'valley.json', 'closed.json', 'open.json');
  }));
