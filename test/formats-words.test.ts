/** What is said of tables holds its words in wordings, also where it is no fault, and keeps them between threads. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { zipSync } from 'fflate';
import { gridsOfBytes, readMapping, readTables } from '../scenarios/formats/index.js';
import { LIMITS } from '../scenarios/formats/limits.js';
import { MappingError } from '../scenarios/formats/mapping.js';
import { english, mapText, type Text, wording } from '../scenarios/wording.js';
import { sayIn } from '../server/languages/languages.js';
import { createReader } from '../server/reading/reader.js';
import { put, sheetsOf, xlsxOf } from './support/tables.js';
import { assertFindingsInParts, assertInParts } from './support/wordings.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

test('numbers are set apart as each language does', () => {
  const large = new Uint8Array(LIMITS.fileBytes + 1);
  let said: Text = '';
  assert.throws(
    () => readTables(large),
    (error: { said: Text }) => {
      said = error.said;
      return true;
    },
  );
  assert.match(english(said), /^The file has 67,108,865 bytes; at most 67,108,864 are read\.$/);
  assert.equal(
    sayIn('fr')(said),
    'Le fichier a 67 108 865 octets ; 67 108 864 au plus sont lus.'
      .replaceAll(/(?<=\d) (?=\d)/g, '\u202f')
      .replace(' ;', '\u00a0;'),
  );
});

test('a pointer in what is said becomes its cell, and no other text changes', () => {
  const said = wording`is ${'x'}, which ${'/depots/1'} has already, ${3} times: ${wording`see ${'/depots/1'}`}`;
  const changed = mapText(said, (text) => (text === '/depots/1' ? wording`${'Depots'} row ${3}` : text));
  assert.equal(english(changed), 'is x, which Depots row 3 has already, 3 times: see Depots row 3');
  assert.equal(english(said), 'is x, which /depots/1 has already, 3 times: see /depots/1');
});

describe('of what is no fault, or no fault of a cell, all words are in wordings as well', () => {
  it('notices: a sheet, a column, an entry and a place that nobody expects, an example', () => {
    const sheets = sheetsOf();
    sheets.Remarkable = [['a'], ['b']];
    put(sheets, 'Regions', 'L1', 'Chief');
    put(sheets, 'Resources', 'P2', 'see below');
    put(sheets, 'Regions', 'C2', -48.42);
    put(sheets, 'Stock', 'A9', 'example-depot');
    const bytes = xlsxOf(sheets);
    const { ok, findings } = readTables(bytes);
    assert.ok(ok);
    assert.ok(findings.length >= 4 && findings.every((f) => f.severity === 'notice'), `${findings.length}`);
    assertFindingsInParts(findings, gridsOfBytes(bytes));
  });
  it('a mapping that cannot be used', () => {
    const mapping = { mapping: 1, sheets: { own: { sheet: 'Regions', columns: { colour: 'x' } } } };
    assert.throws(
      () => readMapping(JSON.stringify(mapping)),
      (error: unknown) => {
        assert.ok(error instanceof MappingError);
        assertInParts(error.said, error.message, ['own', 'colour']);
        return true;
      },
    );
    assert.throws(
      () => readTables(zipSync({ 'Routes.csv': utf8('From'), 'mapping.json': utf8(JSON.stringify(mapping)) })),
      {
        message: /^In the archive, the mapping of own names "colour", which is no column of Regions: id, name/,
        name: 'FormatError',
      },
    );
  });
});

test('what is said passes from the thread that reads to the one that answers', async () => {
  const reader = createReader();
  try {
    const refused = await reader.readTables(utf8('no workbook'));
    assert.ok(!refused.ok && 'said' in refused);
    assert.equal(english(refused.said), refused.refused);
    const sheets = sheetsOf();
    put(sheets, 'Stock', 'A2', 'captial');
    const faulty = await reader.readTables(xlsxOf(sheets));
    assert.ok(!faulty.ok && 'findings' in faulty);
    assert.deepEqual(faulty.findings, readTables(xlsxOf(sheets)).findings);
    assert.match(sayIn('zh')(faulty.findings[0]!.said.what), /^写的是 "captial"，不是仓库$/);
  } finally {
    await reader.close();
  }
});
