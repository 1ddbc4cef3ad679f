/** One linear program in HiGHS whose basis can be kept and put into another one that differs in a few columns, rows or limits. */
import type { Highs } from 'highs';
import { BASIC, LOWER } from '../solve/finish/crash.js';
import { openModel, unlimited } from '../solve/highs.js';
import type { Lp } from '../solve/lp.js';

/** HiGHS' codes by key, in the order of the program it comes from. */
export interface Basis {
  columns: Float64Array;
  rows: Float64Array;
  colStatus: Int32Array;
  rowStatus: Int32Array;
}

/** A part of the feasible set: columns at a bound, rows that are used up. */
export interface Face {
  lower: Float64Array;
  upper: Float64Array;
  /** Minus infinity where the row may be slack. */
  rowLower: Float64Array;
}

export interface Solution {
  x: Float64Array;
  /** Prices by row, no less than zero but where a face uses the row up. */
  y: Float64Array;
  iterations: number;
}

export interface Session {
  /**
   * Solves with the present objective and limits of the program, on a face where one is given; null where the rows exclude each other,
   * or nearly so.
   */
  solve(face?: Face): Solution | null;
  basis(): Basis;
  /** Starts the next solve from there. */
  start(basis: Basis): void;
  dispose(): void;
}

/** Pivots, beyond one (ten) a row, after which a way is given up: from some bases the simplex method goes round in circles. */
const [MOST_WARM, MOST_COLD] = [2_000, 20_000];

/** Throws AllocateError 'too-large'. */
export function openSession(highs: Highs, lp: Lp, columns: Float64Array, rows: Float64Array): Session {
  const lowest = new Float64Array(lp.rows).fill(-highs.infinity);
  const model = openModel(highs, lp);
  const everyColumn = { kind: 'range', from: 0, to: lp.columns - 1 } as const;
  const everyRow = { kind: 'range', from: 0, to: lp.rows - 1 } as const;
  const zeros = new Float64Array(lp.columns);
  let onFace = false;
  const run = () => {
    const { modelStatus } = model.run();
    return { modelStatus, iterations: Math.max(0, Number(model.info.get('simplex_iteration_count'))) };
  };

  return {
    solve(face) {
      if (lp.columns === 0)
        return lp.rowUpper.some((b) => b < 0)
          ? null
          : { x: new Float64Array(), y: new Float64Array(lp.rows), iterations: 0 };
      model.changeColsCost(
        everyColumn,
        lp.objective.map((c) => -c),
      );
      const limits = unlimited(highs, lp.rowUpper);
      const least = face ? face.rowLower.map((b) => (b === Number.NEGATIVE_INFINITY ? -highs.infinity : b)) : lowest;
      if (lp.rows) model.changeRowsBounds(everyRow, least, limits);
      if (face || onFace)
        model.changeColsBounds(everyColumn, face?.lower ?? zeros, unlimited(highs, face?.upper ?? lp.upper));
      onFace = face !== undefined;
      const { optimal } = highs.constants.modelStatus;
      model.options.set({ simplex_iteration_limit: MOST_WARM + lp.rows });
      let { modelStatus, iterations } = run();
      if (modelStatus !== optimal) {
        // the way from that basis may have been at fault: once more from scratch
        model.clearSolver();
        model.options.set({ simplex_iteration_limit: MOST_COLD + 10 * lp.rows });
        const again = run();
        modelStatus = again.modelStatus;
        iterations += again.iterations;
      }
      // infeasible, or so nearly that HiGHS cannot tell
      if (modelStatus !== optimal) return null;
      const { colValue, rowDual } = model.getSolution();
      return {
        x: colValue.map((v, j) => Math.max(0, Math.min(lp.upper[j]!, v))),
        // minimising −c: the dual of a row that limits from above is −(its price)
        y: rowDual.map((d, i) => {
          if (lp.rowUpper[i] === Infinity) return 0;
          return face && face.rowLower[i]! > Number.NEGATIVE_INFINITY ? -d : Math.max(0, -d);
        }),
        iterations,
      };
    },
    basis() {
      // an empty program was never solved
      if (lp.columns === 0)
        return { columns, rows, colStatus: new Int32Array(0), rowStatus: new Int32Array(rows.length).fill(BASIC) };
      const { colStatus, rowStatus } = model.getBasis();
      return { columns, rows, colStatus: Int32Array.from(colStatus), rowStatus: Int32Array.from(rowStatus) };
    },
    start(basis) {
      if (lp.columns > 0) model.setBasis(fit(basis, columns, rows));
    },
    dispose: () => model.dispose(),
  };
}

/** The basis in another program: what is new stays out of it, and as many are basic as there are rows. */
function fit(basis: Basis, columns: Float64Array, rows: Float64Array) {
  const known = (keys: Float64Array, status: Int32Array) => new Map(Array.from(keys, (key, n) => [key, status[n]!]));
  const ofColumn = known(basis.columns, basis.colStatus);
  const ofRow = known(basis.rows, basis.rowStatus);
  const colStatus = Int32Array.from(columns, (key) => ofColumn.get(key) ?? LOWER);
  const rowStatus = Int32Array.from(rows, (key) => ofRow.get(key) ?? BASIC);
  let missing = rows.length;
  for (const status of [colStatus, rowStatus]) for (const s of status) if (s === BASIC) missing--;
  for (let i = 0; i < rowStatus.length && missing > 0; i++)
    if (rowStatus[i] !== BASIC) {
      rowStatus[i] = BASIC;
      missing--;
    }
  for (let j = colStatus.length - 1; j >= 0 && missing < 0; j--)
    if (colStatus[j] === BASIC) {
      colStatus[j] = LOWER;
      missing++;
    }
  return { colStatus, rowStatus };
}
