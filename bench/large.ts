/** Large instances, each in a process of its own: seconds, how far a proof gets, and the memory that all of it takes. */
import type { PresetName } from '../scenarios/index.js';
import { alone } from './alone.js';
import type { Bench } from './suites.js';
import { duration, figures, type Row, table } from './support.js';
import { MEMORY, mark, power, targetOf, verdict } from './targets.js';

interface Order {
  preset: PresetName;
  gap: number;
  threads: number;
  /** Seconds after which the best gap so far is the answer. */
  limit: number;
}

const SEED = 101;
const ALWAYS: Order[] = [{ preset: 'nation-week', gap: 1e-3, threads: 1, limit: 60 }];
const PATIENTLY: Order[] = [
  { preset: 'nation-week', gap: 1e-6, threads: 2, limit: 120 },
  { preset: 'township-fortnight', gap: 1e-3, threads: 2, limit: 600 },
  { preset: 'township-fortnight', gap: 1e-4, threads: 2, limit: 900 },
];

const HEAD = ['instance', 'asked, threads', 'compile', 'solve', 'proven', 'iterations', 'shared', 'peak', 'target', ''];

export async function large(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const { preset, gap, threads, limit } of [...ALWAYS, ...(bench.full ? PATIENTLY : [])]) {
    const way = `${power(gap)}, ${threads}`;
    const row = { group: `${preset}, own process`, name: way, range: null, ratio: null, calls: 1 };
    try {
      const found = await alone(preset, SEED, gap, threads, limit);
      const [words, reached] = verdict(targetOf(preset, gap, threads), found.seconds, null);
      const memory = MEMORY[preset];
      const targets = [words, ...(memory ? [bytes(memory)] : [])].filter(Boolean);
      const marks = [found.gap <= gap ? reached : 'NOT', ...(memory ? [mark(found.peak < memory)] : [])].filter(
        Boolean,
      );
      rows.push({ ...row, seconds: found.seconds, extra: { ...found, target: targets.join(', ') } });
      lines.push([
        `${preset} ${SEED}`,
        way,
        duration(found.compileSeconds),
        duration(found.seconds),
        found.gap.toExponential(1),
        figures(found.iterations),
        bytes(found.bytes),
        bytes(found.peak),
        targets.join(', '),
        marks.join(', '),
      ]);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      rows.push({ ...row, seconds: null, error: words });
      lines.push([`${preset} ${SEED}: ${words}`, way, ...HEAD.slice(2).map(() => '')]);
    }
  }
  bench.report(rows, `A process each\n\n${table(HEAD, lines, 2)}`);
  if (!bench.full) bench.note('township-fortnight and how far nation-week gets take minutes: --full');
}

const bytes = (n: number) => (n < 1e9 ? `${figures(n / 1e6)} MB` : `${figures(n / 1e9)} GB`);
