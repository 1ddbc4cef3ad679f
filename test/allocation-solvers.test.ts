/**
 * Independent solvers bracket each other through the exact certificate: two backends, and clp where it is installed.
 * SOLVER_SEEDS=200 for the full run.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeMps } from '../engine/index.js';
import { runAllocation } from '../engine/pipeline.js';
import { generate } from '../scenarios/index.js';
import { runs } from './support/runs.js';

const SEEDS = Number(process.env.SOLVER_SEEDS ?? runs(60));
const DISTRICTS = Math.ceil(SEEDS / 20);

/** |a − b| within what both have proven, plus doubles' noise. */
function agree(a: { value: string; bound: string }, b: { value: string; bound: string }, what: string): void {
  const noise = 1e-9 * Math.abs(Number(a.bound));
  assert.ok(Number(a.value) <= Number(b.bound) + noise && Number(b.value) <= Number(a.bound) + noise, what);
}

test(`${SEEDS} seeded tiny scenarios: HiGHS and javascript-lp-solver agree within their proven gaps`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const scenario = generate('tiny', seed);
    const highs = await runAllocation(scenario, { solver: 'highs' }, () => 0);
    const jslp = await runAllocation(scenario, { solver: 'jslp' }, () => 0);
    agree(highs.stages[0]!, jslp.stages[0]!, `seed ${seed}`);
    assert.ok(
      highs.gap.proven < 1e-4 && jslp.gap.proven < 1e-4,
      `seed ${seed}: ${highs.gap.proven}, ${jslp.gap.proven}`,
    );
  }
});

const clp = (() => {
  try {
    execFileSync('clp', ['-quit'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test(`${DISTRICTS} district scenarios: value ≤ the optimum of clp ≤ bound`, async (t) => {
  if (!clp) return t.skip('clp is not installed (Debian: coinor-clp), so it was not asked');
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-mps-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (let seed = 1; seed <= DISTRICTS; seed++) {
    const scenario = generate('district', seed);
    const { stages, gap } = await runAllocation(scenario, {}, () => 0);
    const mps = writeMps(scenario);
    const file = join(folder, `${seed}.mps`);
    writeFileSync(file, mps);
    const text = execFileSync('clp', [file, '-solve'], { encoding: 'utf8' });
    const objective = Number(/Optimal objective (\S+)/.exec(text)?.[1]);
    const points = Number(/OBJ times (\S+)/.exec(mps)?.[1]);
    const optimum = objective * points;
    const noise = 1e-8 * optimum;
    assert.ok(Number(stages[0]!.value) <= optimum + noise, `seed ${seed}: ${stages[0]!.value} > ${optimum}`);
    assert.ok(Number(stages[0]!.bound) >= optimum - noise, `seed ${seed}: ${stages[0]!.bound} < ${optimum}`);
    assert.ok(gap.proven < 1e-4, `seed ${seed}: gap ${gap.proven}`);
  }
});
