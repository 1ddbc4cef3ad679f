/** Who is put to one instance of the tables of `solve`: the structured solver in its variants, and its peers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { buildModel } from '../engine/solve/model.js';
import { writeMps } from '../engine/solve/mps.js';
import { loadBackend } from '../engine/solve/tableau.js';
import type { Crew } from '../engine/workers/crew.js';
import { complete, type PresetName } from '../scenarios/index.js';
import { solveWith } from './cases.js';
import { instance } from './instances.js';
import { clpAlone } from './peers.js';
import { type Means, type Proven, prove, proveFinely } from './prove.js';

export interface Answer {
  /** The optimum lies between the two, in points of the stage; peers say the same twice. */
  value: number;
  bound: number;
  iterations: number;
  /** The peer's own clock, where that is the fairer one. */
  seconds?: number;
  ours?: Proven;
}

export interface Way {
  name: string;
  /** What has to be proven; null for peers, who go on to the optimum. */
  gap: number | null;
  threads: number;
  /** Takes seconds: one round is enough. */
  slow: boolean;
  /** Fills caches and lets the compiler settle, in less time than `run` where that is long. */
  warm?: () => unknown;
  run(): Answer | Promise<Answer>;
}

export const GAPS = [1e-3, 1e-4];
/** The gap to which an instance is solved once before anything is timed. */
const WARM = 1e-2;
/** The ascent, then HiGHS on the columns that matter; nation-week's are too many for its heap. */
const FINEST = 1e-6;
export const PEERS = { clp: 'CLP, dual simplex', highs: 'HiGHS WASM', twin: 'twin in TypeScript, 1e-3' };

export interface Present {
  crew: Crew | null;
  clp: boolean;
  /** For the file that CLP reads. */
  folder: string;
  /** Whether this seed has what takes seconds. */
  patient: boolean;
  full: boolean;
}

/** Ways for an instance, in the order in which they take turns. Nothing here is timed yet. */
export async function waysFor(preset: PresetName, seed: number, present: Present): Promise<Way[]> {
  const { crew, clp, patient, full } = present;
  const scenario = instance(preset, seed);
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(scenario.policy);
  const ours = (name: string, gap: number, means: Means, threads = 1): Way => ({
    name,
    gap,
    threads,
    slow: false,
    warm: () => prove(network, policy, WARM, means),
    run() {
      const proven = prove(network, policy, gap, means);
      return { ...proven, ours: proven };
    },
  });

  const ways: Way[] = [];
  for (const gap of GAPS) {
    ways.push(ours(`${gap.toExponential()}, one thread`, gap, {}));
    if (crew) ways.push(ours(`${gap.toExponential()}, two threads`, gap, { crew }, crew.threads));
  }
  const small = preset === 'district' || preset === 'province';
  const day = preset === 'nation-day';
  if (preset === 'district' || ((small || day) && patient)) {
    const run = () => proveFinely(network, policy, FINEST);
    const warm = preset === 'district' ? { warm: run } : {};
    ways.push({ name: '1e-6, one thread', gap: FINEST, threads: 1, slow: true, run, ...warm });
  }
  if (small) ways.push({ ...ours(PEERS.twin, 1e-3, { twin: true }), gap: null });

  // CLP does not end on nation-week within 600 s, and HiGHS in WebAssembly does not fit in its heap
  const wanted = { clp: clp && (small || (day && patient)), highs: preset === 'district' || (patient && small) };
  if (day && full) wanted.highs = true;
  if (!wanted.clp && !wanted.highs) return ways;
  const model = buildModel(network, policy);
  model.aim(0);
  const points = model.pointsPerUnit(0);
  const peer = (
    name: string,
    run: () => Promise<{ objective: number; iterations: number; seconds?: number }>,
  ): Way => ({
    name,
    gap: null,
    threads: 1,
    slow: true,
    ...(preset === 'district' ? { warm: run } : {}),
    async run() {
      const { objective, ...rest } = await run();
      return { value: objective * points, bound: objective * points, ...rest };
    },
  });
  if (wanted.highs) {
    const highs = await loadBackend('highs');
    ways.push(peer(PEERS.highs, async () => solveWith(highs, model.lp)));
  }
  if (wanted.clp) {
    const file = join(present.folder, 'stage.mps');
    await writeFile(file, writeMps(scenario, {}));
    ways.push(peer(PEERS.clp, () => clpAlone(file)));
  }
  return ways;
}
