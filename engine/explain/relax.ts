/**
 * The least that has to be added to the limits so that every floor can be met (an elastic program: Brown and Graves 1975): all floors
 * hold, every limit may be raised, and what it is raised by is counted in natural units.
 */
import type { Highs } from 'highs';
import { type Operation, patched, type Scenario } from '../../scenarios/index.js';
import type { Lp } from '../solve/lp.js';
import { fleetUnit } from './bindings.js';
import type { FloorProgram } from './conflict.js';
import { lockedDepots } from './locked.js';
import { type Raise, raise } from './raise.js';
import type { ExplanationSaid } from './said.js';
import { openSession } from './session.js';

export interface Relaxation {
  raises: { what: string; said: ExplanationSaid; amount: number }[];
  patch: Operation[];
  /** Natural units in all: the least by linear programming, and after rounding up to whole lots, vehicles and kilograms. */
  least: number;
  units: number;
}

/** One column of the elastic program. */
interface Elastic extends Omit<Raise, 'amount'> {
  rows: number[];
  /** By row: what one natural unit adds to its limit. */
  adds: number[];
}

/** Amounts below this are rounding. */
const NOTHING = 1e-7;
/** Tonnes and thousands of currency are rounded up to a thousandth. */
const PLACES = 1000;

/** Null where some floor cannot be met whatever is added. `floors` are pairs, region·K + resource. */
export function leastRelaxation(
  program: FloorProgram,
  scenario: Scenario,
  floors: ReadonlySet<number>,
  highs: Highs,
): Relaxation | null {
  const { network, model } = program;
  const elastics = listElastics(program, floors);
  const lp = extended(model.lp, elastics);
  const numbers = (count: number) => Float64Array.from({ length: count }, (_, n) => n);
  const session = openSession(highs, lp, numbers(lp.columns), numbers(lp.rows));
  try {
    const lower = new Float64Array(lp.columns);
    for (const pair of floors) lower[program.floors.get(pair)!] = lp.upper[program.floors.get(pair)!]!;
    const rowLower = new Float64Array(lp.rows).fill(Number.NEGATIVE_INFINITY);
    const solution = session.solve({ lower, upper: lp.upper, rowLower });
    if (!solution) return null;
    const first = model.lp.columns;
    let least = 0;
    let units = 0;
    let now = scenario;
    const result: Relaxation = { raises: [], patch: [], least, units };
    elastics.forEach(({ kind, n, k = 0, t = 0 }, e) => {
      const exact = solution.x[first + e]!;
      if (exact < NOTHING) return;
      least += exact;
      const weight = kind === 'stock' && network.approx.weight[k]! > 0 ? network.approx.weight[k]! : 1;
      const whole = kind === 'stock' || (kind === 'fleet' && fleetUnit(network, n).vehicle);
      const lots = kind === 'stock' ? exact / weight : exact;
      // a hair over a whole number is rounding
      const amount = whole ? Math.ceil(lots - NOTHING) : Math.ceil((lots - NOTHING) * PLACES) / PLACES;
      const { what, said, patch } = raise(network, now, { kind, n, k, t, amount });
      units += kind === 'stock' ? amount * weight : amount;
      result.raises.push({ what, said: said.what, amount });
      result.patch.push(...patch);
      now = patched(now, patch);
    });
    return { ...result, least, units };
  } finally {
    session.dispose();
  }
}

function listElastics({ network, model, limits, rows }: FloorProgram, floors: ReadonlySet<number>): Elastic[] {
  const { D, T, K, first } = network;
  const scale = rowScales(model);
  const wanted = new Set([...floors].map((pair) => pair % K));
  const locked = lockedDepots(network);
  const list: Elastic[] = [];
  limits.forEach(({ kind, n }, g) => {
    if (kind !== 'stock') {
      const each = kind === 'budget' ? 1000 : kind === 'fleet' ? fleetUnit(network, n).tonneKm : 1;
      list.push({ kind, n, rows: rows[g]!, adds: rows[g]!.map((i) => each * scale[i]!) });
      return;
    }
    if (!wanted.has(n)) return;
    // of each depot, in the first period: goods keep there
    for (const i of rows[g]!) {
      const row = Number(model.rowName(i).split('_')[1]);
      const node = Math.floor(row / K);
      if (node % T !== first || node >= D * T || locked.has(Math.floor(node / T))) continue;
      const weight = network.approx.weight[n]!;
      list.push({
        kind,
        n: Math.floor(node / T),
        k: n,
        t: first,
        rows: [i],
        adds: [(weight > 0 ? 1 / weight : 1) * scale[i]!],
      });
    }
  });
  return list;
}

/** What one unit of a row (a lot, a tonne, a tonne-km, a unit of currency) is in the model. */
function rowScales(model: FloorProgram['model']): Float64Array {
  const ones = model.prices(0, new Float64Array(model.lp.rows).fill(1));
  // prices of one a row come back as what the model multiplies with
  const points = model.pointsPerUnit(0);
  return Float64Array.from({ length: model.lp.rows }, (_, i) => {
    const [block = 'goods', row = '0'] = model.rowName(i).split('_');
    return ones[block as keyof typeof ones][Number(row)]! / points;
  });
}

/** The program with a column for each elastic limit, which it minimises. */
function extended(lp: Lp, elastics: Elastic[]): Lp {
  const entries = elastics.reduce((sum, e) => sum + e.rows.length, 0);
  const columns = lp.columns + elastics.length;
  const start = new Int32Array(columns + 1);
  start.set(lp.start);
  const index = new Int32Array(lp.index.length + entries);
  index.set(lp.index);
  const value = new Float64Array(lp.value.length + entries);
  value.set(lp.value);
  const upper = new Float64Array(columns).fill(Infinity);
  upper.set(lp.upper);
  const objective = new Float64Array(columns);
  let p = lp.value.length;
  elastics.forEach(({ rows, adds }, e) => {
    rows.forEach((i, n) => {
      index[p] = i;
      value[p++] = -adds[n]!;
    });
    start[lp.columns + e + 1] = p;
    objective[lp.columns + e] = -1;
  });
  return { ...lp, columns, start, index, value, objective, upper };
}
