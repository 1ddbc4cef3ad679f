/**
 * The last digits: from flows and prices with a gap of about 1e-3 to one of 1e-9. Column generation (Gilmore and Gomory
 * 1961; "sifting" in Bixby et al. 1992): the LP over the columns that a solution near the start can use goes to HiGHS'
 * dual simplex with a basis near the start; its prices are put to all columns, those with a profit join, and so on.
 */
import type { Highs, Model } from 'highs';
import { MOST_ENTRIES, openModel } from '../highs.js';
import type { Lp } from '../lp.js';
import { crashBasis } from './crash.js';
import { cleanPrices, isFeasible, objectiveAt, priceOut } from './price.js';
import { chooseColumns, entriesOf, limitingRows, restrict } from './working.js';

export interface FinishOptions {
  /** The runtime (`highsRuntime` of highs.ts). */
  highs: Highs;
  /** Relative to `scale`. */
  gap: number;
  /** What gaps are relative to, in units of the objective; default |bound|. */
  scale?: number;
  /** Asks for a solution at a vertex, however good the start is. */
  vertex?: boolean;
  /** Asked while HiGHS runs; true ends it. */
  stop?: () => boolean;
  /** Called when bound or value get better; value is −Infinity as long as no feasible x is known. */
  onBound?: (bound: number, value: number) => void;
}

export interface Finished {
  /** The best feasible flows found (to 1e-9 on each row); those of the start where `value` is −Infinity. */
  x: Float64Array;
  /** The prices of `bound`. */
  y: Float64Array;
  bound: number;
  value: number;
  /** Pivots. */
  iterations: number;
  outcome:
    | 'reached'
    /** `stop` said so. */
    | 'stopped'
    /** No column is left with a profit, and rounding keeps the rest of the gap. */
    | 'stalled'
    /** The working set is more than HiGHS in WebAssembly holds. */
    | 'too-large'
    /** HiGHS gave up. */
    | 'failed';
}

const FEASIBLE = 1e-9;
/** Values that differ by less (relative) are the same. */
const NOISE = 1e-9;
/** Rounds after which every column joins. */
const PATIENCE = 12;

/** Finishes from approximate flows x and prices y (by column and row of `lp`, neither need be feasible). */
export function finish(lp: Lp, start: { x: Float64Array; y: Float64Array }, options: FinishOptions): Finished {
  const reduced = new Float64Array(lp.columns);
  const y0 = cleanPrices(lp, start.y);
  const x0 = start.x.map((v, j) => Math.max(0, Math.min(lp.upper[j]!, v)) || 0);
  const best: Finished = {
    x: x0,
    y: y0,
    bound: priceOut(lp, y0, reduced),
    value: isFeasible(lp, x0, FEASIBLE) ? objectiveAt(lp, x0) : Number.NEGATIVE_INFINITY,
    iterations: 0,
    outcome: 'stalled',
  };
  const done = () => best.bound - best.value <= options.gap * (options.scale ?? Math.abs(best.bound));
  const end = (outcome: Finished['outcome']): Finished => ({ ...best, outcome: done() ? 'reached' : outcome });
  options.onBound?.(best.bound, best.value);
  if (done() && !options.vertex) return end('reached');

  const session = new Session(lp, options);
  try {
    session.add(chooseColumns(lp, x0, y0, reduced));
    if (session.entries > MOST_ENTRIES) return end('too-large');
    session.begin(x0, y0);
    for (let round = 1; ; round++) {
      if (options.stop?.()) return end('stopped');
      const answer = session.solve();
      best.iterations += answer.iterations;
      if (answer.status === 'stopped') return end('stopped');
      if (answer.status === 'optimal') {
        const bound = priceOut(lp, answer.y, reduced);
        const value = objectiveAt(lp, answer.x);
        if (bound < best.bound) Object.assign(best, { bound, y: answer.y });
        if (value > best.value || (options.vertex && value >= best.value - NOISE * Math.abs(value)))
          Object.assign(best, { value, x: answer.x });
        options.onBound?.(best.bound, best.value);
        if (done()) return end('reached');
      }
      // what later stages hold may need columns that are not there yet, so 'infeasible' asks for all
      const all = answer.status !== 'optimal' || round >= PATIENCE;
      const joining = session.absent((j) => all || reduced[j]! > 0);
      if (joining.length === 0) {
        // the stages' problems have solutions: without one, the way from this basis was at fault
        if (session.fresh) return end(answer.status === 'optimal' ? 'stalled' : 'failed');
        session.forget();
        continue;
      }
      if (session.entries + entriesOf(lp, joining) > MOST_ENTRIES) return end('too-large');
      session.add(joining);
    }
  } finally {
    session.dispose();
  }
}

type Answer = { iterations: number } & (
  | { status: 'optimal'; x: Float64Array; y: Float64Array }
  | { status: 'stopped' | 'infeasible' | 'failed' }
);

/** HiGHS on the working set. */
class Session {
  private readonly columns: number[] = [];
  private readonly member: Uint8Array;
  private readonly limiting: ReturnType<typeof limitingRows>;
  private model: Model | undefined;
  entries = 0;
  /** Whether HiGHS starts as it likes. */
  fresh = false;

  constructor(
    private readonly lp: Lp,
    private readonly options: FinishOptions,
  ) {
    this.member = new Uint8Array(lp.columns);
    this.limiting = limitingRows(lp);
  }

  absent(want: (j: number) => boolean): Int32Array {
    const list: number[] = [];
    for (let j = 0; j < this.lp.columns; j++) if (!this.member[j] && want(j)) list.push(j);
    return Int32Array.from(list);
  }

  add(columns: Int32Array): void {
    for (const j of columns) {
      this.member[j] = 1;
      this.columns.push(j);
    }
    this.entries += entriesOf(this.lp, columns);
    this.model?.addCols(columnData(restrict(this.lp, columns, this.limiting)));
  }

  /** Sets the model up with a basis near flows and prices of the whole LP. */
  begin(x: Float64Array, y: Float64Array): void {
    const { highs } = this.options;
    const part = restrict(this.lp, Int32Array.from(this.columns), this.limiting);
    this.model = openModel(highs, part);
    const flows = Float64Array.from(this.columns, (j) => x[j]!);
    const prices = Float64Array.from(this.limiting.rows, (i) => y[i]!);
    this.model.setBasis(crashBasis(part, flows, prices));
  }

  /** Drops the basis, so that HiGHS starts from scratch. */
  forget(): void {
    this.model?.clearSolver();
    this.fresh = true;
  }

  solve(): Answer {
    const model = this.model!;
    // HiGHS has no dual values to give for an empty model
    if (this.columns.length === 0) return this.unused();
    const { highs } = this.options;
    let modelStatus: number;
    try {
      modelStatus = this.run(model);
    } catch (error) {
      // a basis from which dual values grow beyond all bounds; a second time it is something else
      if (this.fresh) throw error;
      this.forget();
      modelStatus = this.run(model);
    }
    const iterations = Math.max(0, Number(model.info.get('simplex_iteration_count')));
    const { optimal, interrupted, infeasible, unboundedOrInfeasible } = highs.constants.modelStatus;
    if (modelStatus === interrupted) return { status: 'stopped', iterations };
    if (modelStatus === infeasible || modelStatus === unboundedOrInfeasible)
      return { status: 'infeasible', iterations };
    if (modelStatus !== optimal) return { status: 'failed', iterations };
    const { colValue, rowDual } = model.getSolution();
    const x = new Float64Array(this.lp.columns);
    this.columns.forEach((j, n) => {
      x[j] = Math.max(0, Math.min(this.lp.upper[j]!, colValue[n]!));
    });
    // minimising −c: the dual of a row that limits from above is −(its price)
    const y = new Float64Array(this.lp.rows);
    this.limiting.rows.forEach((i, n) => {
      y[i] = Math.max(0, -rowDual[n]!);
    });
    return { status: 'optimal', x, y, iterations };
  }

  private run(model: Model): number {
    const { stop, highs } = this.options;
    const { simplexInterrupt } = highs.constants.callbackType;
    return model.run(
      stop && {
        [simplexInterrupt]: (event) => {
          if (stop()) event.interrupt();
          return undefined;
        },
      },
    ).modelStatus;
  }

  private unused(): Answer {
    const { lp } = this;
    if (lp.rowUpper.some((b) => b < 0)) return { status: 'infeasible', iterations: 0 };
    return { status: 'optimal', x: new Float64Array(lp.columns), y: new Float64Array(lp.rows), iterations: 0 };
  }

  dispose(): void {
    this.model?.dispose();
  }
}

function columnData(part: Lp) {
  return {
    cost: part.objective.map((c) => -c),
    lower: new Float64Array(part.columns),
    upper: part.upper,
    matrix: {
      format: 'csc' as const,
      numRows: part.rows,
      numCols: part.columns,
      starts: part.start,
      indices: part.index,
      values: part.value,
    },
  };
}
