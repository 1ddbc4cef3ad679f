/** The best pair of plan and prices so far, and how far apart they are. */
import type { Lp } from '../lp.js';

/** A plan by column; `short[i]` is how much it breaks row `rows[i]`, `most` the largest of that relative to the row. */
export interface Candidate {
  x: Float64Array;
  value: number;
  rows: number[];
  short: number[];
  most: number;
}

export interface Proof {
  /** By row of the LP. */
  y: Float64Array;
  bound: number;
}

/** Rows are kept up to this many units in the last place, relative. */
const NOISE = 1e-12;
/** … and up to so much in units of about a tonne, where all that is on the row is itself rounding. */
const TINY = 1e-14;

export function measureCandidate(lp: Lp, x: Float64Array): Candidate {
  const activity = new Float64Array(lp.rows);
  const size = new Float64Array(lp.rows);
  let value = 0;
  for (let j = 0; j < lp.columns; j++) {
    const v = x[j]!;
    if (v === 0) continue;
    value += lp.objective[j]! * v;
    for (let p = lp.start[j]!; p < lp.start[j + 1]!; p++) {
      const a = lp.value[p]! * v;
      activity[lp.index[p]!]! += a;
      size[lp.index[p]!]! += Math.abs(a);
    }
  }
  const rows: number[] = [];
  const short: number[] = [];
  let most = 0;
  for (let i = 0; i < lp.rows; i++) {
    if (lp.rowUpper[i] === Infinity) continue;
    const d = activity[i]! - lp.rowUpper[i]!;
    const scale = Math.max(size[i]!, Math.abs(lp.rowUpper[i]!));
    if (!(d > NOISE * scale + TINY)) continue;
    rows.push(i);
    short.push(d);
    most = Math.max(most, d / scale);
  }
  return { x, value, rows, short, most };
}

/**
 * Σ y_i · short_i + bound − value: how much better a plan could be that does as well as this one on the earlier stages. That is what the
 * certificate will say, as it holds earlier stages at what the plan itself reaches.
 */
export function widthOf({ y, bound }: Proof, { value, rows, short }: Candidate): number {
  return rows.reduce((sum, row, i) => sum + y[row]! * short[i]!, bound - value);
}
