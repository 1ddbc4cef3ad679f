/** Three hundred futures of a district to 1e-3: compiled and solved cold one by one, and as `solveFutures` does it on one worker and on two. */
import { cpuUsage } from 'node:process';
import { changeScenario, closePool, type Future, solveFutures } from '../engine/index.js';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { complete, generate, type Scenario } from '../scenarios/index.js';
import { FRESH } from './instances.js';
import { prove } from './prove.js';
import type { Bench } from './suites.js';
import { figures, median, type Row, table } from './support.js';
import { FUTURES, mark, TWO_WORKERS } from './targets.js';

const COUNT = 300;
const ROUNDS = 2;
const GAP = 1e-3;
/** Spread of the logarithm of a region's need around what was planned for: most are within a quarter of it. */
const SPREAD = 0.25;

/** Every region's needs times a log-normal factor; a Weyl sequence gives the same draws everywhere. */
export function drawnFutures(scenario: Scenario, count: number): Future[] {
  let n = 0;
  const share = () => (++n * Math.SQRT2) % 1;
  const other = () => (n * Math.sqrt(3)) % 1;
  const normal = () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * other());
  return Array.from({ length: count }, (_, i) => ({
    id: `future-${i}`,
    demand: { sites: Object.fromEntries(scenario.regions.map(({ id }) => [id, Math.exp(SPREAD * normal())])) },
  }));
}

interface Way {
  name: string;
  run: (done: (count: number) => void) => unknown;
  /** Seconds, and seconds of processor time, a future: of each round. */
  seconds: number[];
  busy: number[];
  /** Seconds a future of the later half: what compiling, the base and the workers' start take is over. */
  later: number[];
}

export async function districtFutures(bench: Bench): Promise<void> {
  const found: Record<string, Pick<Way, 'seconds' | 'busy' | 'later'>> = {};
  for (const seed of FRESH)
    for (const { name, ...way } of await inTurns(generate('district', seed))) {
      found[name] ??= { seconds: [], busy: [], later: [] };
      for (const part of ['seconds', 'busy', 'later'] as const) found[name][part].push(median(way[part]));
    }
  await closePool();
  const group = 'district, futures';
  const one = median(found['one worker']!.seconds);
  const oneLater = median(found['one worker']!.later);
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const [name, { seconds, busy, later }] of Object.entries(found)) {
    const each = median(seconds);
    const range: [number, number] = [Math.min(...seconds), Math.max(...seconds)];
    rows.push({ group, name, seconds: each, range, ratio: null, calls: COUNT * FRESH.length });
    const goal =
      name === 'one worker'
        ? [String(FUTURES), mark(1 / each >= FUTURES)]
        : name === 'two workers'
          ? [`${TWO_WORKERS} × one`, mark(one / each >= TWO_WORKERS)]
          : ['', ''];
    const after = name.startsWith('cold') ? '' : figures(oneLater / median(later));
    lines.push([name, ...[1 / each, 1 / range[1], 1 / median(busy), one / each].map(figures), after, ...goal]);
  }
  const head = [
    'futures, 1e-3',
    'a second',
    'worst seed',
    'a processor second',
    'to one worker',
    'later half',
    'target',
    '',
  ];
  bench.report(rows, table(head, lines));
}

/** One district, each way in its turn, after a round that warms up. */
async function inTurns(scenario: Scenario): Promise<Way[]> {
  const futures = drawnFutures(scenario, COUNT);
  const networks = futures.map((future) => compileNetwork(complete(changeScenario(scenario, future))));
  const policy = compilePolicy(scenario.policy);
  const by = (threads: number) => (done: (count: number) => void) =>
    solveFutures(scenario, futures, { gap: GAP, threads, onProgress: (progress) => done(progress.done) });
  const ways: Way[] = [
    ['cold, compiled before', () => networks.map((network) => prove(network, policy, GAP))] as const,
    ['one worker', by(1)] as const,
    ['two workers', by(2)] as const,
  ].map(([name, run]) => ({ name, run, seconds: [], busy: [], later: [] }));
  for (let round = 0; round <= ROUNDS; round++)
    for (const way of ways) {
      const before = cpuUsage();
      const start = performance.now();
      let half = start;
      await way.run((count) => {
        if (count === COUNT / 2) half = performance.now();
      });
      const seconds = (performance.now() - start) / 1000;
      const { user, system } = cpuUsage(before);
      if (round === 0) continue;
      way.seconds.push(seconds / COUNT);
      way.busy.push((user + system) / 1e6 / COUNT);
      way.later.push((start + seconds * 1000 - half) / 500 / COUNT);
    }
  return ways;
}
