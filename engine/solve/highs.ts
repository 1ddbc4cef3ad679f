/**
 * HiGHS (WASM) as a backend: one persistent model, each stage started from the basis of the one before. Its dual simplex
 * goes on from there 1.2 to 8 times faster than its primal simplex, and faster than from scratch (district, maxmin then
 * need then cost: 2.2 s, 14 s, 2.5 s).
 */
import { createRequire } from 'node:module';
import type { Highs, InitOptions, Model } from 'highs';
import { type Text, wording } from '../../scenarios/wording.js';
import { AllocateError } from '../errors.js';
import type { Lp, LpBackend, LpOutcome, LpSession } from './lp.js';

/**
 * Entries of the matrix beyond which the runtime would die at its 2 GiB heap without a word (nation-day has
 * 1.9 million and passes, nation-week has 13.4 million).
 */
export const MOST_ENTRIES = 6e6;

/** Under `nodenext` the package's default import does not type-check though it runs; its CommonJS entry is the same. */
const loadRuntime = createRequire(import.meta.url)('highs') as (options: InitOptions) => Promise<Highs>;

let runtime: Promise<Highs> | undefined;

/** Loads the runtime once a thread. */
export function highsRuntime(): Promise<Highs> {
  runtime ??= loadRuntime({ print: () => {}, printErr: () => {} });
  return runtime;
}

export async function loadHighs(): Promise<LpBackend> {
  const highs = await highsRuntime();
  return { name: 'highs', version: highs.version.string, open: (lp) => open(highs, lp) };
}

const entriesOf = (entries: number): Text => wording`the linear program has ${entries} entries`;

/**
 * The program in HiGHS, minimising minus its objective, with tolerances of 1e-9 on rows and columns that the model has scaled. Throws
 * AllocateError 'too-large', which `what` begins.
 */
export function openModel(highs: Highs, lp: Lp, what = entriesOf): Model {
  if (lp.value.length > MOST_ENTRIES)
    throw new AllocateError(
      'too-large',
      wording`${what(lp.value.length)} and HiGHS in WebAssembly holds about ${MOST_ENTRIES}; split the scenario by resource or region, or shorten its horizon`,
    );
  const model = highs.createModel({
    numCols: lp.columns,
    numRows: lp.rows,
    colCost: lp.objective.map((c) => -c),
    colLower: new Float64Array(lp.columns),
    colUpper: unlimited(highs, lp.upper),
    rowLower: new Float64Array(lp.rows).fill(-highs.infinity),
    rowUpper: unlimited(highs, lp.rowUpper),
    matrix: {
      format: 'csc',
      numRows: lp.rows,
      numCols: lp.columns,
      starts: lp.start,
      indices: lp.index,
      values: lp.value,
    },
  });
  model.options.set({ output_flag: false, dual_feasibility_tolerance: 1e-9, primal_feasibility_tolerance: 1e-9 });
  return model;
}

/** Limits as HiGHS has them. */
export const unlimited = (highs: Highs, limits: Float64Array): Float64Array =>
  limits.map((b) => (b === Infinity ? highs.infinity : b));

function open(highs: Highs, lp: Lp): LpSession {
  const negative = () => lp.objective.map((c) => -c);
  const model = openModel(highs, lp);
  const everyColumn = { kind: 'range', from: 0, to: lp.columns - 1 } as const;
  const everyRow = { kind: 'range', from: 0, to: lp.rows - 1 } as const;
  const noLower = new Float64Array(lp.rows).fill(-highs.infinity);

  return {
    solve(onIterations): LpOutcome {
      if (lp.columns === 0)
        return { outcome: 'optimal', x: new Float64Array(), y: new Float64Array(lp.rows), objective: 0, iterations: 0 };
      model.changeColsCost(everyColumn, negative());
      // bounds may have changed since the model was made: stages are held, and z goes out of use behind `leximin`
      model.changeColsBounds(everyColumn, new Float64Array(lp.columns), lp.upper);
      if (lp.rows) model.changeRowsBounds(everyRow, noLower, unlimited(highs, lp.rowUpper));
      const { simplexInterrupt } = highs.constants.callbackType;
      const run = model.run(
        onIterations
          ? {
              [simplexInterrupt]: (event) => {
                onIterations(event.data.simplex_iteration_count ?? 0);
                return undefined;
              },
            }
          : undefined,
      );
      const iterations = Number(model.info.get('simplex_iteration_count'));
      if (run.modelStatus !== highs.constants.modelStatus.optimal)
        return { outcome: 'failed', why: `HiGHS ended with model status ${run.modelStatus}` };
      const solution = model.getSolution();
      return {
        outcome: 'optimal',
        x: solution.colValue,
        // minimising −c: the dual of a row that limits from above is −(its price)
        y: solution.rowDual.map((d) => Math.max(0, -d)),
        objective: -model.getObjectiveValue(),
        iterations,
      };
    },
    dispose: () => model.dispose(),
  };
}
