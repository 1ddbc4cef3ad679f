/** The program behind the levels of leximin, in terms of what arrives, against the whole model in HiGHS. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { priceOut, slacks } from '../engine/solve/finish/price.js';
import { highsRuntime, openModel } from '../engine/solve/highs.js';
import { byArrivals } from '../engine/solve/leximin/arrivals.js';
import { byBlocks } from '../engine/solve/leximin/blocks.js';
import { openCoverage } from '../engine/solve/leximin/coverage.js';
import { limitOf } from '../engine/solve/leximin/limits.js';
import type { Lp } from '../engine/solve/lp.js';
import { buildModel, type StageModel } from '../engine/solve/model.js';
import { complete, generate, type Scenario } from '../scenarios/index.js';
import { randomScenario } from './support/random.js';

/** The model with a column M ≤ Σ m for each pair in the place of z, worth 1 and at most `most`. */
function wholeProgram({ lp, z, pairRows }: StageModel, pairs: number[], most: Float64Array): Lp {
  const entries = lp.start[z]!;
  return {
    ...lp,
    columns: z + pairs.length,
    start: Int32Array.from([...lp.start.subarray(0, z + 1), ...pairs.map((_, n) => entries + n + 1)]),
    index: Int32Array.from([...lp.index.subarray(0, entries), ...pairs.map((pair) => pairRows[pair]!)]),
    value: Float64Array.from([...lp.value.subarray(0, entries), ...pairs.map(() => 1)]),
    objective: Float64Array.from({ length: z + pairs.length }, (_, j) => (j < z ? 0 : 1)),
    upper: Float64Array.from([...lp.upper.subarray(0, z), ...most]),
  };
}

test('coverage by what arrives: the optimum of the whole model, a plan that keeps to it, and prices that prove it', async () => {
  const highs = await highsRuntime();
  let spared = 0;
  const cases: Scenario[] = Array.from({ length: 40 }, (_, n) => randomScenario(7400 + n));
  for (const scenario of [...cases, generate('tiny', 5), generate('district', 4)]) {
    const network = compileNetwork(complete(scenario));
    const model = buildModel(network, compilePolicy([{ stage: 'leximin' }]));
    const pairs = [...model.pairRows.keys()].filter((pair) => model.pairRows[pair]! >= 0);
    if (pairs.length === 0) continue;
    const session = openCoverage(highs, model, byArrivals(model), pairs, { stop: () => false, onProgress: () => {} });
    const { needed } = session;
    const most = needed.map((n, i) => n * (0.3 + 0.1 * (i % 8)));
    const program = wholeProgram(model, pairs, most);
    const whole = openModel(highs, program);
    whole.run();
    const best = -whole.getObjectiveValue();
    const noise = 1e-6 * Math.max(1, best);
    const shares = session.solve(
      new Float64Array(pairs.length),
      most.map((m, n) => m / needed[n]!),
      true,
    );
    const { y, v } = session.prices()!;
    const met = v.map((share, n) => share * needed[n]!);
    const sum = met.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - best) <= noise, `${scenario.id}: ${sum} is not ${best}`);
    const x = Float64Array.from([
      ...shares!.x.subarray(0, model.z),
      ...shares!.v.map((share, n) => share * needed[n]!),
    ]);
    assert.ok(
      slacks(program, x).every((s, i) => s >= -1e-6 * Math.max(1, Math.abs(program.rowUpper[i]!))),
      `${scenario.id}: the plan breaks a row`,
    );
    const bound = priceOut(program, y, new Float64Array(program.columns));
    assert.ok(Math.abs(bound - best) <= noise, `${scenario.id}: prices prove ${bound}, the optimum is ${best}`);
    if (model.lp.columns > pairs.length) spared++;
    session.dispose();
    whole.dispose();
  }
  assert.ok(spared > 30);
});

test('periods put together: no less is possible, and what their prices forbid no plan of the whole model does', async () => {
  const highs = await highsRuntime();
  let smaller = 0;
  let tight = 0;
  const cases: Scenario[] = Array.from({ length: 60 }, (_, n) => randomScenario(8200 + n));
  for (const scenario of [...cases, generate('tiny', 6), generate('district', 5)]) {
    const network = compileNetwork(complete(scenario));
    const model = buildModel(network, compilePolicy([{ stage: 'leximin' }]));
    const pairs = [...model.pairRows.keys()].filter((pair) => model.pairRows[pair]! >= 0);
    if (pairs.length === 0) continue;
    const arrivals = byArrivals(model);
    const blocks = byBlocks(network, model, arrivals);
    if (blocks.lp.columns < arrivals.lp.columns) smaller++;
    const session = openCoverage(highs, model, blocks, pairs, { stop: () => false, onProgress: () => {} });
    const { needed } = session;
    const share = Float64Array.from(pairs, (_, i) => 0.5 + 0.1 * (i % 6));
    session.solve(new Float64Array(pairs.length), share, true);
    const found = session.prices()!;
    const limit = limitOf(session, found);
    session.dispose();
    const noise = 1e-6 * Math.max(1, limit.room);

    const program = wholeProgram(
      model,
      pairs,
      needed.map((n, i) => n * share[i]!),
    );
    const most = openModel(highs, program);
    most.run();
    const best = -most.getObjectiveValue();
    most.dispose();
    const rough = found.v.reduce((sum, v, n) => sum + v * needed[n]!, 0);
    assert.ok(rough >= best - 1e-6 * Math.max(1, best), `${scenario.id}: ${rough} is less than ${best}`);
    if (rough < best * 1.02) tight++;
    // the first period is scarce, and what comes later keeps: little is lost by putting the later ones together
    if (scenario.id.startsWith('district')) assert.ok(rough < best * 1.01, `${rough} is not near ${best}`);

    // the most of Σ weight · coverage that any plan has, by HiGHS on the whole model, and by the prices alone
    program.upper.set(needed, model.z);
    for (let n = 0; n < pairs.length; n++) program.objective[model.z + n] = limit.weight[n]! / needed[n]!;
    const whole = openModel(highs, program);
    whole.run();
    const reach = -whole.getObjectiveValue();
    whole.dispose();
    assert.ok(reach <= limit.room + noise, `${scenario.id}: a plan reaches ${reach} where prices allow ${limit.room}`);
    const bound = priceOut(program, limit.y, new Float64Array(program.columns));
    assert.ok(bound <= limit.room + noise, `${scenario.id}: prices prove ${bound}, not ${limit.room}`);
  }
  assert.ok(smaller > 30, `${smaller} were smaller`);
  assert.ok(tight > 30, `${tight} were within 2 %`);
});
