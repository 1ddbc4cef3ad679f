/**
 * The structured solver against its peers, instance after instance: in every round each way has its turn (A B A B …), so a busy
 * neighbour hits all of them. A time of an instance is the median of its rounds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hire } from '../engine/workers/crew.js';
import type { PresetName } from '../scenarios/index.js';
import { FRESH, SCARCE } from './instances.js';
import { programsHere } from './peers.js';
import type { Bench } from './suites.js';
import { median } from './support.js';
import { type Measured, summarise } from './tables.js';
import { type Answer, type Present, type Way, waysFor } from './ways.js';

const ROUNDS: [PresetName, number][] = [
  ['district', 3],
  ['province', 2],
  ['nation-day', 1],
  ['nation-week', 1],
];
/** What takes long has these seeds, and all others only with --full. */
const FEW = [101, 112];
/** Peers may be wrong by what they promise, flows by single precision. */
const SLACK = 1e-6;

export async function structured(bench: Bench): Promise<void> {
  const { here } = await programsHere();
  const clp = here.some(({ name }) => name === 'clp');
  if (!clp) bench.note('no clp on the PATH: no ratios to it');
  const crew = hire(2);
  if (!crew) bench.note('memory cannot be shared here: one thread only');
  const folder = await mkdtemp(join(tmpdir(), 'evenhand-bench-'));
  try {
    for (const [preset, rounds] of ROUNDS) {
      const found: Measured[] = [];
      for (const seed of [...FRESH, ...SCARCE]) {
        const patient = bench.full || FEW.includes(seed);
        if (preset === 'nation-week' && !patient && SCARCE.includes(seed)) continue;
        const present: Present = { crew, clp, folder, patient, full: bench.full };
        found.push(...(await inTurns(await waysFor(preset, seed, present), rounds, seed)));
      }
      summarise(bench, preset, found);
    }
    if (!bench.full)
      bench.note(
        `1e-6 on province and nation-day, CLP on nation-day, HiGHS on province, scarce nation-week: seeds ${FEW.join(' and ')}; --full takes all`,
      );
  } finally {
    crew?.dismiss();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One instance, warmed up once. */
async function inTurns(ways: Way[], rounds: number, seed: number): Promise<Measured[]> {
  const times = ways.map((): number[] => []);
  const answers: (Answer | undefined)[] = ways.map(() => undefined);
  const errors: (string | undefined)[] = ways.map(() => undefined);
  for (let round = 0; round <= rounds; round++)
    for (const [i, way] of ways.entries()) {
      if (errors[i] !== undefined || (way.slow && round > 1)) continue;
      try {
        if (round === 0) {
          await way.warm?.();
          continue;
        }
        const start = performance.now();
        const answer = await way.run();
        times[i]!.push(answer.seconds ?? (performance.now() - start) / 1000);
        answers[i] = answer;
      } catch (error) {
        errors[i] = error instanceof Error ? error.message : String(error);
      }
    }
  judge(ways, answers, errors);
  return ways.map(({ name, gap, threads }, i) => {
    const { ours = null, iterations = null } = answers[i] ?? {};
    const seconds = times[i]!.length > 0 ? median(times[i]!) : null;
    const error = errors[i];
    return { way: name, gap, threads, seed, seconds, iterations, ours, ...(error ? { error } : {}) };
  });
}

/**
 * Times mean nothing unless the answers agree: whose value is above its own bound is out; what the others found has to meet what the peers
 * found or, without them, the tightest value and bound of all.
 */
function judge(ways: Way[], answers: (Answer | undefined)[], errors: (string | undefined)[]): void {
  const slack = SLACK * Math.max(...answers.map((a) => Math.abs(a?.bound ?? 0)));
  const good = answers.filter((a): a is Answer => a !== undefined && a.value <= a.bound + slack);
  const peers = good.filter((a) => a.value === a.bound);
  const judges = peers.length > 0 ? peers : good;
  const value = Math.max(...judges.map((a) => a.value));
  const bound = Math.min(...judges.map((a) => a.bound));
  for (const [i, answer] of answers.entries()) {
    if (!answer || errors[i] !== undefined) continue;
    const meets = answer.value <= bound + slack && answer.bound >= value - slack;
    if (!good.includes(answer) || !meets)
      errors[i] = `${ways[i]!.name} says ${answer.value} … ${answer.bound}, others ${value} … ${bound}`;
  }
}
