/**
 * Free MPS of one stage's LP, so that anybody can put it to a solver of their own (format: IBM MPSX; free form as
 * read by CLP, GLPK, HiGHS, SCIP). The objective is minimised: it is minus the maximand of the stage, scaled as a
 * comment on top says.
 */
import type { Scenario } from '../../scenarios/index.js';
import { type StageLp, type StageLpOptions, stageLp } from './stage-lp.js';

export type MpsOptions = StageLpOptions;

/** Characters that a piece has at least, the last one aside. */
const PIECE = 1 << 16;

/** The LP of a stage as free MPS text. Throws as `mpsPieces` does. */
export const writeMps = (scenario: Scenario, options: MpsOptions = {}): string =>
  [...mpsPieces(scenario, options)].join('');

/** The same piece by piece. Throws AllocateError 'unsupported' for a stage that the policy does not have. */
export function* mpsPieces(scenario: Scenario, options: MpsOptions = {}): Generator<string> {
  yield* inPieces(mpsLines(stageLp(scenario, options)));
}

/** Lines, each with its end, joined until it is worth while to hand them on. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* mpsLines({ lp, column, row, head }: StageLp): Generator<string> {
  for (const line of head) yield `* ${line}`;
  yield 'NAME EVENHAND';
  yield 'ROWS';
  yield ' N OBJ';
  for (let i = 0; i < lp.rows; i++) if (lp.rowUpper[i] !== Infinity) yield ` L ${row(i)}`;
  yield 'COLUMNS';
  for (let j = 0; j < lp.columns; j++) {
    const name = column(j);
    // a column without entries still has to be declared
    yield ` ${name} OBJ ${-lp.objective[j]! || 0}`;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const i = lp.index[p]!;
      if (lp.rowUpper[i] !== Infinity) yield ` ${name} ${row(i)} ${lp.value[p]}`;
    }
  }
  yield 'RHS';
  for (let i = 0; i < lp.rows; i++) {
    const b = lp.rowUpper[i]!;
    if (b !== Infinity && b !== 0) yield ` RHS ${row(i)} ${b}`;
  }
  yield 'BOUNDS';
  for (let j = 0; j < lp.columns; j++) yield ` UP BND ${column(j)} ${lp.upper[j]}`;
  yield 'ENDATA';
}
