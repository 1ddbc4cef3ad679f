/** `evenhand convert` of a plan, as a person runs it: every target, what it says of what it leaves out, and what a stranger makes of the archive. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { type Allocation, allocationDigest, closePool, openBook } from '../engine/index.js';
import { canonicalBytes, canonicalPieces, caseNames, writeScenario, writeZip } from '../scenarios/index.js';
import { convertCommand } from '../server/cli/files.js';
import { InputError } from '../server/cli/input.js';
import { decisionRecord } from '../server/decision.js';
import { openLedger, parseVerifierKey, verifyBundle, verifyEd25519, verifyProof } from '../server/ledger/index.js';
import { run } from './support/comparisons.js';
import { readyIn } from './support/program.js';
import { randomScenario } from './support/random.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-convert-'));
const at = (name: string) => join(folder, name);
const evenhand = readyIn(folder);
after(() => rmSync(folder, { recursive: true, force: true }));
after(closePool);

const TEXT = { type: 'string' } as const;
const scenario = randomScenario(3);
let plan: Allocation;
before(async () => {
  plan = await run(scenario, 'balanced');
  writeFileSync(at('scenario.json'), [...writeScenario(scenario)].join(''));
  writeFileSync(at('plan.json'), JSON.stringify(plan));
  const ledger = await openLedger(at('log'));
  // other decisions, whose contents are nobody's business here
  await ledger.recordAllocation(await run(randomScenario(4), 'balanced'), randomScenario(4));
  await ledger.recordAllocation(plan, scenario);
  await ledger.recordAdoption({ allocation: allocationDigest(plan), by: 'an office', why: 'a reason' });
  await ledger.close();
});

/** Files of an archive under a folder, written by somebody else's unzip where there is one. */
function unpack(archive: string, into: string): void {
  mkdirSync(into);
  try {
    execFileSync('python3', ['-m', 'zipfile', '-e', archive, into], { stdio: 'ignore' });
  } catch {
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(archive))))
      writeFileSync(join(into, name), bytes);
  }
}

describe('evenhand convert, of a plan', () => {
  it('writes every target, and says what each leaves out', async () => {
    const targets: [string, string[], RegExp, RegExp][] = [
      ['a.csv', [], /^Shipment,/, /The proof is not in it/],
      ['c.csv', ['--as', '4w'], /^Organisation \(who\),/, /transfers between depots and hubs are left out/],
      ['e.xlsx', [], /^PK/, /transfers between depots and hubs are left out/],
      ['g.geojson', [], /^\{"type":"FeatureCollection"/, /added up over all periods/],
      ['i.html', [], /^<!doctype html>/, /shipments are summed up/],
      ['j.lp', [], /^\\ Evenhand scenario/, /numbers in place of names/],
      ['k.mps', ['--stage', '1'], /^\* Evenhand scenario/, /Stages before it do as well/],
      ['l.zip', [], /^PK/, /^$/],
    ];
    for (const [name, options, start, note] of targets) {
      const { status, out, err } = await evenhand(
        'convert',
        'plan.json',
        name,
        ...options,
        '--scenario',
        'scenario.json',
        '--data',
        'log',
      );
      assert.deepEqual([status, out], [0, ''], `${name}: ${err}`);
      assert.match(readFileSync(at(name), 'latin1').slice(0, 80), start, name);
      assert.match(err, note, name);
    }
    assert.equal((parse(readFileSync(at('a.csv'))) as unknown[]).length, plan.shipments.length + 2);
    assert.match(readFileSync(at('i.html'), 'utf8'), /Entry 3 of 5/);
  });

  it('refuses what cannot be made, leaves nothing half-written, and still writes scenarios as MPS and LP', async () => {
    // in this process: what main.ts makes of an InputError is tested elsewhere
    const refused = ([from, to, ...words]: string[], message: RegExp) => {
      const { values } = parseArgs({
        args: words,
        options: { as: TEXT, stage: TEXT, scenario: TEXT, boundaries: TEXT },
      });
      const inside = (name: string) => (caseNames().includes(name) ? name : at(name));
      const flags = { stage: '0', data: at('log'), ...values };
      if (flags.scenario) flags.scenario = inside(flags.scenario);
      if (flags.boundaries) flags.boundaries = inside(flags.boundaries);
      return assert.rejects(convertCommand(at(from!), at(to!), flags), (error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return true;
      });
    };
    const own = ['--scenario', 'scenario.json'];
    await refused(['plan.json', 'x.doc', ...own], /--as one of shipments, waybills/);
    await refused(['plan.json', 'x.csv', '--as', 'nothing', ...own], /there is no --as nothing/);
    await refused(['plan.json', 'x.csv', '--as', 'flows', ...own], /flows comes as geojson, not as csv/);
    await refused(['plan.json', 'x.lp', '--stage', '77', ...own], /there is no 77/);
    await refused(['plan.json', 'x.lp', '--stage', '1.5', ...own], /stage/);
    await refused(['plan.json', 'x.csv', '--scenario', 'two-valleys'], /the plan is of scenario/);
    await refused(['plan.json', 'no/such/folder.csv', ...own], /cannot be written: ENOENT/);
    await refused(['scenario.json', 'x.csv', '--as', 'shipments'], /made of a plan/);
    writeFileSync(at('bounds.geojson'), '{"type":"FeatureCollection","features":[]}');
    await refused(
      ['plan.json', 'x.geojson', '--as', 'coverage', '--boundaries', 'bounds.geojson', ...own],
      /no property of any feature/,
    );
    assert.deepEqual(
      readdirSync(folder).filter((f) => f.startsWith('x.') || f.endsWith('.part')),
      [],
    );

    const flags = { stage: '0', data: at('log') };
    assert.equal(await convertCommand(at('scenario.json'), at('s.mps'), flags), 0);
    assert.equal(await convertCommand(at('scenario.json'), at('s.lp'), flags), 0);
    assert.match(readFileSync(at('s.lp'), 'utf8'), /^Minimize$/m);
  });

  it('makes an archive whose parts a stranger verifies one by one, and whose bytes are the same again', async () => {
    const own = ['--scenario', 'scenario.json', '--data', 'log'];
    assert.equal((await evenhand('convert', 'plan.json', 'one.zip', ...own)).status, 0);
    assert.equal((await evenhand('convert', 'plan.json', 'two.zip', ...own)).status, 0);
    assert.deepEqual(readFileSync(at('one.zip')), readFileSync(at('two.zip')));
    unpack(at('one.zip'), at('opened'));
    const file = (name: string) => readFileSync(at(join('opened', name)));
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const digest = allocationDigest(plan);
    assert.deepEqual([sha256(file('plan.json')), sha256(file('scenario.json'))], [digest, plan.scenario.digest]);
    assert.deepEqual(JSON.parse(String(file('certificate.json'))), plan.certificate);
    const told = String(file('VERIFY.txt'));
    for (const part of [
      digest,
      plan.scenario.digest,
      plan.certificate.digest,
      'evenhand check plan.json scenario.json',
    ])
      assert.ok(told.includes(part));

    const stranger = readyIn(at('opened'));
    const checked = await stranger('check', 'plan.json', 'scenario.json');
    assert.equal(checked.status, 0, checked.out + checked.err);
    const key = /--key '([^']+)'/.exec(told)?.[1] ?? '';
    const verified = await stranger('verify', 'ledger.json', '--key', key);
    assert.equal(verified.status, 0, verified.out + verified.err);
    assert.match(verified.out, /1 certificate of optimality holds/);
    const proven = await verifyProof(
      String(file('plan.tlog-proof')),
      file('entry.json'),
      parseVerifierKey(key)!,
      verifyEd25519,
    );
    assert.ok(proven && proven.size === JSON.parse(String(file('receipt.json'))).size);

    const bundle = JSON.parse(String(file('ledger.json'))) as { blobs: { text: string }[] };
    assert.equal(bundle.blobs.length, 3, 'plan, scenario and adoption, and nobody else’s contents');
    assert.ok(bundle.blobs.some(({ text }) => text === String(file('plan.json'))));
    const forged = structuredClone(bundle);
    forged.blobs[0]!.text = forged.blobs[0]!.text.replace(/\d/, (d) => String((Number(d) + 1) % 10));
    assert.equal((await verifyBundle(forged)).ok, false);
  });

  it('says where there is no record, and leaves a log out that is too long', async () => {
    const bare = await evenhand('convert', 'plan.json', 'bare.zip', '--scenario', 'scenario.json', '--data', 'nowhere');
    assert.match(bare.err, /not on the record in nowhere/);
    assert.ok(!existsSync(at('nowhere')));
    const files = unzipSync(readFileSync(at('bare.zip')));
    assert.ok(!('receipt.json' in files) && 'plan.json' in files);
    const ledger = await openLedger(at('log'));
    try {
      const record = await decisionRecord(ledger, allocationDigest(plan), 2);
      assert.equal(record?.ledger, null);
      assert.equal(await decisionRecord(ledger, plan.scenario.digest), undefined);
      assert.ok(openBook(plan, scenario));
    } finally {
      await ledger.close();
    }
  });
});

describe('pieces', () => {
  it('of canonical JSON are the canonical JSON', () => {
    const long = fc.array(
      fc.oneof(
        fc.integer(),
        fc.constant(undefined),
        fc.record({ b: fc.string(), a: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      ),
      { minLength: 0, maxLength: 1500 },
    );
    const decoder = new TextDecoder();
    const joined = (value: unknown) =>
      [...canonicalPieces(value)].map((p) => (typeof p === 'string' ? p : decoder.decode(p))).join('');
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), long, fc.constant(undefined))),
        long,
        (object, list) => {
          for (const value of [object, list, { z: list, a: [object, [list]] }]) {
            const expected = decoder.decode(canonicalBytes(value));
            assert.equal(joined(value), expected);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of a zip archive are read by somebody else, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.oneof(fc.string(), fc.uint8Array()), { maxLength: 5 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (files, stored) => {
          const archive = Buffer.concat([
            ...writeZip(files.map((pieces, n) => ({ name: `file ${n}é`, pieces, stored }))),
          ]);
          const read = unzipSync(archive);
          for (const [n, pieces] of files.entries())
            assert.deepEqual(Buffer.from(read[`file ${n}é`]!), Buffer.concat(pieces.map((p) => Buffer.from(p))));
        },
      ),
      { numRuns: 100 },
    );
    const large = Array.from({ length: 3000 }, (_, i) => `line ${i} `.repeat(100));
    const archive = Buffer.concat([...writeZip([{ name: 'large', pieces: large }])]);
    assert.equal(new TextDecoder().decode(unzipSync(archive).large), large.join(''));
  });
});
