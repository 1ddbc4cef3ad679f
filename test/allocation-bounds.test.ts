/**
 * Random small scenarios of every feature against an LP written straight from the model (`support/independent.ts`): on
 * each stage, value ≤ optimum ≤ bound among the plans that do as well as the shipped one on the stages before.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAllocation } from '../engine/pipeline.js';
import { check } from '../engine/proof/check.js';
import { policyStages } from '../scenarios/index.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

const SCENARIOS = runs(120);

test(`${SCENARIOS} random scenarios: value ≤ optimum ≤ bound on every stage, and the check agrees`, async () => {
  let stagesSeen = 0;
  for (let seed = 1; seed <= SCENARIOS; seed++) {
    const scenario = randomScenario(seed);
    const allocation = await runAllocation(scenario, { solver: 'highs' }, () => 0);
    assert.deepEqual(check(allocation, scenario).faults, [], `seed ${seed}`);
    const { stages } = policyStages(scenario.policy);
    const values = allocation.stages.map((s) => Number(s.value));
    for (const [s, { stage, value, bound }] of allocation.stages.entries()) {
      const optimum = await bestValue(scenario, stages, s, values.slice(0, s));
      const noise = 1e-6 * Math.max(1, Math.abs(optimum));
      const better = stage === 'floor' || stage === 'cost' ? -1 : 1;
      assert.ok(
        better * (optimum - Number(value)) >= -noise,
        `seed ${seed}, ${stage}: value ${value} beats ${optimum}`,
      );
      assert.ok(
        better * (Number(bound) - optimum) >= -noise,
        `seed ${seed}, ${stage}: bound ${bound} cuts ${optimum} off`,
      );
      // and the bound is worth something: as tight as the continuous optimum allows
      assert.ok(
        Math.abs(Number(bound) - optimum) <= 1e-5 * Math.max(1, Math.abs(optimum)),
        `seed ${seed}, ${stage}: loose`,
      );
      stagesSeen++;
    }
  }
  assert.ok(stagesSeen > SCENARIOS);
});
