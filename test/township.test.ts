/** The way of a large scenario, on a small one: made, written piece by piece, read, compiled. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { compileNetwork } from '../engine/network.js';
import { country } from '../scenarios/generate.js';
import {
  complete,
  generate,
  mustReadScenario,
  presetNames,
  readCase,
  type Scenario,
  scenarioDigest,
  writeScenario,
} from '../scenarios/index.js';
import { nearestPlaces } from '../scenarios/neighbours.js';
import { randomScenario } from './support/random.js';

// A fortnight's needs fade more slowly than a week's; the digests of the other presets do not show how.
const PINNED = '0b68774568ebe669453d132fe0d99d8f0bbcd47e22573a58b692281866ac873e';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-township-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the nearest places are the first of all places sorted by length and number', () => {
  // a coarse grid, so that many are equally far, some in the same spot
  const grid = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }));
  const anywhere = fc.tuple(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  );
  const places = fc.oneof(
    fc.array(grid, { minLength: 1, maxLength: 60 }),
    fc.array(anywhere, { minLength: 1, maxLength: 60 }),
  );
  // one length loses most of what it is given: different distances become equal
  const lengths = [(km: number) => km * 1.3 + 5, (km: number) => Math.floor(km / 3)];
  fc.assert(
    fc.property(
      places,
      fc.oneof(grid, anywhere),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(1),
      (list, [x, y], wanted, l) => {
        const length = lengths[l]!;
        const count = Math.min(wanted, list.length);
        const near = new Int32Array(count);
        const km = new Float64Array(count);
        const columns = { x: Float64Array.from(list, (p) => p[0]), y: Float64Array.from(list, (p) => p[1]) };
        nearestPlaces(columns, x, y, length, near, km);
        const sorted = list
          .map(([u, v], i) => ({ i, km: length(Math.sqrt((u - x) * (u - x) + (v - y) * (v - y))) }))
          .sort((a, b) => a.km - b.km || a.i - b.i)
          .slice(0, count);
        assert.deepEqual(
          [...near],
          sorted.map((p) => p.i),
        );
        assert.deepEqual(
          [...km],
          sorted.map((p) => p.km),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test('pieces together are the JSON of the scenario, and none is the whole of a large one', () => {
  const scenarios: Scenario[] = [readCase('two-valleys'), readCase('enawo'), generate('province', 1)];
  for (let seed = 0; seed < 100; seed++) scenarios.push(randomScenario(seed));
  for (const scenario of scenarios) assert.equal([...writeScenario(scenario)].join(''), JSON.stringify(scenario));
  // a caller without exact optional types may have such a field; as in JSON.stringify it counts as absent
  const loose = { ...readCase('two-valleys'), title: undefined } as unknown as Scenario;
  assert.equal([...writeScenario(loose)].join(''), JSON.stringify(loose));
  const largest = Math.max(...[...writeScenario(generate('nation-day', 1))].map((piece) => piece.length));
  assert.ok(largest < 300_000, `${largest}`);
});

test('made, written, read and compiled: the same network; needs in every period, direct routes only', async () => {
  assert.ok(presetNames().includes('township-fortnight'));
  const made = country({ I: 40, J: 300, K: 6, T: 14, near: 8 }, 'township', 9);
  assert.equal(scenarioDigest(made), PINNED);
  const file = join(folder, 'township.json');
  await writeFile(file, writeScenario(made));
  const text = readFileSync(file, 'utf8');
  assert.equal(text, JSON.stringify(made));
  const read = mustReadScenario(text);
  assert.deepEqual(read, made);

  const { scenario: _, ...one } = compileNetwork(complete(made));
  const { scenario: __, ...two } = compileNetwork(complete(read));
  assert.deepEqual(two, one);
  assert.equal(one.direct, true);
  assert.ok(one.upper.ship.every((lots) => Number.isFinite(lots)));
  const { T, K, R, need } = one;
  for (let t = 0; t < T; t++) {
    let due = 0;
    for (let j = 0; j < R; j++) for (let k = 0; k < K; k++) due += need[(j * T + t) * K + k]!;
    assert.ok(due > 0, `period ${t}`);
  }
  assert.ok(need.every((lots) => lots >= 0));
});

test('completing shares the lists of needs and arrivals instead of copying them', () => {
  const scenario = country({ I: 3, J: 4, K: 2, T: 3, near: 2 }, 'small', 1);
  const whole = complete(scenario);
  assert.equal(whole.regions[0]!.demand.K1, scenario.regions[0]!.demand.K1);
  assert.equal(whole.depots[0]!.arrivals, scenario.depots[0]!.arrivals);
});
