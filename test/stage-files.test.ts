/** Stages as files for other solvers: CPLEX LP and MPS are the same program, by solvers that never saw this one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Allocation, closePool, lpPieces, readMps, type Scenario, writeMps } from '../engine/index.js';
import { runAllocation } from '../engine/pipeline.js';
import { pairs, run } from './support/comparisons.js';
import { randomScenario } from './support/random.js';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-lp-'));
after(() => rmSync(folder, { recursive: true, force: true }));
after(closePool);

const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

function optimum(program: 'clp' | 'glpsol', text: string, kind: 'lp' | 'mps'): number {
  const file = join(folder, `stage.${kind}`);
  writeFileSync(file, text);
  const args =
    program === 'clp'
      ? [file, '-primalsimplex']
      : [kind === 'lp' ? '--lp' : '--freemps', file, '-o', join(folder, 'out')];
  const out = execFileSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  if (program === 'clp') return Number(/Optimal objective (\S+)/.exec(out)?.[1] ?? Number.NaN);
  return Number(
    /Objective:\s+OBJ = (\S+)/.exec(execFileSync('cat', [join(folder, 'out')], { encoding: 'utf8' }))?.[1] ??
      Number.NaN,
  );
}

const near = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(a)), `${what}: ${a} and ${b}`);

/** Every stage of a plan's policy, with the stages before as good as in the plan. */
const stagesOf = (scenario: Scenario, plan: Allocation) =>
  plan.policy.stages.map((_, stage) => ({
    stage,
    lp: [...lpPieces(scenario, { stage, plan })].join(''),
    mps: writeMps(scenario, { stage, plan }),
  }));

describe('stages in CPLEX LP format', () => {
  it('have the optimum of the MPS file, by clp and by glpsol, stage after stage', async (t) => {
    const programs = (['clp', 'glpsol'] as const).filter(has);
    if (programs.length === 0) return t.skip('neither clp nor glpsol on this machine: no file was solved');
    let solved = 0;
    for (const { scenario, a, b } of (await pairs()).slice(10, 15))
      for (const plan of [a, b])
        for (const { stage, lp, mps } of stagesOf(scenario, plan)) {
          if (readMps(mps).columns.length === 0) continue;
          for (const program of programs) {
            near(
              optimum(program, mps, 'mps'),
              optimum(program, lp, 'lp'),
              `${scenario.id}, stage ${stage}, ${program}`,
            );
            solved++;
          }
        }
    assert.ok(solved > 20, `${solved}`);
  });

  it('have the names and numbers of the MPS file, row by row', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const scenario = randomScenario(seed);
      for (const { lp, mps } of stagesOf(scenario, await run(scenario, 'balanced'))) {
        const { rows, columns } = readMps(mps);
        if (columns.length === 0) continue;
        for (const line of lp.split('\n')) assert.ok(line.length <= 510);
        const [, objective = '', subject = '', bounds = ''] =
          /Minimize\n([\s\S]*)Subject To\n([\s\S]*)Bounds\n([\s\S]*)End\n/.exec(lp) ?? [];
        const terms = (text: string) =>
          new Map(
            [...text.matchAll(/([+-]) (\S+) (\S+)/g)].map(([, sign, value, name]) => [name, Number(`${sign}${value}`)]),
          );
        assert.deepEqual(
          terms(objective),
          new Map(columns.flatMap((c) => (c.objective === 0 ? [] : [[c.name, c.objective]]))),
        );
        const read = new Map(
          subject
            .split(/\n(?= \S)/)
            .filter(Boolean)
            .map((text) => {
              const [, name = '', sum = '', rhs = ''] = /^\s*(\S+):([\s\S]*) <= (\S+)\s*$/.exec(text) ?? [];
              return [name, { terms: terms(sum), rhs: Number(rhs) }];
            }),
        );
        assert.equal(read.size, rows.length);
        for (const { name, rhs } of rows) {
          assert.equal(read.get(name)?.rhs, rhs, name);
          const entries = columns.flatMap((c) =>
            c.entries.flatMap(([row, value]) => (row === name ? [[c.name, value] as const] : [])),
          );
          assert.deepEqual(read.get(name)?.terms, new Map(entries), name);
        }
        assert.deepEqual(
          [...bounds.matchAll(/^ (\S+) <= (\S+)$/gm)].map(([, name, upper]) => [name, Number(upper)]),
          columns.map((c) => [c.name, c.upper]),
        );
      }
    }
  });

  it('behind `leximin` hold what each pair has', async (t) => {
    if (!has('clp')) return t.skip('no clp on this machine');
    const scenario: Scenario = { ...randomScenario(7), policy: [{ stage: 'leximin' }, { stage: 'cost' }] };
    const plan = await runAllocation(scenario, { gap: 1, solver: 'highs' }, () => 0);
    const [, cost] = stagesOf(scenario, plan);
    near(optimum('clp', cost!.mps, 'mps'), optimum('clp', cost!.lp, 'lp'), 'cost');
    assert.notEqual([...lpPieces(scenario, { stage: 1 })].join(''), cost!.lp);
  });

  it('refuse a stage that the policy does not have', () => {
    assert.throws(() => [...lpPieces(randomScenario(1), { stage: 9 })], /there is no 9/);
  });
});
