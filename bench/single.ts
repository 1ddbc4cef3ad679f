/** One resource without bundles: our network simplex against LEMON's, interleaved (lemon.ts). */
import { loadPivot } from '../engine/solve/simplex/kernel.js';
import type { PresetName } from '../scenarios/index.js';
import { FRESH } from './instances.js';
import { againstLemon, lemonHere, singleResource, wholeProblem } from './lemon.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';
import { LEMON, mark } from './targets.js';

/** Preset and rounds. */
const CASES: [PresetName, number][] = [
  ['nation-day', 7],
  ['nation-week', 3],
];

export async function single(bench: Bench): Promise<void> {
  if (!(await lemonHere())) return bench.note('no dimacs-solver on the PATH: nothing against LEMON');
  const pivot = loadPivot();
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const [preset, rounds] of CASES) {
    // another resource of every seed; the larger preset takes longer
    const seeds = preset === 'nation-day' || bench.full ? FRESH : FRESH.slice(0, 1);
    const found = [];
    for (const [k, seed] of seeds.entries())
      found.push(await againstLemon(wholeProblem(singleResource(preset, seed, k)), pivot, rounds));
    const [ours, lemon] = [found.map((f) => f.ours), found.map((f) => f.lemon)];
    const ratio = median(found.map((f) => f.ratio));
    const pivots = median(found.map((f) => f.pivots));
    const group = `${preset}, one resource`;
    rows.push(row(group, 'LEMON', lemon, 1), { ...row(group, 'network simplex', ours, ratio), extra: { pivots } });
    lines.push([
      preset,
      figures(pivots),
      duration(median(ours)),
      duration(median(lemon)),
      `${figures(ratio)} ×`,
      `${figures(Math.max(...found.map((f) => f.ratio)))} ×`,
      `${LEMON} ×`,
      mark(ratio <= LEMON),
    ]);
  }
  const head = ['one resource', 'pivots', 'ours', 'LEMON', 'ours ÷ LEMON', 'worst', 'target', ''];
  bench.report(rows, table(head, lines));
}

function row(group: string, name: string, seconds: number[], ratio: number): Row {
  const range: [number, number] = [Math.min(...seconds), Math.max(...seconds)];
  return { group, name, seconds: median(seconds), range, ratio, calls: seconds.length };
}
