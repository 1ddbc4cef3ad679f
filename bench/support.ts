/** Interleaved rounds on benchmark.js, medians, ratios, and the table they are read from. */
import Benchmark from 'benchmark';

/** One thing to time. What `run` throws or rejects with becomes the row's error, and the run fails. */
export interface Case {
  name: string;
  run(): unknown;
  /** Operations in one `run`; times are divided by it. Default 1. */
  operations?: number;
}

/** Cases that do the same job, or whose ratio says something: the first of them is the peer. */
export interface Group {
  title: string;
  cases: Case[];
  /** Rounds (A B A B …) after the one that warms up. */
  rounds?: number;
  /** Seconds for each case in a round; what takes longer than that runs once. */
  seconds?: number;
}

export interface Row {
  group: string;
  name: string;
  /** Median over rounds, seconds an operation; null where the case failed. */
  seconds: number | null;
  /** Smallest and largest round. */
  range: [number, number] | null;
  /** Median over rounds of (this ÷ peer), both of the same round; 1 for the peer. */
  ratio: number | null;
  calls: number;
  error?: string;
  /** What the tables of `solve` say besides. */
  extra?: Record<string, number | string | null>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Times a group round by round, so that a busy neighbour hits all of its cases alike. */
export async function interleave({ title, cases, rounds = 5, seconds = 0.2 }: Group): Promise<Row[]> {
  const times = cases.map((): number[] => []);
  const errors: (string | undefined)[] = cases.map(() => undefined);
  const calls = cases.map(() => 0);
  for (let round = 0; round <= rounds; round++)
    for (const [i, each] of cases.entries()) {
      if (errors[i] !== undefined) continue;
      // the first round fills caches and lets the compiler settle; it also shows errors before time is spent on them
      const sample = await once(each, round === 0 ? 0 : seconds);
      if ('error' in sample) errors[i] = sample.error;
      else if (round > 0) {
        times[i]!.push(sample.seconds / (each.operations ?? 1));
        calls[i]! += sample.calls;
      }
    }
  const peer = times[0]!;
  return cases.map((each, i) => {
    const error = errors[i];
    if (error !== undefined)
      return { group: title, name: each.name, seconds: null, range: null, ratio: null, calls: calls[i]!, error };
    const own = times[i]!;
    const ratio = errors[0] === undefined ? median(own.map((t, r) => t / peer[r]!)) : null;
    const range: [number, number] = [Math.min(...own), Math.max(...own)];
    return { group: title, name: each.name, seconds: median(own), range, ratio, calls: calls[i]! };
  });
}

type Sample = { seconds: number; calls: number } | { error: string };

/**
 * One benchmark of benchmark.js, always with `defer`: without it an async function is timed only until its first await.
 * It swallows what a deferred function rejects with, so that is kept here; errors of its own are in `target.error`.
 */
function once({ run }: Case, seconds: number): Promise<Sample> {
  return new Promise((resolve) => {
    let failure: unknown;
    let calls = 0;
    const benchmark = new Benchmark({
      defer: true,
      async: true,
      initCount: 1,
      minSamples: 1,
      maxTime: seconds,
      // a sample is at least that long, or a single call
      minTime: seconds > 0 ? 0.05 : 1e-9,
      delay: 0,
      fn: async (deferred: Benchmark.Deferred) => {
        calls++;
        try {
          if (failure === undefined) await run();
        } catch (error) {
          failure = error ?? new Error('rejected without a reason');
          deferred.benchmark.abort();
        }
        deferred.resolve();
      },
      onComplete: ({ target }: Benchmark.Event) => {
        const error = failure ?? ('error' in target ? target.error : undefined);
        const sample = target.stats?.sample ?? [];
        if (error !== undefined) resolve({ error: error instanceof Error ? error.message : String(error) });
        else if (sample.length === 0) resolve({ error: 'benchmark.js took no sample' });
        else resolve({ seconds: median(sample), calls });
      },
    });
    benchmark.run({ async: true });
  });
}

/** Three figures and a unit. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${figures(seconds)} s`;
  return seconds >= 1e-3 ? `${figures(seconds * 1e3)} ms` : `${figures(seconds * 1e6)} µs`;
}

/** Three figures; whole numbers as they are. */
export const figures = (value: number): string =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

/** Markdown, aligned: reads on a terminal and goes into a README as it is. The first `left` columns are text. */
export function table(head: string[], lines: string[][], left = 1): string {
  const width = head.map((h, c) => Math.max(3, h.length, ...lines.map((line) => line[c]!.length)));
  const cell = (text: string, c: number) => (c < left ? text.padEnd(width[c]!) : text.padStart(width[c]!));
  const row = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${width.map((w, c) => (c < left ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}

export function rowTable(rows: Row[]): string {
  const lines = rows.map(({ group, name, seconds, range, ratio, calls, error }) => [
    group,
    error === undefined ? name : `${name}: ${error}`,
    seconds === null ? 'failed' : duration(seconds),
    range === null ? '' : range.map(duration).join(' … '),
    ratio === null ? '' : `${figures(ratio)} ×`,
    String(calls),
  ]);
  return table(['group', 'case', 'median', 'rounds', 'to the first', 'calls'], lines, 2);
}
