/** Catalogues of other languages: every wording of the sources is in each, with its values, and nothing else is. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { reportJsonSchema, scenarioJsonSchema } from '../scenarios/index.js';
import { catalogueOf, readCatalogue } from '../server/languages/languages.js';
import { placeholders, readWordings } from './support/patterns.js';

const TRANSLATED = ['fr', 'zh'] as const;

function descriptionsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) =>
    name === 'description' && typeof value === 'string' ? [value] : descriptionsIn(value),
  );
}

describe('catalogues', () => {
  const { patterns, plain, descriptions } = readWordings();
  // the mend of a value says what its field means, in the words of the format's JSON Schema
  for (const schema of [scenarioJsonSchema(), reportJsonSchema()])
    for (const description of descriptionsIn(schema)) patterns.set(description, ['a JSON Schema']);

  for (const language of TRANSLATED) {
    const catalogue = catalogueOf(language);

    it(`have every wording of the sources in ${language}`, () => {
      assert.ok(patterns.size > 200);
      const missing = [...patterns].filter(([pattern]) => !catalogue.has(pattern));
      assert.deepEqual(missing, []);
    });

    it(`have nothing in ${language} that nobody says`, () => {
      const surplus = [...catalogue.keys()].filter((pattern) => !patterns.has(pattern) && !descriptions.has(pattern));
      assert.deepEqual(surplus, []);
    });

    it(`put the same values into the words in ${language}`, () => {
      for (const [pattern, translation] of catalogue) {
        assert.deepEqual(placeholders(translation), placeholders(pattern), `${pattern} → ${translation}`);
        assert.ok(translation.length > 0, pattern);
      }
    });
  }

  it('end as the English words do', () => {
    const signs = { fr: { '.': '.', '?': '?' }, zh: { '.': '。', '?': '？' } };
    for (const language of TRANSLATED)
      for (const [pattern, own] of catalogueOf(language)) {
        for (const [sign, theirs] of Object.entries(signs[language]))
          assert.equal(own.endsWith(theirs), pattern.endsWith(sign), `${pattern} → ${own}`);
        assert.equal(own.trim(), own, pattern);
      }
  });

  it('keep what a person types or finds in a file as it is', () => {
    const typed = /"[^"]*"|\bevenhand [a-z]+|\.\w{3,4}\b|\{"items".*?\}/g;
    for (const language of TRANSLATED)
      for (const [pattern, own] of catalogueOf(language))
        for (const [text] of pattern.matchAll(typed)) {
          const bare = text.replace(/^"|"$/g, ''); // French has quotes of its own
          if (!/blantyre|delimited|longitude/i.test(text)) assert.ok(own.includes(bare), `${own} has to have ${text}`);
        }
  });

  it('keep French signs on the line of the word that they follow or precede', async () => {
    const texts = [...catalogueOf('fr').values()];
    for (const name of ['fr.json', 'said/fr.json']) {
      const file = new URL(`../../server/web/messages/${name}`, import.meta.url);
      texts.push(...Object.values(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>));
    }
    // a break before them, or none where there has to be a space
    for (const text of texts) assert.doesNotMatch(text, / [:;?!»]|«(?!\u00a0)|[^\u00a0\u202f]»/, text);
  });

  it('leave no refusal in plain English', () => assert.deepEqual(plain, []));

  it('are refused where two files disagree, and may agree', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'evenhand-words-'));
    const write = (name: string, words: object) => writeFile(join(dir, name), JSON.stringify(words));
    await write('one.json', { 'leave it out': 'omettez-le', nothing: 'rien' });
    await write('two.json', { 'leave it out': 'omettez-le' });
    assert.equal(readCatalogue(pathToFileURL(`${dir}/`)).size, 2);
    await write('two.json', { 'leave it out': 'laissez-le' });
    assert.throws(() => readCatalogue(pathToFileURL(`${dir}/`)), /two\.json says "leave it out" in other words/);
    await rm(dir, { recursive: true });
  });
});
