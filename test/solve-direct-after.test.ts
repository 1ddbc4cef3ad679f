/** Goods that are in a region already, or on the road to it, in the fused ascent: bounds, plans, and the twin's bits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { compilePolicy } from '../engine/policy.js';
import { check } from '../engine/proof/check.js';
import { buildDirect, declineDirect } from '../engine/solve/direct/form.js';
import { solveDirect } from '../engine/solve/direct/solve.js';
import { complete, generate, type Scenario, type Stage } from '../scenarios/index.js';
import { layDirect, randomDirect, scarcer, withClosures } from './support/direct.js';
import { between, exactBound, SLACK } from './support/direct-laws.js';
import { followed } from './support/field.js';
import { bestValue } from './support/independent.js';

/** The scenario in the middle of its plan. */
async function halfway(scenario: Scenario, period: number): Promise<Scenario> {
  const plan = await runAllocation(scenario, { gap: 1e-2, solver: 'structured' }, () => 0);
  return followed(scenario, plan, period);
}

/** Random ones of several periods whose past has brought goods to somebody. */
async function* underWay(first: number, count: number) {
  for (let seed = first, found = 0; found < count; seed++) {
    const scenario = randomDirect(seed);
    const T = scenario.periods.count;
    if (T < 2) continue;
    const today = await halfway(scenario, 1 + (seed % (T - 1)));
    if (!today.after?.shipped?.length) continue;
    found++;
    yield today;
  }
}

test('40 plans under way: value ≤ optimum of the independent formulation ≤ bound, which is what the prices prove', async () => {
  let given = 0;
  for await (const scenario of underWay(8100, 40)) {
    const direct = layDirect(scenario);
    const { groups, lanes } = direct.layout;
    if (direct.layout.floats('given', groups * lanes).some((tonnes) => tonnes > 0)) given++;
    const ascent = solveDirect(direct, { gap: 1e-4, mostIterations: 50_000 });
    assert.equal(ascent.outcome, 'reached', `${scenario.id}: ${ascent.gap}`);
    between(scenario, ascent, await bestValue(scenario, scenario.policy as Stage[], 0, []));
    const size = Math.max(1e-9, Math.abs(ascent.bound));
    const proven = exactBound(direct, ascent);
    assert.ok(proven <= ascent.bound + SLACK * size, `${scenario.id}: ${proven}, not ${ascent.bound}`);
    assert.ok(ascent.value <= proven + SLACK * size, `${scenario.id}: ${ascent.value} above ${proven}`);
    const whole = await runAllocation(scenario, { gap: 1e-2, solver: 'structured' }, () => 0);
    assert.deepEqual(check(whole, scenario).faults, []);
  }
  assert.ok(given >= 25, `${given} have goods that came before`);
});

test('a province on its fourth day is taken, and proven to 1e-3', async () => {
  const scenario = await halfway(scarcer(generate('province', 4), 0.6), 3);
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(scenario.policy);
  assert.equal(declineDirect(network, policy, 0), null);
  const { layout } = buildDirect(network, policy, 0, 1);
  const there = layout.floats('given', layout.groups * layout.lanes).reduce((sum, tonnes) => sum + tonnes, 0);
  assert.ok(there > 0);
  const plan = await runAllocation(scenario, { gap: 1e-3, solver: 'structured' }, () => 0);
  assert.ok(plan.gap.proven <= 1e-3, `${plan.gap.proven}`);
  assert.ok(plan.shipments.every((s) => s.depart >= 3));
});

test('the twin leaves the same prices, value and bound', async () => {
  const scenarios = [
    await halfway(generate('tiny', 6), 1),
    await halfway(withClosures(scarcer(generate('district', 7), 0.5)), 3),
  ];
  for await (const scenario of underWay(8300, 4)) scenarios.push(scenario);
  for (const scenario of scenarios) {
    const [a, b] = [false, true].map((twin) =>
      solveDirect(layDirect(scenario), { gap: -1, mostIterations: 80 }, { twin }),
    );
    assert.deepStrictEqual(b, a, scenario.id);
  }
});
