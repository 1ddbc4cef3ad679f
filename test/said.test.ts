/** Laws of what is said in parts: each kind has a message in each language, with no value that it has not, and its English words. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { COMPARISON_KINDS } from '../engine/compare/said.js';
import { english } from '../engine/explain/english.js';
import { EXPLANATION_KINDS } from '../engine/explain/said.js';
import { allocate, checkExplanation, closePool, compare, type Explanation, explain } from '../engine/index.js';
import { AMENDMENT_KINDS, amendmentInWords } from '../scenarios/field/said.js';
import { compileAmendment, readCase, scenarioDigest } from '../scenarios/index.js';
import type { Kinds } from '../scenarios/said.js';
import { TRACE_KINDS } from '../server/reports/said.js';
import { verified } from './support/reports.js';

const MESSAGES = new URL('../../server/web/messages/said/', import.meta.url);
const ALL: Kinds[] = [EXPLANATION_KINDS, COMPARISON_KINDS, AMENDMENT_KINDS, TRACE_KINDS];

const messagesOf = async (language: string): Promise<Record<string, string>> =>
  JSON.parse(await readFile(new URL(`${language}.json`, MESSAGES), 'utf8'));

describe('what is said in parts', () => {
  after(closePool);

  it('has a message for each kind in each language, and none of a kind that nobody says', async () => {
    const kinds = ALL.flatMap((some) => Object.entries(some));
    assert.equal(new Set(kinds.map(([kind]) => kind)).size, kinds.length, 'a kind is declared twice');
    for (const language of ['en', 'fr', 'zh']) {
      const messages = await messagesOf(language);
      for (const [kind, parts] of kinds) {
        const text = messages[`say.${kind}`];
        assert.ok(text, `${language}: ${kind}`);
        for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g))
          assert.ok((parts as readonly string[]).includes(name), `${language}: ${kind} has no ${name}`);
      }
      const own = Object.keys(messages).filter((key) => key.startsWith('say.'));
      const known = new Set([...kinds.map(([kind]) => `say.${kind}`), 'say.unlimited', 'say.between']);
      assert.deepEqual(
        own.filter((key) => !known.has(key)),
        [],
        language,
      );
    }
  });

  it('leaves nothing of its parts out of a message but what English leaves out as well', async () => {
    // which of several scenarios stands below the note itself
    const left = new Set(['note.amended text', 'note.amended names', 'note.amended list', 'note.elsewhere list']);
    for (const language of ['en', 'fr', 'zh']) {
      const messages = await messagesOf(language);
      for (const [kind, parts] of ALL.flatMap((some) => Object.entries(some)))
        for (const part of parts)
          assert.ok(
            left.has(`${kind} ${part}`) || messages[`say.${kind}`]?.includes(`{${part}}`),
            `${language}: ${kind} ${part}`,
          );
    }
  });

  it('is the sentences of an explanation: in order, by its own numbers, and a lie in a part is found', async () => {
    const scenario = readCase('two-valleys');
    const allocation = await allocate(scenario, { gap: 1e-3 });
    const found = await explain(allocation, scenario, { region: scenario.regions[0]!.id });
    assert.deepEqual(found.said?.map(english), found.sentences);
    for (const { limit, what, said } of found.resolves) {
      assert.equal(said!.limit ? english(said!.limit) : '', limit);
      assert.equal(english(said!.what), what);
    }
    for (const { what, said } of found.bindings) assert.equal(english(said!), what);
    assert.deepEqual(checkExplanation(found, allocation, scenario), { ok: true, faults: [] });
    // of old there were words alone
    const old = JSON.parse(JSON.stringify(found), (key, value) => (key === 'said' ? undefined : value)) as Explanation;
    assert.equal('said' in old, false);
    assert.deepEqual(checkExplanation(old, allocation, scenario), { ok: true, faults: [] });
    const lie = structuredClone(found);
    const [short] = lie.said!;
    assert.ok(short?.say === 'short');
    short.amount++;
    assert.deepEqual(checkExplanation(lie, allocation, scenario).faults, [
      'the parts of its sentences are not those of its numbers',
    ]);
  });

  it('is the words of an amendment and of a comparison, one for one', async () => {
    const scenario = readCase('two-valleys');
    const report = verified(scenario, { kind: 'need', region: scenario.regions[0]!.id, people: 900, from: 1 });
    const made = compileAmendment(scenario, [report]);
    assert.ok(made.ok);
    assert.deepEqual(
      made.said.map((one) => amendmentInWords(one, scenario.periods)),
      made.amendment.words,
    );
    const known = new Map([scenario, made.scenario].map((one) => [scenarioDigest(one), one]));
    const plans = [await allocate(scenario, { gap: 0.1 }), await allocate(made.scenario, { gap: 0.1 })];
    const { differences, notes, said } = compare(plans, { scenarios: (digest) => known.get(digest) });
    assert.deepEqual([differences[0]!.said.length, said.length], [differences[0]!.amendments.length, notes.length]);
    assert.ok(differences[0]!.said.some((one) => one.say === 'need' && one.resource === 'tarpaulin'));
  });
});
