/**
 * CPLEX LP format of one stage's LP (as read by CPLEX, Gurobi, HiGHS, GLPK, CBC, SCIP): the same program under the same names as in MPS, in
 * a form that people can read. Minimised as there; every row is a limit from above.
 */
import type { Scenario } from '../../scenarios/index.js';
import { inPieces } from './mps.js';
import { type StageLp, type StageLpOptions, stageLp } from './stage-lp.js';

/** Lines stay well below the 510 characters that old readers take. */
const TERMS = 8;

/** The text piece by piece. Throws AllocateError 'unsupported' for a stage that the policy does not have. */
export function* lpPieces(scenario: Scenario, options: StageLpOptions = {}): Generator<string> {
  yield* inPieces(lpLines(stageLp(scenario, options)));
}

function* lpLines({ lp, column, row, head }: StageLp): Generator<string> {
  for (const line of head) yield `\\ ${line}`;
  yield 'Minimize';
  const aimed = Array.from(lp.objective.keys()).filter((j) => lp.objective[j] !== 0);
  yield* sum('OBJ', aimed, (n) => [-lp.objective[aimed[n]!]!, aimed[n]!]);
  yield 'Subject To';
  const { start, entry, of } = byRow(lp);
  for (let i = 0; i < lp.rows; i++) {
    if (lp.rowUpper[i] === Infinity) continue;
    const entries = entry.subarray(start[i]!, start[i + 1]!);
    yield* sum(row(i), entries, (n) => [lp.value[entries[n]!]!, of[entries[n]!]!], ` <= ${lp.rowUpper[i]}`);
  }
  yield 'Bounds';
  // a lower bound of 0 goes without saying
  for (let j = 0; j < lp.columns; j++) yield ` ${column(j)} <= ${lp.upper[j]}`;
  if (lp.columns === 0) yield ' nothing <= 0';
  yield 'End';

  function* sum(
    name: string,
    list: ArrayLike<number>,
    term: (n: number) => [number, number],
    end = '',
  ): Generator<string> {
    if (list.length === 0) {
      // the format has no empty sum
      yield ` ${name}: 0 ${lp.columns > 0 ? column(0) : 'nothing'}${end}`;
      return;
    }
    let line = ` ${name}:`;
    for (let n = 0; n < list.length; n++) {
      const [value, j] = term(n);
      if (n > 0 && n % TERMS === 0) {
        yield line;
        line = '  ';
      }
      line += ` ${value < 0 ? '-' : '+'} ${Math.abs(value)} ${column(j)}`;
    }
    yield `${line}${end}`;
  }
}

/** Entries row by row: those of row i are entry[start[i]] … in the order of columns; `of` is the column of each. */
function byRow(lp: StageLp['lp']) {
  const of = new Int32Array(lp.index.length);
  const start = new Int32Array(lp.rows + 1);
  for (let j = 0; j < lp.columns; j++) of.fill(j, lp.start[j]!, lp.start[j + 1]!);
  for (const i of lp.index) start[i + 1]!++;
  for (let i = 0; i < lp.rows; i++) start[i + 1]! += start[i]!;
  const fill = start.slice();
  const entry = new Int32Array(lp.index.length);
  for (let p = 0; p < lp.index.length; p++) entry[fill[lp.index[p]!]!++] = p;
  return { start, entry, of };
}
