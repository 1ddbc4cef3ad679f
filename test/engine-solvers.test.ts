/**
 * Other people's solvers on the LP of every stage, written as MPS: whatever they find lies between value and bound. (The
 * reference family's sizes are in `allocation-solvers.test.ts`.)
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeMps } from '../engine/index.js';
import { runAllocation } from '../engine/pipeline.js';
import type { Allocation, StageResult } from '../engine/types.js';
import { generate, readCase, type Scenario } from '../scenarios/index.js';
import { bestValue } from './support/independent.js';
import { randomScenario } from './support/random.js';
import { runs } from './support/runs.js';

interface Solver {
  /** Arguments that end at once, to see whether it is there. */
  asks: string[];
  package: string;
  /** Relative: what its tolerance on the row of an earlier stage is worth on a later one. */
  noise: number;
  /** Solves an MPS file, read by its own reader; returns the objective. */
  solve: (file: string, out: string) => number;
}

const solvers: Record<string, Solver> = {
  clp: {
    noise: 2e-6,
    asks: ['-quit'],
    package: 'coinor-clp',
    solve(file, out) {
      const log = execFileSync('clp', [file, '-primalTolerance', '1e-9', '-solve', '-solution', out], {
        encoding: 'utf8',
      });
      assert.match(log, /Optimal/);
      return Number(/objective value\s+(\S+)/i.exec(readFileSync(out, 'utf8'))?.[1]);
    },
  },
  glpsol: {
    noise: 1e-5, // 1e-7 on rows, which its command line cannot change
    asks: ['--version'],
    package: 'glpk-utils',
    solve(file, out) {
      execFileSync('glpsol', ['--freemps', file, '-w', out], { stdio: 'ignore' });
      // "s bas rows columns primal dual objective" (GLPK reference manual, glp_write_sol)
      const [, status, objective] = /^s bas \d+ \d+ (\w) \w (\S+)/m.exec(readFileSync(out, 'utf8')) ?? [];
      assert.equal(status, 'f');
      return Number(objective);
    },
  },
};

function installed(name: string): boolean {
  try {
    execFileSync(name, solvers[name]!.asks, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Maximand of a stage behind its stated value: what `held` of the MPS writer is told. */
function maximand({ stage, value }: StageResult, floorTotal: number): number {
  return stage === 'floor' ? floorTotal - Number(value) : stage === 'cost' ? -Number(value) : Number(value);
}

/** Σ of the floors in points: the shortfall when nothing at all is there. */
async function floorsOf(scenario: Scenario): Promise<number> {
  const bare = { ...scenario, depots: scenario.depots.map(({ id }) => ({ id })) };
  return bestValue(bare, [{ stage: 'floor' }], 0, []);
}

/** What every solver is asked about: solved once for all of them. */
const asked = (async () => {
  const scenarios = [readCase('two-valleys'), generate('tiny', 77), generate('district', 77)];
  for (let seed = 6000; seed < 6000 + runs(25); seed++) scenarios.push(randomScenario(seed));
  const questions: { scenario: Scenario; allocation: Allocation; floors: number }[] = [];
  for (const scenario of scenarios) {
    const allocation = await runAllocation(scenario, { solver: 'highs' }, () => 0);
    questions.push({ scenario, allocation, floors: await floorsOf(scenario) });
  }
  return questions;
})();

for (const [name, { package: debian, noise: relative, solve }] of Object.entries(solvers))
  test(`${name} on every stage of random scenarios, two-valleys, tiny and district: value ≤ its optimum ≤ bound`, async (t) => {
    if (!installed(name)) return t.skip(`${name} is not installed (Debian: ${debian}), so it was not asked`);
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-mps-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    let stagesAsked = 0;
    for (const { scenario, allocation, floors } of await asked) {
      const { stages, policy } = allocation;
      for (const [s, { stage, value, bound }] of stages.entries()) {
        // a hair less than what was reached, as the file holds doubles
        const held = stages.slice(0, s).map((r) => {
          const scale = r.stage === 'floor' ? floors : Math.abs(Number(r.value));
          return maximand(r, floors) - 1e-11 * scale;
        });
        const mps = writeMps(scenario, { stage: s, held, policy: policy.stages });
        const points = Number(/OBJ times (\S+)/.exec(mps)?.[1]);
        assert.ok(points < 0, 'minimised');
        const [file, out] = [join(folder, 'stage.mps'), join(folder, 'out')];
        writeFileSync(file, mps);
        const best = solve(file, out) * points;
        const noise = relative * Math.max(1, Math.abs(Number(bound)), stage === 'floor' ? floors : 0);
        const what = `${scenario.id}, stage ${s} (${stage}): ${value} … ${bound}, ${name} has ${best}`;
        assert.ok(maximand({ ...stages[s]!, value }, floors) <= best + noise, what);
        assert.ok(maximand({ ...stages[s]!, value: bound }, floors) >= best - noise, what);
        stagesAsked++;
      }
    }
    assert.ok(stagesAsked > runs(50));
  });

test('javascript-lp-solver on random scenarios of every feature: its plan and proof hold against the second formulation', async () => {
  let looser = 0;
  for (let seed = 6100; seed < 6100 + runs(60); seed++) {
    const scenario = randomScenario(seed, { withoutMaxmin: true });
    const [jslp, highs] = [
      await runAllocation(scenario, { solver: 'jslp' }, () => 0),
      await runAllocation(scenario, { solver: 'highs' }, () => 0),
    ];
    const values = jslp.stages.map((s) => Number(s.value));
    for (const [s, { stage, value, bound }] of jslp.stages.entries()) {
      const best = await bestValue(scenario, jslp.policy.stages, s, values);
      const better = stage === 'floor' || stage === 'cost' ? -1 : 1;
      const noise = 1e-6 * Math.max(1, Math.abs(best));
      assert.ok(better * (best - Number(value)) >= -noise, `seed ${seed}, ${stage}: ${value} beats ${best}`);
      assert.ok(better * (Number(bound) - best) >= -noise, `seed ${seed}, ${stage}: ${bound} cuts ${best} off`);
    }
    // the first stage holds nothing back, so both bounds are the continuous optimum
    const [a, b] = [Number(jslp.stages[0]!.bound), Number(highs.stages[0]!.bound)];
    if (Math.abs(a - b) > 1e-6 * Math.max(1, Math.abs(b))) looser++;
  }
  assert.equal(looser, 0, 'first stages whose bounds differ');
});
