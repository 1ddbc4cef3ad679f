/** What is said of tables, drafts and their tables, in other languages: every pattern is translated, and nothing is said that has none. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { zipSync } from 'fflate';
import { z } from 'zod';
import { gridsOfBytes, readMapping, readTables } from '../scenarios/formats/index.js';
import { LIMITS } from '../scenarios/formats/limits.js';
import { MappingError } from '../scenarios/formats/mapping.js';
import { reportJsonSchema, scenarioJsonSchema } from '../scenarios/index.js';
import { draftSchema } from '../scenarios/needs/draft.js';
import { standardsSchema } from '../scenarios/needs/standards.js';
import { transportSchema } from '../scenarios/routing/transport.js';
import { english, inLanguage, mapText, type Text, wording } from '../scenarios/wording.js';
import { createReader } from '../server/reading/reader.js';
import { put, sheetsOf, xlsxOf } from './support/tables.js';
import { assertFindingsInParts, assertInParts, descriptionsIn, patternsIn, patternsOf } from './support/wordings.js';

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });
/** What fields of drafts and their tables mean, which a fault may quote, as far as it is not what those of a scenario or report do. */
function meanings(): string[] {
  const others = new Set([scenarioJsonSchema(), reportJsonSchema()].flatMap(descriptionsIn));
  const own = [draftSchema, standardsSchema, transportSchema].map(schemaOf).flatMap(descriptionsIn);
  return own.filter((description) => !others.has(description));
}
const patterns = [
  ...new Set([...['formats', 'needs', 'routing'].flatMap((f) => patternsIn(join('scenarios', f))), ...meanings()]),
];
const catalogue = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(join('server', 'languages', language, 'tables.json'), 'utf8'));
const utf8 = (text: string) => new TextEncoder().encode(text);

test('patterns are found in sources as the tag makes them', () => {
  const [a, b] = ['x', { y: 1 }];
  const made: Text[] = [
    wording`none`,
    wording`is ${a}, with "${`\`${b.y}}`}" and ${[1, 2].map((n) => `{${n}}`).join()}`,
    wording`a \`quote\` of ${wording`its ${a} own`}`,
  ];
  const source = readFileSync(join('test', 'formats-words.test.ts'), 'utf8');
  const found = patternsOf(source.slice(source.indexOf('const made'), source.indexOf('const source')));
  assert.deepEqual(found, [
    ...made.map((text) => (text as { pattern: string }).pattern),
    'its {0} own', // within the last
  ]);
});

for (const [language, ends] of [
  ['fr', { '.': '.', '?': '?' }],
  ['zh', { '.': '。', '?': '？' }],
] as const)
  describe(`in ${language}`, () => {
    const translated = catalogue(language);
    it('every pattern is there, in the order of the sources, and no other', () => {
      assert.ok(patterns.length > 300);
      assert.deepEqual(Object.keys(translated), patterns);
    });
    it('has the values of the English one, and ends as that does', () => {
      const values = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(String).sort();
      for (const [pattern, own] of Object.entries(translated)) {
        assert.deepEqual(values(own), values(pattern), pattern);
        for (const [sign, theirs] of Object.entries(ends))
          assert.equal(own.endsWith(theirs), pattern.endsWith(sign), `${pattern}: ${own}`);
        assert.equal(own.trim(), own);
      }
    });
    it('what a person types or finds in the file stays as it is', () => {
      const typed = /"[^"]*"|'evenhand \w+'|\.\w{3,4}\b|\{"items".*?\}/g;
      for (const [pattern, own] of Object.entries(translated))
        for (const [text] of pattern.matchAll(typed))
          if (!/blantyre|delimited|longitude/i.test(text)) assert.ok(own.includes(text), `${own} has to have ${text}`);
    });
  });

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
  const fr = catalogue('fr');
  assert.equal(
    inLanguage(said, (pattern) => fr[pattern]),
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
    const zh = catalogue('zh');
    assert.match(
      inLanguage(faulty.findings[0]!.said.what, (pattern) => zh[pattern]),
      /^指向 "captial"，它不是仓库$/,
    );
  } finally {
    await reader.close();
  }
});
