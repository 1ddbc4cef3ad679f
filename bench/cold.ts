/** A process of its own for the suite `solve`: `cold.js SCENARIO SOLVER` solves the first stage, prints the objective. */
import { readFileSync } from 'node:fs';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import type { Lp } from '../engine/solve/lp.js';
import { buildModel } from '../engine/solve/model.js';
import { loadBackend } from '../engine/solve/tableau.js';
import { complete, mustReadScenario } from '../scenarios/index.js';
import { solveWith } from './cases.js';
import { javascriptLpSolver, plainModel, yalps } from './peers.js';

const [file, solver] = process.argv.slice(2);
const scenario = mustReadScenario(readFileSync(file!, 'utf8'));
const model = buildModel(compileNetwork(complete(scenario)), compilePolicy(scenario.policy));
model.aim(0);
console.log(await objective(model.lp));

async function objective(lp: Lp): Promise<number> {
  if (solver === 'yalps') return yalps(plainModel(lp));
  if (solver === 'javascript-lp-solver') return javascriptLpSolver(plainModel(lp));
  return solveWith(await loadBackend('highs'), lp).objective;
}
