/**
 * Laws of the direct solver: its plan breaks no limit of the file, its value is what that plan is worth, its bound is what its prices
 * prove in exact arithmetic, and the optimum that a formulation sharing no line with engine/ finds lies between the two.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import type { AscentOptions } from '../engine/solve/direct/ascent.js';
import { buildDirect, type Direct, declineDirect } from '../engine/solve/direct/form.js';
import { RECORD, record } from '../engine/solve/direct/layout.js';
import { solveDirect } from '../engine/solve/direct/solve.js';
import { loadHighs } from '../engine/solve/highs.js';
import { buildModel } from '../engine/solve/model.js';
import { complete, generate, type Scenario, type Stage } from '../scenarios/index.js';
import {
  bent,
  fewerGoods,
  layDirect,
  oneDay,
  planOf,
  randomDirect,
  scarcer,
  withClosures,
  withoutBudget,
  withoutFleets,
  withoutHandling,
  worstExcess,
} from './support/direct.js';
import { between, lawful, SLACK } from './support/direct-laws.js';
import { hostile } from './support/hostile.js';
import { bestValue } from './support/independent.js';

const solved = (scenario: Scenario, options: Partial<AscentOptions> = {}) => {
  const direct = layDirect(scenario);
  return { direct, ascent: ascended(direct, options) };
};

const ascended = (direct: Direct, options: Partial<AscentOptions> = {}) =>
  solveDirect(direct, { gap: 1e-4, mostIterations: 5000, ...options });

async function optimumByModel({ network, policy }: Direct): Promise<number> {
  const model = buildModel(network, policy);
  const session = (await loadHighs()).open(model.lp);
  model.aim(0);
  const found = session.solve();
  session.dispose();
  assert.equal(found.outcome, 'optimal');
  return model.maximand(0, (found as { x: Float64Array }).x);
}

const tiny = generate('tiny', 3);
const day = oneDay(generate('tiny', 4));

for (const scenario of [
  tiny,
  scarcer(generate('tiny', 8), 0.4),
  withClosures(generate('tiny', 9)),
  fewerGoods(tiny, 1),
  withoutFleets(tiny),
  withoutBudget(tiny),
  withoutHandling(tiny),
  withoutFleets(withoutBudget(withoutHandling(tiny))),
  day,
  scarcer(day, 0.4),
])
  test(`${scenario.id}: value ≤ optimum of the independent formulation ≤ bound, and the plan keeps every limit`, async () => {
    const { direct, ascent } = solved(scenario);
    lawful(scenario, direct, ascent);
    between(scenario, ascent, await bestValue(scenario, scenario.policy as Stage[], 0, []));
    assert.equal(ascent.outcome, 'reached');
  });

test('60 random scenarios of every feature it takes: value ≤ optimum ≤ bound, and the plan keeps every limit', async () => {
  let served = 0;
  for (let seed = 8000; seed < 8060; seed++) {
    const scenario = randomDirect(seed);
    const { direct, ascent } = solved(scenario);
    lawful(scenario, direct, ascent);
    between(scenario, ascent, await bestValue(scenario, scenario.policy as Stage[], 0, []));
    assert.equal(ascent.outcome, 'reached', `${scenario.id}: ${ascent.gap}`);
    if (ascent.value > 0) served++;
  }
  assert.ok(served > 30, `${served} of them serve anybody`);
});

test('the first iterates already give plans and proofs: rough prices are cleaned before they bound anything', async () => {
  for (const scenario of [tiny, withClosures(generate('tiny', 9)), day, scarcer(generate('tiny', 8), 0.4)]) {
    const best = await bestValue(scenario, scenario.policy as Stage[], 0, []);
    for (const mostIterations of [1, 2, 3, 5, 8, 13, 20]) {
      const { direct, ascent } = solved(scenario, { gap: 0, mostIterations });
      lawful(scenario, direct, ascent);
      between(scenario, ascent, best);
    }
  }
});

test('district, one period and seven: value ≤ optimum by HiGHS ≤ bound', async () => {
  const district = generate('district', 11);
  for (const scenario of [oneDay(district), scarcer(oneDay(district), 0.5), fewerGoods(district, 3)]) {
    const { direct, ascent } = solved(scenario);
    lawful(scenario, direct, ascent);
    between(scenario, ascent, await optimumByModel(direct));
    assert.equal(ascent.outcome, 'reached');
  }
});

test('district 1 to 5, also with fleets, budget and handling × 0.4: asked gaps are reached, and the bound is exact', () => {
  for (let seed = 1; seed <= 5; seed++)
    for (const scenario of [generate('district', seed), scarcer(generate('district', seed), 0.4)]) {
      const { network, policy } = layDirect(scenario);
      let before = Infinity;
      for (const gap of [1e-2, 1e-3, 1e-4]) {
        const direct = buildDirect(network, policy, 0, 1);
        const ascent = ascended(direct, { gap });
        const what = `${scenario.id}, ${gap}: ${ascent.gap} after ${ascent.iterations}`;
        assert.equal(ascent.outcome, 'reached', what);
        assert.ok(ascent.gap <= gap && ascent.gap <= before, what);
        assert.ok(ascent.bound - ascent.value <= gap * ascent.bound, what);
        before = ascent.gap;
        if (gap > 1e-4) continue;
        const proven = lawful(scenario, direct, ascent);
        // goods are so many here that no need is cut by what can reach it: both bounds are of the same problem
        assert.ok(Math.abs(proven - ascent.bound) <= SLACK * ascent.bound, `${what}: ${proven}, not ${ascent.bound}`);
      }
    }
});

test('each certificate is at least as good as the last, and an ascent ends when it is told to', () => {
  const scenario = generate('tiny', 6);
  const gaps: number[] = [];
  const { ascent } = solved(scenario, { gap: 0, mostIterations: 200, onProof: (gap) => gaps.push(gap) });
  assert.equal(ascent.outcome, 'limit');
  assert.equal(gaps.length, ascent.certificates);
  for (let i = 1; i < gaps.length; i++) assert.ok(gaps[i]! <= gaps[i - 1]!);
  assert.equal(gaps.at(-1), ascent.gap);
  let asked = 0;
  const { direct, ascent: stopped } = solved(scenario, { gap: 0, stop: () => ++asked === 3 });
  assert.deepEqual([stopped.outcome, stopped.certificates], ['stopped', 3]);
  const { excess } = worstExcess(scenario, planOf(direct, scenario));
  assert.ok(excess <= SLACK, 'what was stopped is a plan all the same');
});

/** What `declineDirect` says of stage s; null where it takes it. */
function declined(scenario: Scenario, s = 0): string | null {
  return declineDirect(compileNetwork(complete(scenario)), compilePolicy(scenario.policy), s);
}

test('what the direct solver cannot take is declined with its reason, and nothing else is', () => {
  const hub = (s: Scenario) => {
    s.hubs = [{ id: 'H' }];
    return s.routes[0]!;
  };
  const need = tiny.policy as Stage[];
  const refused: [string, (s: Scenario) => void, RegExp, number?][] = [
    ['from-hub', (s) => s.routes.push({ ...hub(s), from: 'H' }), /starts at a hub/],
    ['to-hub', (s) => s.routes.push({ ...hub(s), to: 'H' }), /ends at a depot or hub/],
    ['to-depot', (s) => s.routes.push({ ...s.routes[0]!, to: s.depots.at(-1)!.id, from: s.depots[0]!.id }), /depot/],
    ['storage', (s) => Object.assign(s.regions.at(-1)!, { storageTonnes: 0.5 }), /region can store/],
    ['durable', (s) => Object.assign(s.resources.at(-1)!, { kind: 'durable' }), /durable waits/],
    ['weightless', (s) => Object.assign(s.resources.at(-1)!, { weightKg: 0 }), /weighs nothing/],
    ['floor-stage', (s) => Object.assign(s, { policy: [{ stage: 'floor' }, ...need] }), /'floor'/],
    ['maxmin-before', (s) => Object.assign(s, { policy: [{ stage: 'maxmin' }, ...need] }), /'maxmin' before/, 1],
    ['need-before', (s) => Object.assign(s, { policy: [...need, ...need] }), /'need' before/, 1],
    [
      'floor-before',
      (s) => {
        s.policy = [{ stage: 'floor' }, ...need];
        s.regions.at(-1)!.floor = 0.01;
      },
      /'floor' before/,
      1,
    ],
  ];
  assert.equal(declined(tiny), null);
  for (const [name, edit, reason, stage] of refused)
    assert.match(declined(bent(tiny, name, edit), stage) ?? 'taken', reason, name);

  const taken: [string, (s: Scenario) => void, number?][] = [
    ['unused-hub', (s) => Object.assign(s, { hubs: [{ id: 'H', storageTonnes: 3 }] })],
    ['unneeded-durable', (s) => s.resources.push({ id: 'tent', unit: 'kit', weightKg: 20, kind: 'durable' })],
    ['unneeded-weightless', (s) => s.resources.push({ id: 'news', unit: 'sheet', weightKg: 0, kind: 'consumable' })],
    ['empty-floor', (s) => Object.assign(s, { policy: [{ stage: 'floor' }, ...need] }), 1],
  ];
  for (const [name, edit, stage] of taken) assert.equal(declined(bent(tiny, name, edit), stage), null, name);
  const once = bent(day, 'once', (s) => {
    s.resources[0]!.kind = 'durable';
    s.regions[0]!.storageTonnes = 5;
  });
  assert.equal(declined(once), null, 'nothing waits where there is one period');

  // no scenario of that size could be made here: a region more for every one that there is, 28 times over
  const network = { ...compileNetwork(complete(day)), R: 2 ** 28 };
  assert.match(declineDirect(network, compilePolicy(day.policy), 0) ?? 'taken', /4 GB/);
});

for (const [name, edit] of hostile)
  test(`hostile: ${name}`, async () => {
    for (const base of [tiny, day]) {
      const scenario = bent(base, name.replaceAll(/\W+/g, '-'), edit);
      const { direct, ascent } = solved(scenario, { mostIterations: 3000 });
      assert.equal(ascent.outcome, 'reached', `${scenario.id}: ${ascent.gap}`);
      lawful(scenario, direct, ascent);
      between(scenario, ascent, await bestValue(scenario, scenario.policy as Stage[], 0, []));
      const { layout } = direct;
      for (const array of ['x', 'pi', 'goods', 'best'] as const) {
        const length = { x: layout.arcs, best: layout.arcs, pi: layout.groups, goods: layout.nodes }[array];
        assert.ok(
          layout.floats(array, length * layout.lanes).every((v) => v > -Infinity && v < Infinity),
          `${scenario.id}: ${array}`,
        );
      }
    }
  });

// Intel's cores take 140 cycles for each such flow: a pass over nation-day took 2.1 ms with them and takes 0.5 without
test('however often an ascent restarts, no number of its iterate is too small for all its digits', () => {
  for (const scenario of [generate('district', 101), scarcer(oneDay(generate('district', 102)), 0.4)]) {
    const direct = layDirect(scenario);
    const { layout } = direct;
    const { restarts } = ascended(direct, { gap: -1, mostIterations: 700 });
    assert.ok(restarts >= 7, `${restarts} restarts`);
    const arc = layout.start('arc');
    const ofRoutes = Array.from({ length: layout.arcs }, (_, a) => layout.f32[arc + a * RECORD + record.price]!);
    const flows = layout.arcs * layout.lanes;
    for (const numbers of [layout.floats('x', flows), layout.floats('x0', flows), ofRoutes])
      assert.equal(numbers.filter((v) => v !== 0 && Math.abs(v) < 2 ** -126).length, 0);
  }
});
