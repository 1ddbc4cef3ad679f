/** The same LP for solvers that are not behind our backends: two packages by their own front doors, and programs. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { solve as solveYalps } from 'yalps';
import type { Lp } from '../engine/solve/lp.js';

type Coefficients = Record<string, number>;

interface Plain {
  constraints: Record<string, { max: number }>;
  variables: Record<string, Coefficients>;
}

/**
 * The LP as objects by name. Neither package knows bounds on variables, so each would be a row. The peers get the smallest
 * model with the same optimum (it is compared): no row for a bound that a packing row implies, nor for one on a flow
 * that gains nothing by itself, as nobody ships more than is needed.
 */
export function plainModel(lp: Lp): Plain {
  const packing = new Uint8Array(lp.rows).fill(1);
  for (let p = 0; p < lp.index.length; p++) if (lp.value[p]! < 0) packing[lp.index[p]!] = 0;
  const constraints: Plain['constraints'] = {};
  const variables: Plain['variables'] = {};
  lp.rowUpper.forEach((b, i) => {
    if (b !== Infinity) constraints[`r${i}`] = { max: b };
  });
  for (let j = 0; j < lp.columns; j++) {
    const column: Coefficients = {};
    if (lp.objective[j] !== 0) column.gain = lp.objective[j]!;
    let implied = lp.objective[j]! <= 0;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const [i, a] = [lp.index[p]!, lp.value[p]!];
      if (lp.rowUpper[i] === Infinity) continue;
      column[`r${i}`] = a;
      implied ||= packing[i] === 1 && a > 0 && lp.rowUpper[i]! <= a * lp.upper[j]! * (1 + 1e-12);
    }
    if (!implied) {
      constraints[`u${j}`] = { max: lp.upper[j]! };
      column[`u${j}`] = 1;
    }
    variables[`x${j}`] = column;
  }
  return { constraints, variables };
}

/** Its default import does not type-check under `nodenext`; this is the part of it that is used here. */
const jslp = createRequire(import.meta.url)('javascript-lp-solver') as {
  Solve(model: object): { feasible: boolean; result: number };
};

export function javascriptLpSolver(model: Plain): number {
  const answer = jslp.Solve({ optimize: 'gain', opType: 'max', ...model });
  if (!answer.feasible) throw new Error('called infeasible');
  return answer.result;
}

export function yalps(model: Plain): number {
  const options = { maxPivots: Infinity, timeout: Infinity };
  const answer = solveYalps({ direction: 'maximize', objective: 'gain', ...model }, options);
  if (answer.status !== 'optimal') throw new Error(`called ${answer.status}`);
  return answer.result;
}

const execute = promisify(execFile);

/** A program that reads MPS, and where it prints its objective (minimised: minus ours). */
export interface Program {
  name: string;
  run(file: string): Promise<number>;
}

const program = (name: string, before: string[], after: string[], objective: RegExp): Program => ({
  name,
  async run(file) {
    const { stdout } = await execute(name, [...before, file, ...after], { maxBuffer: 1 << 26 });
    const found = objective.exec(stdout);
    if (!found) throw new Error(`${name} printed no objective: ${stdout.slice(-200)}`);
    return -Number(found[1]);
  },
});

const PROGRAMS = [
  { probe: ['-quit'], program: program('clp', [], ['-dualsimplex', '-quit'], /Optimal objective (\S+)/) },
  { probe: ['--version'], program: program('highs', [], [], /Objective value\s*:\s*(\S+)/) },
];

/** Those of `clp` and `highs` that are on the PATH. */
export async function programsHere(): Promise<{ here: Program[]; absent: string[] }> {
  const here: Program[] = [];
  const absent: string[] = [];
  for (const { probe, program } of PROGRAMS)
    try {
      await execute(program.name, probe, { timeout: 10_000 });
      here.push(program);
    } catch {
      absent.push(program.name);
    }
  return { here, absent };
}

/** CLP's dual simplex, timed by CLP itself: presolve and pivots, without start and reading of the file. */
export async function clpAlone(file: string): Promise<{ objective: number; iterations: number; seconds: number }> {
  const { stdout } = await execute('clp', [file, '-dualsimplex', '-quit'], { maxBuffer: 1 << 26 });
  const found = /Optimal objective (\S+) - (\d+) iterations time ([\d.]+)/.exec(stdout);
  if (!found) throw new Error(`clp printed no objective and time: ${stdout.slice(-200)}`);
  const [, objective, iterations, seconds] = found.map(Number);
  return { objective: -objective!, iterations: iterations!, seconds: seconds! };
}
