/** One LP (the first stage of a policy), every solver that can: in this process, then as whole processes on a file. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeMps } from '../engine/solve/mps.js';
import { loadBackend } from '../engine/solve/tableau.js';
import type { PresetName } from '../scenarios/index.js';
import { compiled, mustAgree, solveWith } from './cases.js';
import { javascriptLpSolver, plainModel, programsHere, yalps } from './peers.js';
import type { Bench } from './suites.js';
import { type Case, duration } from './support.js';

/** Solvers that keep a dense tableau: gigabytes for district, nothing at all for province. */
const DENSE = ['javascript-lp-solver', 'yalps'];
const DENSE_LIMIT_SECONDS = 300;

const COLD = fileURLToPath(new URL('./cold.js', import.meta.url));
const execute = promisify(execFile);

export async function packages(bench: Bench): Promise<void> {
  await warm('tiny', bench);
  await processes('tiny', bench);
  if (!bench.full) return bench.note('whole processes on district and province, packages on district: --full');
  await processes('district', bench);
  await processes('province', bench);
}

/** In one process that is warm: backends as `allocate` uses them, and the packages by their own front doors. */
async function warm(preset: PresetName, { compare }: Bench): Promise<void> {
  const { lp } = compiled(preset);
  const highs = await loadBackend('highs');
  const expected = solveWith(highs, lp).objective;
  const cases: Case[] = [{ name: 'HiGHS WASM', run: () => mustAgree(solveWith(highs, lp).objective, expected) }];
  if (preset === 'tiny') {
    const jslp = await loadBackend('jslp');
    const model = plainModel(lp);
    cases.push(
      { name: 'javascript-lp-solver, our backend', run: () => mustAgree(solveWith(jslp, lp).objective, expected) },
      { name: 'javascript-lp-solver', run: () => mustAgree(javascriptLpSolver(model), expected) },
      { name: 'yalps', run: () => mustAgree(yalps(model), expected) },
    );
  }
  await compare({ title: preset, cases, rounds: 7 });
}

/** Whole processes, start and reading of the file included; node's read the scenario, the others its MPS. */
async function processes(preset: PresetName, { compare, note }: Bench): Promise<void> {
  const { here, absent } = await programsHere();
  if (preset === 'tiny' && absent.length) note(`not on the PATH: ${absent.join(', ')}`);
  const { scenario, lp } = compiled(preset);
  const expected = solveWith(await loadBackend('highs'), lp).objective;
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-bench-'));
  try {
    const json = join(folder, 'scenario.json');
    const mps = join(folder, 'stage.mps');
    await writeFile(json, JSON.stringify(scenario));
    await writeFile(mps, writeMps(scenario, {}));
    const cold = async (solver: string, timeout = 0) => {
      const { stdout } = await execute(process.execPath, [COLD, json, solver], { timeout });
      mustAgree(Number(stdout), expected);
    };
    const cases: Case[] = [
      { name: 'node with HiGHS WASM', run: () => cold('highs') },
      ...here.map(({ name, run }) => ({ name, run: async () => mustAgree(await run(mps), expected) })),
    ];
    await compare({ title: `${preset}, whole process`, cases, rounds: 3 });
    if (preset !== 'district') return;
    for (const solver of DENSE) note(`district, node with ${solver}: ${await patiently(solver, cold)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Once, and not for ever: what a dense tableau takes is no failure of ours. A wrong answer is. */
async function patiently(solver: string, cold: (solver: string, timeout: number) => Promise<void>): Promise<string> {
  const start = performance.now();
  try {
    await cold(solver, DENSE_LIMIT_SECONDS * 1000);
    return duration((performance.now() - start) / 1000);
  } catch (error) {
    // only a process that failed has a code: a number, or null where it was killed
    if (!(error instanceof Error && 'code' in error && 'killed' in error)) throw error;
    return error.killed ? `not done after ${DENSE_LIMIT_SECONDS} s` : `ended with status ${error.code}`;
  }
}
