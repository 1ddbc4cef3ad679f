/**
 * What the best plan of each real case is worth: the certificate is checked in exact arithmetic, a linear program that shares no line with
 * engine/ agrees, and the numbers are those that scenarios/library/README.md states.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { allocate, check, closePool } from '../engine/index.js';
import { readCase, type Stage } from '../scenarios/index.js';
import { bestValue } from './support/independent.js';

after(() => closePool());

/** Value of the stage that decides, to the digits printed; the gap that whole lots leave. */
const EXPECTED = {
  gorkha: { stage: 'need', value: 489_762_000, gap: 1e-5, met: 2.47 },
  idai: { stage: 'need', value: 337_473_000, gap: 1e-6, met: 10.7 },
  turkiye: { stage: 'need', value: 142_577_000, gap: 1e-6, met: 16.5 },
} as const;

for (const [name, expected] of Object.entries(EXPECTED))
  test(`${name}: value, gap and coverage are as recorded, certified, and found by another program`, async () => {
    const scenario = readCase(name);
    const allocation = await allocate(scenario, { gap: 1e-5, solver: 'highs' });
    const [stage] = allocation.stages;
    assert.equal(stage!.stage, expected.stage);
    assert.ok(Math.abs(Number(stage!.value) / expected.value - 1) < 1e-5, `value ${stage!.value}`);
    assert.ok(stage!.gap <= expected.gap, `gap ${stage!.gap}`);
    const { ok, faults } = check(allocation, scenario);
    assert.ok(ok, faults.join('; '));
    const best = await bestValue(scenario, scenario.policy as Stage[], 0, []);
    assert.ok(best >= Number(stage!.value) * (1 - 1e-7), `${best} is not below ${stage!.value}`);
    assert.ok(Math.abs(best / Number(stage!.bound) - 1) < 1e-6, `${best} is the bound ${stage!.bound}`);
    const [met, needed] = allocation.coverage.reduce(
      ([m, n], c) => [m + c.peoplePeriodsMet, n + c.peoplePeriodsNeeded],
      [0, 0],
    );
    assert.equal(((100 * met) / needed).toFixed(expected.met < 10 ? 2 : 1), String(expected.met));
  });

test('wenchuan: everybody is as well off as anybody can be, and another program finds no larger smallest coverage', async () => {
  const scenario = readCase('wenchuan');
  const allocation = await allocate(scenario, { gap: 1e-4, solver: 'highs' });
  const ladder = allocation.stages.find((s) => s.stage === 'leximin')!;
  assert.equal(ladder.levels?.length, 2);
  const [quilts, tents] = ladder.levels!.map((level) => Number(level.value));
  assert.deepEqual([quilts!.toFixed(4), tents!.toFixed(3)], ['0.0083', '0.104']);
  assert.ok(ladder.gap < 1e-4);
  const { ok, faults } = check(allocation, scenario);
  assert.ok(ok, faults.join('; '));
  const best = await bestValue(scenario, [{ stage: 'maxmin' }], 0, []);
  assert.ok(best >= quilts! - 1e-9 && best - quilts! < 1e-4, `${best}, in the plan ${quilts}`);
});
