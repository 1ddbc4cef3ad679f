/** The quick yes never says yes where zod says no, and says yes to what is good; and what is refused has the faults that zod finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acceptor } from '../scenarios/accept.js';
import {
  checkScenario,
  generate,
  readCase,
  readScenario,
  type Scenario,
  ScenarioError,
  scenarioJsonSchema,
  scenarioSchema,
} from '../scenarios/index.js';
import { faultsOf } from '../scenarios/issues.js';
import { refusals } from '../scenarios/refusals.js';
import { randomScenario } from './support/random.js';

const zod = (value: unknown) => scenarioSchema.safeParse(value).success;

test('what is good is accepted at once', () => {
  const good: Scenario[] = [readCase('two-valleys'), readCase('enawo'), generate('tiny', 1), generate('district', 2)];
  for (let seed = 0; seed < 200; seed++) good.push(randomScenario(seed));
  const accepts = acceptor(scenarioSchema);
  for (const scenario of good) assert.ok(zod(scenario) && accepts(scenario), scenario.id);
});

/** Every object and list in a value, with the value itself. */
function* containers(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const inner of Object.values(value)) yield* containers(inner);
}

const isJson = (value: unknown) =>
  typeof value !== 'object' ||
  value === null ||
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

const STRANGE = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', '1', 'truck', 'need', [], {}, [[]], -1, -0, 0, 0.5, 1e300, 2 ** 53),
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, undefined, '\ud800', 'a\u0000', 'x'.repeat(201)),
  fc.constantFrom<unknown>([1, 2, 3], [0, 0], { water: 1 }, { stage: 'need', bands: [{ upTo: 1, value: 1 }] }),
  fc.constantFrom<unknown>(new Date(0), new Map(), Object.create({ id: 'inherited' }), () => 1, 1n),
  fc.jsonValue({ maxDepth: 2 }),
);
const NUMBER = fc.constantFrom(0, -1, -1e-9, 0.5, 1, 1.5, 90.5, 181, 1001, 3661, 2 ** 53, Number.NaN, -Infinity);

test('whatever is put, dropped or renamed anywhere, it answers as zod does', () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(500), fc.nat(), fc.nat(), STRANGE, NUMBER, fc.nat(3), (seed, where, which, any, n, how) => {
      const scenario = seed % 5 === 0 ? readCase('two-valleys') : structuredClone(randomScenario(seed));
      const all = [...containers(scenario)];
      const numeric = all.filter((c) => Object.values(c).some((v) => typeof v === 'number'));
      const among = how === 3 ? numeric : all;
      const target = among[where % among.length]!;
      const keys = Object.entries(target).flatMap(([k, v]) => (how === 3 && typeof v !== 'number' ? [] : [k]));
      const key = keys[which % Math.max(1, keys.length)];
      const value = how === 3 ? n : any;
      if (how === 0 && key !== undefined) Reflect.deleteProperty(target, key);
      else if (how === 1 || key === undefined) Reflect.set(target, Array.isArray(target) ? 0 : 'extra', value);
      else Reflect.set(target, key, value);
      const expected = zod(scenario);
      if (!expected) refused++;
      const accepted = acceptor(scenarioSchema)(scenario);
      // zod takes what an object inherits; here it is asked about objects that no JSON has
      if (accepted !== expected) assert.ok(expected && !isJson(value), JSON.stringify({ key, how }));
    }),
    { numRuns: 2000 },
  );
  assert.ok(refused > 500, `${refused}`);
});

test('asked in parts zod says the same of the same places in the same order, and any number of them alone', () => {
  let several = 0;
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(null, -1, [], {}, [1, 'x', -1], { water: [1, 'x'], '': 1 }),
  );
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.array(fc.tuple(fc.nat(), fc.nat(), odd, fc.nat(2)), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (seed, changes, most) => {
        const scenario: unknown = seed % 5 === 0 ? readCase('two-valleys') : structuredClone(randomScenario(seed));
        for (const [where, which, value, how] of changes) {
          const all = [...containers(scenario)];
          const target = all[where % all.length]!;
          const key = Object.keys(target)[which % Math.max(1, Object.keys(target).length)] ?? 'extra';
          if (how === 0) Reflect.deleteProperty(target, key);
          else Reflect.set(target, how === 1 && !Array.isArray(target) ? `${key}s` : key, structuredClone(value));
        }
        const value: unknown = JSON.parse(JSON.stringify(scenario));
        const whole = faultsOf(scenarioSchema.safeParse(value).error?.issues ?? [], value, scenarioJsonSchema());
        assert.deepEqual(faultsOf(refusals(scenarioSchema, value, 1000), value, scenarioJsonSchema()), whole);
        if (whole.length > most) several++;
        const checked = checkScenario(value, most);
        assert.deepEqual(checked.ok ? [] : checked.faults.slice(0, whole.length), whole.slice(0, most));
        assert.ok(checked.ok || (checked.faults.length <= most && (whole.length <= most || checked.more === true)));
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(several > 50, `${several}`);
  // a name that plain objects do not take, which zod passes over in records and not in fields
  for (const text of ['{"regions":[{"demand":{"__proto__":"x","a":"y"}}]}', '{"__proto__":1,"b":2}']) {
    const value: unknown = JSON.parse(text);
    const whole = faultsOf(scenarioSchema.safeParse(value).error?.issues ?? [], value, scenarioJsonSchema());
    assert.deepEqual(faultsOf(refusals(scenarioSchema, value, 1000), value, scenarioJsonSchema()), whole);
  }
});

test('of a list of faults no more is looked at than is told', () => {
  let looked = 0;
  const list = new Proxy(Array<unknown>(300_000).fill(1), {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked++;
      return Reflect.get(target, key);
    },
  });
  for (const broken of [
    { routes: list },
    { regions: [{ id: 'a', demand: { water: Array<unknown>(300_000).fill('x') } }], routes: list },
  ]) {
    looked = 0;
    const checked = checkScenario({ ...readCase('two-valleys'), ...broken }, 1000);
    assert.ok(!checked.ok && checked.more);
    assert.equal(checked.faults.length, 1000);
    // by zod, and by each fault for what stands there and what may
    assert.ok(looked < 4000, `${looked}`);
  }
  const names = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 1]));
  const twice = `{"a":1${',"a":1'.repeat(5000)}}`;
  for (const text of [JSON.stringify({ ...readCase('two-valleys'), ...names }), twice]) {
    const read = readScenario(text, 1000);
    assert.ok(!read.ok && read.more && read.faults.length === 1000, text.slice(0, 20));
    const all = readScenario(text);
    assert.ok(!all.ok && !all.more && all.faults.length >= 5000);
    assert.deepEqual(
      new ScenarioError(read.faults, read.more).message.split('\n')[0],
      'the scenario has over 1000 faults',
    );
  }
});
