/** Samples of the structured solver and its peers → the tables, with targets beside the figures. */
import type { PresetName } from '../scenarios/index.js';
import { SCARCE } from './instances.js';
import type { Proven } from './prove.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';
import { targetOf, verdict } from './targets.js';
import { PEERS } from './ways.js';

/** One way on one instance. */
export interface Measured {
  way: string;
  /** Proven gap that was asked for; null for peers. */
  gap: number | null;
  threads: number;
  seed: number;
  /** Null where it failed. */
  seconds: number | null;
  iterations: number | null;
  ours: Proven | null;
  error?: string;
}

/** "CLP ÷ 20" is a twentieth of CLP's time. */
const HEAD = ['seeds', 'way', 'median', 'worst', 'iterations', 'MB a pass', 'GB/s', 'CLP ÷', 'HiGHS ÷', 'twin ÷'];
const LAST = ['target', ''];

/** Prints and records the table of a preset: fresh and scarce seeds apart, medians over them. */
export function summarise(bench: Bench, preset: PresetName, found: Measured[]): void {
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const seeds of ['fresh', 'scarce']) {
    const group = found.filter(({ seed }) => SCARCE.includes(seed) === (seeds === 'scarce'));
    // not every seed has every way: ours by gap, then the peers
    const ordered = group.toSorted((a, b) => (b.gap ?? 0) - (a.gap ?? 0));
    for (const way of new Set(ordered.map((m) => m.way))) {
      const own = group.filter((m) => m.way === way);
      const { row, cells } = over(preset, own, group);
      rows.push({ ...row, group: `${preset}, ${seeds}` });
      lines.push([seeds, ...cells]);
    }
  }
  bench.report(rows, `${preset}\n\n${table([...HEAD, ...LAST], lines, 2)}`);
}

/** A way over the seeds of its group. */
function over(preset: PresetName, own: Measured[], group: Measured[]): { row: Row; cells: string[] } {
  const { way, gap, threads } = own[0]!;
  const times = own.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const row: Row = { group: '', name: way, seconds: null, range: null, ratio: null, calls: times.length };
  const error = own.flatMap((m) => (m.error === undefined ? [] : [`seed ${m.seed}: ${m.error}`])).join('; ');
  if (error || times.length === 0) {
    const words = error || 'not asked';
    return {
      row: { ...row, error: words },
      cells: [`${way}: ${words}`, 'failed', ...HEAD.slice(3), ...LAST].map(blank),
    };
  }
  const seconds = median(times);
  const [clp, highs, twin] = [PEERS.clp, PEERS.highs, PEERS.twin].map((peer) => timesAsLong(peer, own, group));
  const ours = own.flatMap((m) => (m.ours && m.seconds !== null ? [{ ...m.ours, seconds: m.seconds }] : []));
  // a mate that keeps the caller waiting is let go
  const alone = ours.filter((m) => m.threads < threads).length;
  const iterations = median(own.map((m) => m.iterations ?? 0));
  const perPass = ours.length > 0 ? median(ours.map((m) => m.bytesPerPass)) : null;
  const perSecond = ours.length > 0 ? median(ours.map((m) => (m.bytesPerPass * m.iterations) / m.seconds)) : null;
  const target = gap === null ? undefined : targetOf(preset, gap, threads);
  const [words, reached] = verdict(target, seconds, clp ?? null);
  const peer = gap === null;
  return {
    row: {
      ...row,
      seconds,
      range: [Math.min(...times), Math.max(...times)],
      ratio: clp === null || clp === undefined ? null : 1 / clp,
      extra: { iterations, bytesPerPass: perPass, bytesPerSecond: perSecond, target: words, reached, alone },
    },
    cells: [
      alone > 0 ? `${way} (${alone} of ${ours.length} ended alone)` : way,
      duration(seconds),
      duration(Math.max(...times)),
      figures(iterations),
      perPass === null ? '' : figures(perPass / 1e6),
      perSecond === null ? '' : figures(perSecond / 1e9),
      ...[clp, highs, twin].map((ratio) => (peer || ratio === null || ratio === undefined ? '' : figures(ratio))),
      words,
      reached,
    ],
  };

  function blank(text: string, c: number): string {
    return c < 2 ? text : '';
  }
}

/** Median over seeds of the peer's time ÷ this one's; null where the peer was not asked. */
function timesAsLong(peer: string, own: Measured[], group: Measured[]): number | null {
  const ratios = own.flatMap(({ seed, seconds }) => {
    const other = group.find((m) => m.way === peer && m.seed === seed)?.seconds;
    return seconds === null || !other ? [] : [other / seconds];
  });
  return ratios.length > 0 ? median(ratios) : null;
}
