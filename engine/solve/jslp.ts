/**
 * javascript-lp-solver as a backend: a dense simplex tableau, for small models and a second opinion. It has no duals in
 * its answer; they are read from the cost row of its last tableau (Dantzig 1963: the reduced cost of a row's slack is
 * the price of the row). Its answers are never believed without the certificate.
 */
import { createRequire } from 'node:module';
import { wording } from '../../scenarios/wording.js';
import { AllocateError } from '../errors.js';
import { solveByParts } from './components.js';
import type { Lp, LpBackend, LpOutcome, LpSession } from './lp.js';

/** The part of the package that is used here; under `nodenext` its own default import does not type-check. */
interface Package {
  Solve(
    model: object,
    precision: number | undefined,
    full: true,
  ): { feasible: boolean; bounded?: boolean; _tableau?: Tableau };
}

interface Tableau {
  matrix: Float64Array;
  width: number;
  costRowIndex: number;
  rhsColumn: number;
  colByVarIndex: number[];
  rowByVarIndex: number[];
  simplexIters: number;
  model: { constraints: { slack: { index: number } }[]; variables: { id: string; index: number }[] };
}

const require = createRequire(import.meta.url);

/** Cells of the dense tableau beyond which it would take minutes and gigabytes (the district preset would take 3.5 GB). */
const MOST_CELLS = 1.5e8;

export function loadJslp(): LpBackend {
  const solver = require('javascript-lp-solver') as Package; // shape above, checked against 1.0.3 by test/solve
  const { version } = require('javascript-lp-solver/package.json') as { version: string }; // npm requires it
  return { name: 'jslp', version, open };

  function open(lp: Lp): LpSession {
    const whole = (part: Lp) => solve(solver, part);
    return { solve: () => solveByParts(lp, whole) ?? whole(lp), dispose: () => {} };
  }
}

function solve(solver: Package, lp: Lp): LpOutcome {
  const bounded = explicitBounds(lp);
  const rows = lp.rowUpper.reduce((n, b) => n + (b === Infinity ? 0 : 1), 0) + bounded.length;
  if (rows * lp.columns > MOST_CELLS)
    throw new AllocateError(
      'too-large',
      wording`javascript-lp-solver would need a dense tableau of ${rows} × ${lp.columns} numbers; use --solver highs`,
    );

  const constraints: Record<string, { max: number }> = {};
  for (let i = 0; i < lp.rows; i++) if (lp.rowUpper[i] !== Infinity) constraints[`r${i}`] = { max: lp.rowUpper[i]! };
  for (const j of bounded) constraints[`u${j}`] = { max: lp.upper[j]! };
  // prefixed names: a variable called `result`, `feasible` or `bounded` would vanish
  const variables: Record<string, Record<string, number>> = {};
  for (let j = 0; j < lp.columns; j++) {
    const column: Record<string, number> = {};
    if (lp.objective[j] !== 0) column.gain = lp.objective[j]!;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++)
      if (lp.rowUpper[lp.index[p]!] !== Infinity) column[`r${lp.index[p]}`] = lp.value[p]!;
    variables[`x${j}`] = column;
  }
  for (const j of bounded) variables[`x${j}`]![`u${j}`] = 1;

  // an empty objective makes the package refuse the model
  if (!lp.objective.some((c) => c !== 0)) return { outcome: 'failed', why: 'there is nothing to gain on this stage' };
  const model = { optimize: 'gain', opType: 'max', constraints, variables, options: { presolve: false } };
  const answer = solver.Solve(model, undefined, true);
  const tableau = answer._tableau;
  if (!answer.feasible || answer.bounded === false || !tableau)
    return {
      outcome: 'failed',
      why: 'javascript-lp-solver calls the model infeasible or unbounded, which it cannot be',
    };
  return read(lp, tableau, Object.keys(constraints));
}

function read(lp: Lp, tableau: Tableau, names: string[]): LpOutcome {
  const x = new Float64Array(lp.columns);
  for (const { id, index } of tableau.model.variables) {
    const row = tableau.rowByVarIndex[index] ?? -1;
    if (id.startsWith('x') && row >= 0)
      x[Number(id.slice(1))] = tableau.matrix[row * tableau.width + tableau.rhsColumn]!;
  }
  const y = new Float64Array(lp.rows);
  tableau.model.constraints.forEach(({ slack }, n) => {
    const name = names[n]!;
    const column = tableau.colByVarIndex[slack.index] ?? -1;
    if (!name.startsWith('r') || column < 0) return;
    y[Number(name.slice(1))] = Math.max(0, Math.abs(tableau.matrix[tableau.costRowIndex * tableau.width + column]!));
  });
  let objective = 0;
  for (let j = 0; j < lp.columns; j++) objective += lp.objective[j]! * x[j]!;
  return { outcome: 'optimal', x, y, objective, iterations: tableau.simplexIters };
}

/** Columns whose bound no packing row implies: the package has no bounds, each costs it a row. */
function explicitBounds(lp: Lp): number[] {
  const packing = new Uint8Array(lp.rows).fill(1);
  for (let p = 0; p < lp.index.length; p++) if (lp.value[p]! < 0) packing[lp.index[p]!] = 0;
  const list: number[] = [];
  for (let j = 0; j < lp.columns; j++) {
    let implied = false;
    for (let p = lp.start[j]!; p < lp.start[j + 1]! && !implied; p++) {
      const i = lp.index[p]!;
      implied = packing[i] === 1 && lp.value[p]! > 0 && lp.rowUpper[i]! <= lp.value[p]! * lp.upper[j]! * (1 + 1e-12);
    }
    if (!implied) list.push(j);
  }
  return list;
}
