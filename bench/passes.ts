/**
 * What a pass over all flows and a certificate cost, early in an ascent and late, beside copying as many bytes on the same machine in the
 * same minute. Late passes do the same arithmetic as early ones, so they should take as long.
 */
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { openAscent } from '../engine/solve/direct/ascent.js';
import { buildDirect } from '../engine/solve/direct/form.js';
import { openKernel } from '../engine/solve/direct/kernel.js';
import { oneThread } from '../engine/solve/direct/solve.js';
import { coldStart } from '../engine/solve/direct/start.js';
import { complete, generate, type PresetName } from '../scenarios/index.js';
import type { Bench } from './suites.js';
import { duration, figures, median, type Row, table } from './support.js';

/** Preset, and iterations in all. */
const ASCENTS: [PresetName, number][] = [
  ['district', 800],
  ['province', 800],
  ['nation-day', 800],
  ['nation-week', 400],
];
const SEED = 101;
const COPIES = 60;

const now = () => performance.now() / 1000;

export function passes(bench: Bench): void {
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const [preset, iterations] of ASCENTS) {
    const { times, looks, proofs, arcs, flows, bytes } = ascent(preset, iterations);
    const early = median(times.slice(0, times.length >> 2));
    const late = median(times.slice(-(times.length >> 2)));
    const copy = copying(bytes);
    const group = `${preset}, a pass`;
    rows.push(
      row(group, 'copying as many bytes', copy, 1),
      row(group, 'early', times, early / median(copy)),
      row(group, 'late', times, late / median(copy)),
      row(group, 'with residual', looks, median(looks) / median(copy)),
      row(group, 'certificate', proofs, median(proofs) / median(copy)),
    );
    lines.push([
      preset,
      figures(arcs),
      ...[early, late, median(looks), median(proofs)].map(duration),
      figures((late / flows) * 1e9),
      figures(bytes / 1e6),
      figures(bytes / late / 1e9),
      figures(bytes / median(copy) / 1e9),
    ]);
  }
  const head = ['one thread', 'arcs', 'a pass, early', 'late', 'with residual', 'certificate'];
  bench.report(rows, table([...head, 'ns a flow', 'MB a pass', 'GB/s', 'copying, GB/s'], lines));
}

function ascent(preset: PresetName, mostIterations: number) {
  const scenario = generate(preset, SEED);
  const direct = buildDirect(compileNetwork(complete(scenario)), compilePolicy(scenario.policy), 0, 1);
  const kernel = openKernel(direct.layout);
  coldStart(direct);
  const runner = oneThread(direct, kernel);
  const times: number[] = [];
  const looks: number[] = [];
  const proofs: number[] = [];
  let asked = 0;
  const session = openAscent(direct, {
    ...runner,
    pass(step, residual) {
      const start = now();
      runner.pass(step, residual);
      (residual ? looks : times).push(now() - start);
    },
    over(work) {
      if (work === 'price') asked = now();
      runner.over(work);
    },
  });
  session.run({ gap: -1, mostIterations, onProof: () => proofs.push(now() - asked) });
  const { arcs, resources } = direct.layout;
  return { times, looks, proofs, arcs, flows: arcs * resources, bytes: direct.bytesPerPass };
}

/** Seconds of each copy that reads half of the bytes and writes the other half. */
function copying(bytes: number): number[] {
  const from = new Float32Array(bytes >> 3).fill(1);
  const to = new Float32Array(bytes >> 3);
  const seconds: number[] = [];
  for (let n = 0; n < COPIES; n++) {
    const start = now();
    to.set(from);
    seconds.push(now() - start);
  }
  return seconds;
}

function row(group: string, name: string, seconds: number[], ratio: number): Row {
  const range: [number, number] = [Math.min(...seconds), Math.max(...seconds)];
  return { group, name, seconds: median(seconds), range, ratio, calls: seconds.length };
}
