/** The compact compile against the naive one, array by array. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { complete, generate, readCase, type Scenario } from '../scenarios/index.js';
import { delayed, followed, staying, uneven } from './support/field.js';
import { naiveNetwork } from './support/naive.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

/** Scales of 0 where they are −0, which deepEqual tells apart and nothing else does. */
function steady(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(steady);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'scale' ? inner + 0 : steady(inner)]),
  );
}

function sameNetwork(scenario: Scenario): boolean {
  const whole = complete(scenario);
  const { scenario: kept, planned, spent, ...compact } = compileNetwork(whole);
  assert.equal(kept, whole);
  const { planned: ship, ...naive } = naiveNetwork(whole);
  assert.deepEqual(steady(compact), steady(naive), scenario.id);
  assert.deepEqual(planned?.ship ?? new Float64Array(ship.length), ship);
  assert.equal(spent === null, scenario.after === undefined);
  return compact.direct;
}

test('every array, number and flag is what the naive compile gives', () => {
  let direct = 0;
  const seeds = 200;
  for (let seed = 0; seed < seeds; seed++) if (sameNetwork(randomScenario(seed))) direct++;
  assert.ok(direct > 2 && direct < seeds / 2, `${direct} of ${seeds} are direct`);
  assert.equal(sameNetwork(readCase('two-valleys')), false);
  for (const seed of [1, 2, 3]) assert.equal(sameNetwork(generate('tiny', seed)), true);
});

test('the same with limits by the period, routes in two parts, a past and a plan before', async () => {
  let planned = 0;
  for (let seed = 0; seed < runs(80); seed++) {
    const scenario = uneven(randomScenario(seed), seed);
    sameNetwork(scenario);
    const T = scenario.periods.count;
    const plan = await runAllocation(scenario, { solver: 'highs' }, () => 0);
    const today = delayed(followed(scenario, plan, seed % T), seed);
    sameNetwork(today);
    sameNetwork(staying(today, 1));
    if (today.after!.planned!.length) planned++;
  }
  assert.ok(planned > runs(30));
});

test('decimals of any length stay the decimals that were written', () => {
  const odd = fc.oneof(
    fc.constantFrom(0, 0.1 + 0.2, 1e21, 1e15, 999999999999999.9, 123456789.123456, 1e-7, 5e-324, 2 ** 53 + 2, 0.1),
    fc.double({ min: 0, max: 1e18, noNaN: true }),
    fc.tuple(fc.nat(999_999), fc.nat(12)).map(([n, places]) => Number(`${n}e-${places}`)),
  );
  fc.assert(
    fc.property(fc.array(odd, { minLength: 6, maxLength: 6 }), (values) => {
      const scenario = generate('tiny', 4);
      scenario.regions.forEach((region, j) => {
        region.priority = values[j % 3]!;
      });
      scenario.routes.forEach((route, r) => {
        route.km = values[r % 6]!;
        route.costPerTonne = values[(r + 1) % 6]!;
        route.capacityTonnes = values[(r + 2) % 6]!;
      });
      sameNetwork(scenario);
      const { approx } = compileNetwork(complete(scenario));
      scenario.routes.forEach((route, r) => {
        assert.equal(approx.km[r], route.km);
        assert.equal(approx.capacity[r], route.capacityTonnes);
      });
    }),
    { numRuns: 60 },
  );
});
