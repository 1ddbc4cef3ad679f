/** Words in parts: in English what they were, in other languages as their patterns are translated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CourseError } from '../engine/index.js';
import {
  checkReport,
  checkScenario,
  declareLevel,
  PatchTestError,
  patched,
  readCase,
  type Scenario,
} from '../scenarios/index.js';
import {
  allOf,
  commas,
  english,
  inLanguage,
  mapText,
  oneOf,
  orElse,
  semicolons,
  sentences,
  type Text,
  wording,
} from '../scenarios/wording.js';
import { catalogueOf, sayIn } from '../server/languages/languages.js';
import { escaped, mustBeTold, mustBeWordings, pseudo } from './support/pseudo.js';

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
  assert.equal(english(oneOf(['a', 'b', 'c'])), 'a or b or c');
  assert.equal(english(sentences(['A.', 'B.'])), 'A. B.');
});

test('lists may be as long as they like, in every way that they go', () => {
  const words = Array.from({ length: 100_000 }, (_, n) => wording`names ${`"x${n}"`}, which is not ${'y'}`);
  const each = words.map(english);
  for (const [listed, between] of [
    [commas, ', '],
    [semicolons, '; '],
    [sentences, ' '],
    [oneOf, ' or '],
    [orElse, ', or '],
  ] as const) {
    const all = listed(words);
    assert.equal(english(all), each.join(between));
    assert.equal(english(structuredClone(all)), each.join(between), 'between threads');
    assert.equal(english(JSON.parse(JSON.stringify(all))), each.join(between), 'on disk');
    assert.equal(
      english(mapText(all, (plain) => plain.toUpperCase())),
      each.join(between).replace(/"x|y\b/g, (t) => t.toUpperCase()),
    );
    for (const language of ['fr', 'zh'] as const) {
      const say = sayIn(language);
      assert.equal(
        say(all).length,
        words.map((one) => say(one).length).reduce((a, b) => a + b) + (words.length - 1) * lengthBetween(listed, say),
      );
    }
  }
  assert.ok(english(allOf(words)).endsWith(`, ${each.at(-2)} and ${each.at(-1)}`));
  assert.equal(new CourseError(words).faults.length, words.length);
});

/** Characters that a language has between two texts of a list. */
const lengthBetween = (listed: typeof commas, say: (text: Text) => string): number =>
  say(listed(['a', 'b'])).length - 2;

test('a language says what lies between the two values of a list, and nothing around them', () => {
  for (const language of ['fr', 'zh'] as const)
    for (const listed of [commas, semicolons, sentences, oneOf, orElse]) {
      const pair = listed(['', '']);
      assert.ok(typeof pair === 'object' && 'between' in pair);
      assert.match(catalogueOf(language).get(pair.between) ?? '', /^\{0\}[^{}]+\{1\}$/, pair.between);
    }
});

test('a table of levels that is wrong a thousand times has the same mend', () => {
  const rules = Array.from({ length: 3000 }, () => ({ level: 'IV', from: { people: 1 } }));
  const checked = checkScenario({ ...valleys, response: { level: 'III', rules } });
  assert.ok(!checked.ok);
  const at = checked.faults.find(({ pointer }) => pointer === '/response/level');
  assert.equal(at?.mend, 'write one of "IV", or give it a rule');
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
  const told = (['fr', 'zh'] as const).map((language) => sayIn(language)(said.message));
  assert.deepEqual(told, [
    '/routes/3/from désigne "prot", qui n’est pas un dépôt ou une plateforme\u00a0: s’agit-il de "port"\u00a0?',
    '/routes/3/from 写的是 "prot"，不是仓库或中转站：是否指 "port"？',
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
