/**
 * The whole of `allocate`, in one thread of a process of its own: compile, solve, whole lots, exact check; reading of JSON apart. As a program,
 * `whole.js PRESET SEED GAP` prints what `Whole` says as JSON.
 */
import { execFile } from 'node:child_process';
import { resourceUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generate, type PresetName } from '../scenarios/index.js';
import { allocateHere } from './cases.js';
import { FRESH } from './instances.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';
import { mark, power, WHOLE } from './targets.js';

interface Whole {
  seconds: number;
  /** What the allocation says of the solve in it. */
  solver: { name: string; seconds: number; iterations: number };
  /** Proven gap of the plan in whole lots. */
  gap: number;
  /** Largest resident set of the process, from its start. */
  peak: number;
}

const SELF = fileURLToPath(import.meta.url);

/** How many seeds without --full. */
const CASES: { preset: PresetName; gap: number; seeds: number }[] = [
  { preset: 'nation-day', gap: 1e-4, seeds: 3 },
  { preset: 'nation-week', gap: 1e-3, seeds: 1 },
];

export async function whole(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const { preset, gap, seeds } of CASES) {
    const found: Whole[] = [];
    for (const seed of FRESH.slice(0, bench.full ? FRESH.length : seeds)) {
      const { stdout } = await promisify(execFile)(process.execPath, [SELF, ...[preset, seed, gap].map(String)]);
      found.push(JSON.parse(stdout) as Whole); // printed below
    }
    const times = found.map((f) => f.seconds);
    const seconds = median(times);
    const peak = Math.max(...found.map((f) => f.peak));
    const worst = Math.max(...found.map((f) => f.gap));
    const target = WHOLE[preset]!;
    const reached = worst <= gap && seconds <= target.seconds && peak <= target.peak;
    const words = [duration(target.seconds), ...(target.peak < Infinity ? [`${target.peak / 1e9} GB`] : [])].join(', ');
    const range: [number, number] = [Math.min(...times), Math.max(...times)];
    const solve = median(found.map((f) => f.solver.seconds));
    rows.push({
      group: 'allocate, own process',
      name: `${preset}, ${power(gap)}`,
      seconds,
      range,
      ratio: null,
      calls: found.length,
      extra: { solve, peak, gap: worst, target: words },
    });
    lines.push([
      `${preset}, ${power(gap)}`,
      found[0]!.solver.name,
      duration(seconds),
      duration(range[1]),
      duration(solve),
      worst.toExponential(1),
      `${figures(peak / 1e6)} MB`,
      words,
      mark(reached),
    ]);
  }
  const head = ['allocate', 'solver', 'median', 'worst', 'solver.seconds', 'worst gap', 'peak', 'target', ''];
  bench.report(rows, table(head, lines, 2));
}

if (process.argv[1] === SELF) {
  const preset = process.argv[2] as PresetName; // generate refuses what it does not know
  const [seed, gap] = process.argv.slice(3).map(Number);
  const scenario = generate(preset, seed!);
  const start = performance.now();
  const allocation = await allocateHere(scenario, 'auto', gap);
  const answer: Whole = {
    seconds: (performance.now() - start) / 1000,
    solver: allocation.solver,
    gap: allocation.gap.proven,
    peak: resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(answer));
}
