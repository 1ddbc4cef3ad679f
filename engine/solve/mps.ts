/**
 * Free MPS of one stage's LP, so that anybody can put it to a solver of their own (format: IBM MPSX; free form as
 * read by CLP, GLPK, HiGHS, SCIP). The objective is minimised: it is minus the maximand of the stage, scaled as a
 * comment on top says.
 */
import { complete, type Scenario } from '../../scenarios/index.js';
import { AllocateError } from '../errors.js';
import { compileNetwork } from '../network.js';
import { compilePolicy } from '../policy.js';
import type { PolicyName, Stage } from '../types.js';
import type { Lp } from './lp.js';
import { buildModel } from './model.js';

export interface MpsOptions {
  policy?: PolicyName | Stage[];
  /** Index of the stage; default 0. */
  stage?: number;
  /** Maximands that the stages before it have to reach; absent ones do not bind. */
  held?: number[];
}

/** The LP of a stage as free MPS text. Throws AllocateError 'unsupported' for a stage that the policy does not have. */
export function writeMps(scenario: Scenario, options: MpsOptions = {}): string {
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(options.policy ?? scenario.policy);
  const s = options.stage ?? 0;
  const stage = policy.stages[s];
  if (!stage)
    throw new AllocateError(
      'unsupported',
      `the policy has ${policy.stages.length} stages, counted from 0; there is no ${s}`,
    );
  const model = buildModel(network, policy);
  model.aim(s);
  options.held?.slice(0, s).forEach((value, r) => {
    model.hold(r, value);
  });
  const head = [
    `* Evenhand scenario ${scenario.id.replace(/\s+/g, '-')}, stage ${s} (${stage.stage})`,
    `* minimise OBJ; the stage's maximand in the units of the model is OBJ times ${-model.pointsPerUnit(s)}`,
    '* ship_F: flow F = arc * resources + resource; band_N_C: need N = (region * periods + period) * resources + resource',
  ];
  return `${head.join('\n')}\n${body(model.lp, model.columnName, model.rowName)}`;
}

function body(lp: Lp, column: (j: number) => string, row: (i: number) => string): string {
  const lines: string[] = ['NAME EVENHAND', 'ROWS', ' N OBJ'];
  for (let i = 0; i < lp.rows; i++) if (lp.rowUpper[i] !== Infinity) lines.push(` L ${row(i)}`);
  lines.push('COLUMNS');
  for (let j = 0; j < lp.columns; j++) {
    const name = column(j);
    // a column without entries still has to be declared
    lines.push(` ${name} OBJ ${-lp.objective[j]! || 0}`);
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const i = lp.index[p]!;
      if (lp.rowUpper[i] !== Infinity) lines.push(` ${name} ${row(i)} ${lp.value[p]}`);
    }
  }
  lines.push('RHS');
  for (let i = 0; i < lp.rows; i++) {
    const b = lp.rowUpper[i]!;
    if (b !== Infinity && b !== 0) lines.push(` RHS ${row(i)} ${b}`);
  }
  lines.push('BOUNDS');
  for (let j = 0; j < lp.columns; j++) lines.push(` UP BND ${column(j)} ${lp.upper[j]}`);
  lines.push('ENDATA', '');
  return lines.join('\n');
}
