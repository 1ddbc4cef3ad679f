/**
 * Finishing ends at the optimum that HiGHS finds from scratch, from good, poor and hopeless starts, and what it says on
 * the way is true: flows are feasible, no bound is below the optimum. Bound and feasibility are computed anew here.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { crashBasis } from '../engine/solve/finish/crash.js';
import { type FinishOptions, finish } from '../engine/solve/finish/finish.js';
import { highsRuntime, loadHighs } from '../engine/solve/highs.js';
import type { Lp } from '../engine/solve/lp.js';
import { buildModel } from '../engine/solve/model.js';
import { complete, generate, type Scenario } from '../scenarios/index.js';
import { randomScenario } from './support/random.js';

const highs = await highsRuntime();
const backend = await loadHighs();

interface Optimum {
  x: Float64Array;
  y: Float64Array;
  objective: number;
  /** What gaps are relative to, in units of the objective. */
  scale: number;
}

/** Calls `visit` on the LP of each stage with its optimum; the LP is aimed and the stages before are held. */
function eachStage(scenario: Scenario, visit: (lp: Lp, optimum: Optimum, where: string) => void): void {
  const policy = compilePolicy(scenario.policy);
  const model = buildModel(compileNetwork(complete(scenario)), policy);
  const session = backend.open(model.lp);
  try {
    for (const [s, { stage }] of policy.stages.entries()) {
      model.aim(s);
      const solved = session.solve();
      assert.equal(solved.outcome, 'optimal', scenario.id);
      if (solved.outcome !== 'optimal') return;
      const reached = model.maximand(s, solved.x);
      const scale = Math.max(1, model.gapScale(s, reached) / model.pointsPerUnit(s));
      visit(model.lp, { ...solved, scale }, `${scenario.id}, stage ${s} (${stage})`);
      model.hold(s, reached - 1e-6 * model.gapScale(s, reached));
    }
  } finally {
    session.dispose();
  }
}

/** Finishes, checks every law that holds whatever the outcome, and returns the answer. */
function lawful(
  lp: Lp,
  optimum: Optimum,
  start: { x: Float64Array; y: Float64Array },
  options: Partial<FinishOptions>,
  where: string,
) {
  const noise = 1e-8 * optimum.scale;
  let last: [number, number] = [Infinity, -Infinity];
  const answer = finish(lp, start, {
    highs,
    gap: 1e-9,
    scale: optimum.scale,
    onBound: (bound, value) => {
      assert.ok(bound <= last[0] && value >= last[1], `${where}: bound and value only get better`);
      last = [bound, value];
    },
    ...options,
  });
  assert.deepEqual([answer.bound, answer.value], last, where);
  let bound = 0;
  let value = 0;
  const activity = new Float64Array(lp.rows);
  for (let i = 0; i < lp.rows; i++) {
    assert.ok(answer.y[i]! >= 0, where);
    if (answer.y[i]! > 0) bound += answer.y[i]! * lp.rowUpper[i]!;
  }
  for (let j = 0; j < lp.columns; j++) {
    let paid = 0;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      paid += lp.value[p]! * answer.y[lp.index[p]!]!;
      activity[lp.index[p]!]! += lp.value[p]! * answer.x[j]!;
    }
    bound += lp.upper[j]! * Math.max(0, lp.objective[j]! - paid);
    value += lp.objective[j]! * answer.x[j]!;
    assert.ok(answer.x[j]! >= 0 && answer.x[j]! <= lp.upper[j]!, where);
  }
  assert.ok(Math.abs(bound - answer.bound) <= noise, `${where}: bound ${answer.bound}, computed anew ${bound}`);
  assert.ok(answer.bound >= optimum.objective - noise, `${where}: bound ${answer.bound} below ${optimum.objective}`);
  if (answer.value > -Infinity) {
    assert.ok(Math.abs(value - answer.value) <= noise, `${where}: value ${answer.value}, computed anew ${value}`);
    assert.ok(answer.value <= optimum.objective + noise, `${where}: value ${answer.value} above ${optimum.objective}`);
    activity.forEach((a, i) => {
      assert.ok(a <= lp.rowUpper[i]! + 1e-8 * Math.max(1, Math.abs(lp.rowUpper[i]!)), `${where}: row ${i} holds`);
    });
  }
  return answer;
}

/** Multiplies by 1 ± share, and puts a few where nothing was; the same for the same seed (Park and Miller 1988). */
function disturb(values: Float64Array, share: number, seed: number): Float64Array {
  let state = seed + 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return values.map((v) => (v === 0 && next() < share ? next() : v * (1 + share * (2 * next() - 1))));
}

const nothing = (lp: Lp) => ({ x: new Float64Array(lp.columns), y: new Float64Array(lp.rows) });

function ends(lp: Lp, optimum: Optimum, start: { x: Float64Array; y: Float64Array }, where: string) {
  const answer = lawful(lp, optimum, start, {}, where);
  assert.equal(answer.outcome, 'reached', where);
  assert.ok(answer.bound - answer.value <= 1e-9 * optimum.scale, where);
  return answer;
}

test('from disturbed optima of every stage of random scenarios it reaches 1e-9', () => {
  for (let seed = 0; seed < 120; seed++)
    eachStage(randomScenario(seed), (lp, optimum, where) => {
      const share = [1e-4, 1e-2, 0.5][seed % 3]!;
      ends(lp, optimum, { x: disturb(optimum.x, share, seed), y: disturb(optimum.y, share, seed) }, where);
    });
});

test('from nothing at all, and from rubbish, it still ends at the optimum', () => {
  for (let seed = 200; seed < 240; seed++)
    eachStage(randomScenario(seed), (lp, optimum, where) => {
      ends(lp, optimum, nothing(lp), `${where}, nothing`);
      const rubbish = { x: lp.upper.map((u, j) => (j % 3 ? -u : Number.NaN)), y: new Float64Array(lp.rows).fill(1e9) };
      ends(lp, optimum, rubbish, `${where}, rubbish`);
    });
});

test('district: a near start takes a fraction of the pivots, and a start within the gap none', () => {
  eachStage(generate('district', 77), (lp, optimum, where) => {
    const far = ends(lp, optimum, nothing(lp), where);
    const near = ends(lp, optimum, { x: disturb(optimum.x, 1e-3, 1), y: disturb(optimum.y, 1e-3, 2) }, where);
    assert.ok(near.iterations < far.iterations / 2, `${near.iterations} of ${far.iterations} pivots`);
    assert.equal(lawful(lp, optimum, far, {}, where).iterations, 0);
  });
});

test('the basis has as many members as rows, whatever the start', () => {
  for (let seed = 0; seed < 30; seed++)
    eachStage(randomScenario(seed), (lp, { x, y }) => {
      for (const start of [{ x, y }, { x: disturb(x, 0.1, seed), y: disturb(y, 0.1, seed) }, nothing(lp)]) {
        const { colStatus, rowStatus } = crashBasis(lp, start.x, start.y);
        const basic = [...colStatus, ...rowStatus].filter((s) => s === highs.constants.basisStatus.basic);
        assert.equal(basic.length, lp.rows);
      }
    });
});

test('stop ends it, before HiGHS and while it runs, with what is proven by then', () => {
  eachStage(generate('district', 77), (lp, optimum, where) => {
    const start = nothing(lp);
    const atOnce = lawful(lp, optimum, start, { stop: () => true }, where);
    assert.deepEqual([atOnce.outcome, atOnce.iterations, atOnce.value], ['stopped', 0, 0]);
    let asked = 0;
    const priced = { ...start, y: disturb(optimum.y, 1e-3, 1) };
    const later = lawful(lp, optimum, priced, { stop: () => ++asked > 1 }, where);
    // it was asked once before HiGHS began, so no flows but those of the start are there
    assert.deepEqual([later.outcome, later.value], ['stopped', 0]);
  });
});
