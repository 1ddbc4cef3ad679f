/** The stage `leximin`: seconds to the whole ladder with its proof, on seeds that nothing was tuned on, against the textbook loop. */
import { compileNetwork } from '../engine/network.js';
import { runAllocation } from '../engine/pipeline.js';
import { complete, type PresetName, type Scenario } from '../scenarios/index.js';
import { FRESH, instance, SCARCE } from './instances.js';
import { singleResource } from './lemon.js';
import { naiveLoop } from './loop.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';
import { mark } from './targets.js';

interface Case {
  name: string;
  make(seed: number, n: number): Scenario;
  seeds: number[];
  /** Seconds on one core, of the issue "Fair, comparable, explained". */
  target: number | null;
  /** Seconds that the loop gets on the first seed; 0: it is not asked. */
  patience: number;
}

/** Seconds that an allocation may take; what is stopped there counts as that long and is told in `stopped`. */
const LIMIT = 60;

const preset = (name: PresetName) => (seed: number) => instance(name, seed);
const CASES: Case[] = [
  { name: 'district', make: preset('district'), seeds: FRESH, target: 1, patience: 30 },
  { name: 'district, scarce', make: preset('district'), seeds: SCARCE, target: 1, patience: 0 },
  { name: 'province', make: preset('province'), seeds: FRESH, target: 20, patience: 30 },
  { name: 'province, scarce', make: preset('province'), seeds: SCARCE, target: 20, patience: 0 },
  {
    name: 'nation-day, one resource',
    make: (seed, n) => singleResource('nation-day', seed, n),
    seeds: FRESH,
    target: 2,
    patience: 0,
  },
];

const HEAD = [
  'leximin',
  'solver',
  'worst',
  'allocate',
  'levels',
  'worst gap',
  'stopped',
  'certificate',
  'loop ÷',
  'target',
  '',
];

export async function leximin(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const { name, make, seeds, target, patience } of CASES) {
    const solver: number[] = [];
    const whole: number[] = [];
    const levels: number[] = [];
    const bytes: number[] = [];
    let gap = 0;
    let stopped = 0;
    let loop = '';
    for (const [n, seed] of seeds.entries()) {
      const scenario = make(seed, n);
      const start = performance.now();
      const found = await runAllocation(
        scenario,
        { policy: [{ stage: 'leximin' }], gap: 1e-3 },
        {
          now: () => performance.now() / 1000,
          stop: () => performance.now() - start > LIMIT * 1000,
        },
      );
      if (performance.now() - start > LIMIT * 1000) stopped++;
      whole.push((performance.now() - start) / 1000);
      solver.push(found.solver.seconds);
      levels.push(found.stages[0]!.levels!.length);
      bytes.push(JSON.stringify(found.certificate).length);
      gap = Math.max(gap, found.gap.proven);
      if (n > 0 || patience === 0) continue;
      const network = compileNetwork(complete(scenario));
      const begun = performance.now();
      const { coverages, pairs } = await naiveLoop(network, patience);
      const ratio = (performance.now() - begun) / 1000 / solver[0]!;
      loop =
        coverages.length === pairs ? figures(ratio) : `> ${figures(ratio)} (${coverages.length} of ${pairs} pairs)`;
    }
    const seconds = median(solver);
    rows.push({
      ...{ group: 'leximin', name, seconds, range: [Math.min(...solver), Math.max(...solver)], ratio: null },
      calls: solver.length,
      extra: { allocate: median(whole), levels: median(levels), gap, stopped, loop },
    });
    lines.push([
      name,
      duration(seconds),
      duration(Math.max(...solver)),
      duration(median(whole)),
      figures(median(levels)),
      gap.toExponential(1),
      `${stopped} of ${solver.length}`,
      `${figures(median(bytes) / 1e6)} MB`,
      loop,
      target === null ? '' : duration(target),
      target === null ? '' : mark(seconds <= target),
    ]);
  }
  bench.report(rows, table(HEAD, lines));
}
