/** Words in parts: the same in English as before, and every one of them in each language. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAst } from 'vite';
import {
  checkReport,
  checkScenario,
  declareLevel,
  PatchTestError,
  patched,
  readCase,
  reportJsonSchema,
  type Scenario,
  scenarioJsonSchema,
} from '../scenarios/index.js';
import { allOf, commas, english, inLanguage, orElse, semicolons, type Text, wording } from '../scenarios/wording.js';
import { escaped, mustBeTold, mustBeWordings, pseudo } from './support/pseudo.js';

const ROOT = new URL('../../', import.meta.url);
const LANGUAGES = ['fr', 'zh'] as const;
/** Whose wordings have tests of their own. */
const ELSEWHERE = /^scenarios\/(formats|needs|routing)\//;

type Catalogue = Record<string, string>;

const catalogueOf = (language: string): Catalogue =>
  Object.assign(
    {},
    ...['scenario', 'field', 'engine'].map((part) =>
      JSON.parse(readFileSync(new URL(`server/languages/${language}/${part}.json`, ROOT), 'utf8')),
    ),
  );

/** The patterns of all wordings in a compiled file. */
function patternsIn(source: string): string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, tag, quasi } = node as { type?: string; tag?: { name?: string }; quasi?: Template };
    if (type === 'TaggedTemplateExpression' && tag?.name === 'wording')
      found.push(quasi!.quasis.map((q, i) => (i === 0 ? '' : `{${i - 1}}`) + q.value.cooked).join(''));
    for (const inner of Object.values(node)) walk(inner);
  };
  walk(parseAst(source));
  return found;
}
type Template = { quasis: { value: { cooked: string } }[] };

function descriptionsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'description' && typeof value === 'string' ? [value] : descriptionsIn(value),
  );
}

/** Every pattern that the sources can say, and every description that a fault can quote. */
function allPatterns(): Set<string> {
  const files = ['scenarios', 'engine'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const sources = files
    .filter((name) => name.endsWith('.ts') && !ELSEWHERE.test(name))
    .filter((name) => readFileSync(new URL(name, ROOT), 'utf8').includes('wording`'))
    .map((name) => readFileSync(new URL(`dist/${name.replace(/ts$/, 'js')}`, ROOT), 'utf8'));
  return new Set([
    ...sources.flatMap(patternsIn),
    ...[scenarioJsonSchema(), reportJsonSchema()].flatMap(descriptionsIn),
  ]);
}

const placeholders = (pattern: string): string[] => (pattern.match(/\{\d+\}/g) ?? []).sort();

test('every wording of the sources and every description of a field is translated, and nothing else', () => {
  const patterns = [...allPatterns()].sort();
  assert.ok(patterns.length > 400, `${patterns.length} patterns`);
  for (const language of LANGUAGES) {
    const catalogue = catalogueOf(language);
    assert.deepEqual(Object.keys(catalogue).sort(), patterns, language);
    for (const [pattern, translation] of Object.entries(catalogue)) {
      assert.deepEqual(placeholders(translation), placeholders(pattern), `${language}: ${pattern}`);
      assert.ok(translation.trim() === translation && translation !== '', `${language}: ${pattern}`);
    }
  }
});

test('a value is put in as it is, whatever it has in it, and in any order', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('{0}', '{1}', '$1', '{'));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const said = wording`first ${a}, then ${b}`;
      assert.equal(english(said), `first ${a}, then ${b}`);
      assert.equal(
        inLanguage(said, () => '{1} before {0}'),
        `${b} before ${a}`,
      );
      assert.equal(english(wording`so: ${said}`), `so: first ${a}, then ${b}`);
      assert.equal(english(structuredClone<Text>(said)), english(said), 'between threads');
    }),
  );
  assert.equal(english({ pattern: 'as {0} or {}', values: [] }), 'as {0} or {}', 'a description has no values');
});

test('lists are said as they are in English', () => {
  for (const [say, all] of [
    [commas, ['', 'a', 'a, b', 'a, b, c']],
    [semicolons, ['', 'a', 'a; b', 'a; b; c']],
    [allOf, ['', 'a', 'a and b', 'a, b and c']],
  ] as const)
    for (const [n, words] of all.entries()) assert.equal(english(say(['a', 'b', 'c'].slice(0, n))), words);
  assert.equal(english(orElse(['a', 'b', 'c'])), 'a, or b, or c');
});

test('what is no wording is found', () => {
  const file = { id: 'port', routes: [{ from: 'a b' }] };
  for (const good of ['"port"', 'a b', 'resources/0/id', '12 port', 'closed, open', '"leximin"', '3–4', '-12,500.5'])
    assert.deepEqual(escaped(wording`names ${good}`, file), [], good);
  for (const bad of ['is missing', 'port to port', 'a depot', '[object Object]', 'nothing'])
    assert.deepEqual(escaped(wording`so ${wording`it ${bad}`}`, file), [bad]);
  assert.equal(pseudo(wording`names ${'port'}, which is not ${wording`a dépôt`}`), '····· port, ····· ·· ··· · ·····');
});

const valleys = readCase('two-valleys');

/** The two-valleys case with a wrong name in a route. */
const misnamed = (): Scenario => ({
  ...valleys,
  routes: valleys.routes.map((r, n) => (n === 3 ? { ...r, from: 'prot' } : r)),
});

test('a fault is told in the reader’s language, with ids as they are', () => {
  const checked = checkScenario(misnamed());
  assert.ok(!checked.ok);
  const [{ said, message }] = checked.faults as [(typeof checked.faults)[number]];
  assert.equal(message, '/routes/3/from names "prot", which is not a depot or hub: did you mean "port"?');
  const told = LANGUAGES.map((language) => {
    const catalogue = catalogueOf(language);
    return inLanguage(said.message, (pattern) => catalogue[pattern]);
  });
  assert.deepEqual(told, [
    '/routes/3/from désigne "prot", qui n’est pas un dépôt ou une plateforme\u00a0: s’agit-il de "port"\u00a0?',
    '/routes/3/from 指向 "prot"，它不是仓库或中转站：是否指 "port"？',
  ]);
});

test('a declaration, a patch and a value of the wrong kind are told wholly', () => {
  const declared = declareLevel(valleys, { level: 'II', by: 'cell', why: 'no reason', figures: { dead: 60 } });
  assert.ok(!declared.ok);
  for (const fault of declared.faults) mustBeTold(fault, valleys, { why: ['no reason', 'II', 'III', 'none'] });
  const [why] = declared.faults;
  assert.match(why!.message, /where the figures suggest III \(dead: 60, level III from 50\): name III and say why/);
  assert.throws(
    () => patched(valleys, [{ op: 'test', path: '', value: 1 }]),
    (error: unknown) => {
      assert.ok(error instanceof PatchTestError && english(error.said) === error.message);
      mustBeWordings(error.said);
      return true;
    },
  );
  // every field of the case in turn is something else
  const harm = (value: unknown, odd: unknown): unknown[] =>
    typeof value !== 'object' || value === null
      ? [odd]
      : Object.entries(value).flatMap(([key, inner]) =>
          [odd, ...harm(inner, odd)].map((broken) =>
            Array.isArray(value) ? value.with(Number(key), broken) : { ...value, [key]: broken },
          ),
        );
  let seen = 0;
  for (const odd of [{ zebra: [1] }, [], 'zebra', -0.5, null])
    for (const broken of harm(valleys, odd)) {
      const checked = checkScenario(broken);
      if (!checked.ok) for (const fault of checked.faults.slice(0, 3)) mustBeTold(fault, broken, valleys);
      seen += checked.ok ? 0 : checked.faults.length;
    }
  assert.ok(seen > 1000, `${seen} faults`);
  for (const odd of [null, [], 7, { kind: 'obstacle', route: [] }, { kind: 'zebra' }]) {
    const checked = checkReport(odd, valleys);
    assert.ok(!checked.ok);
    for (const fault of checked.faults) mustBeTold(fault, odd, valleys);
  }
});
