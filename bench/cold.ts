/** A process of its own for the suite `solve`: reads a scenario file, solves its first stage, prints the objective. */
import { readFileSync } from 'node:fs';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { buildModel } from '../engine/solve/model.js';
import { loadBackend } from '../engine/solve/solver.js';
import { complete, mustReadScenario } from '../scenarios/index.js';
import { solveWith } from './cases.js';

const scenario = mustReadScenario(readFileSync(process.argv[2]!, 'utf8'));
const model = buildModel(compileNetwork(complete(scenario)), compilePolicy(scenario.policy));
model.aim(0);
console.log(solveWith(await loadBackend('highs'), model.lp).objective);
