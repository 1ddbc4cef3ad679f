/** What a file can have wrong before it is a scenario at all, and where its faults are said to be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generate, readCase, readScenario } from '../scenarios/index.js';
import { mustBeTold } from './support/pseudo.js';

function faultsOf(text: string) {
  const read = readScenario(text);
  assert.ok(!read.ok, 'refused');
  for (const fault of read.faults.slice(0, 5)) mustBeTold(fault, text);
  return read.faults;
}

const malformed: [text: string, line: number, column: number, mend: RegExp][] = [
  ['', 1, 1, /value/],
  ['{', 1, 2, /close the object/],
  ['{\n  "a": 1,\n}', 3, 1, /comma/],
  ['{\n  "a" 1\n}', 2, 7, /colon/],
  ['{"a": 1\n "b": 2}', 2, 2, /comma/],
  ['{"a": [1, 2}', 1, 12, /comma|list/],
  ['{} x', 1, 4, /./],
  ['// no\n{}', 1, 1, /comment/],
  ['{"a": "x\ny"}', 1, 7, /double quote/],
  ['{"a": 1e}', 1, 7, /number/],
  ['{"a": NaN}', 1, 7, /number/],
  ["{'a': 1}", 1, 2, /double quotes/],
  ['{"a": "\\x"}', 1, 7, /backslash/],
  ['{"a": 01}', 1, 8, /./],
  ['\ufeff{}', 1, 1, /without/],
];
for (const [text, line, column, mend] of malformed) {
  test(`malformed JSON has one fault with its place: ${JSON.stringify(text)}`, () => {
    const faults = faultsOf(text);
    assert.deepEqual(
      faults.map((f) => [f.pointer, f.line, f.column]),
      [['', line, column]],
    );
    assert.match(faults[0]!.mend, mend);
  });
}

test('whatever JSON.parse refuses is refused with a place', () => {
  const good = JSON.stringify(readCase('two-valleys'));
  fc.assert(
    fc.property(
      fc.nat(good.length - 1),
      fc.constantFrom('', '{', '"', ',', '\n', '\\', 'x', '1', '\u0000'),
      (at, sign) => {
        const text = good.slice(0, at) + sign + good.slice(at + 1);
        try {
          JSON.parse(text);
        } catch {
          const faults = faultsOf(text);
          assert.equal(faults.length, 1);
          assert.ok((faults[0]!.line ?? 0) >= 1 && (faults[0]!.column ?? 0) >= 1);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a duplicate key is a fault wherever it stands, even with the same value', () => {
  const text = JSON.stringify(readCase('two-valleys'), null, 1);
  const twice = text
    .replace('"id": "port",', '"id": "port",\n"id": "port",')
    .replace(/"evenhand": 1,/, '"evenhand": 1, "evenhand": 1,')
    .replace('"tarpaulin": 1900', '"tarpaulin": 1900, "tarpau\\u006cin": 1900');
  const faults = faultsOf(twice);
  assert.deepEqual(
    faults.map((f) => f.pointer),
    ['/evenhand', '/depots/1/id', '/regions/0/demand/tarpaulin'],
  );
  const lines = twice.split('\n');
  for (const f of faults) assert.ok(lines[f.line! - 1]!.slice(f.column! - 1).startsWith('"'), 'the place is the key');
});

test('nesting without end is refused, not followed', () => {
  for (const text of ['['.repeat(100_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"a":'.repeat(100_000)]) {
    const [fault, ...others] = faultsOf(text);
    assert.equal(others.length, 0);
    assert.match(fault!.message, /64 levels/);
  }
});

test('faults of a small file come in order of place, at the entry or at what should hold it', () => {
  const text = JSON.stringify(readCase('two-valleys'), null, 2)
    .replace('"to": "south"', '"to": "sotuh"')
    .replace(/ {6}"weightKg": 25,\n/, '');
  const lines = text.split('\n');
  const at = (needle: string) => lines.findIndex((l) => l.includes(needle)) + 1;
  const faults = faultsOf(text);
  assert.deepEqual(
    faults.map((f) => [f.pointer, f.line, f.column]),
    [
      ['/resources/1/weightKg', at('"id": "rice"') - 1, 5],
      ['/routes/4/to', at('sotuh'), 7],
    ],
  );
});

test('a large file is checked as well, without places', () => {
  const scenario = generate('nation-week', 4294967295);
  const text = JSON.stringify({ ...scenario, fleets: [{ mode: 'train', tonneKm: 1 }] });
  assert.ok(text.length > 4 * 1024 * 1024);
  assert.deepEqual(
    faultsOf(text).map((f) => [f.pointer, f.line]),
    [['/fleets/0/mode', undefined]],
  );
});

test('what is read is the file as written', () => {
  const text = JSON.stringify(readCase('two-valleys'));
  assert.deepEqual(readScenario(text), { ok: true, scenario: JSON.parse(text) });
});
