/**
 * A process of its own for the suite `solve`: `alone.js PRESET SEED GAP THREADS SECONDS` makes the scenario, compiles it and proves the
 * gap, or as much of it as the seconds allow. Prints what `Alone` says as JSON.
 */
import { execFile } from 'node:child_process';
import { resourceUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { hire } from '../engine/workers/crew.js';
import { complete, type PresetName } from '../scenarios/index.js';
import { instance } from './instances.js';
import { prove } from './prove.js';

export interface Alone {
  compileSeconds: number;
  seconds: number;
  gap: number;
  iterations: number;
  /** Memory that kernel and threads share. */
  bytes: number;
  /** Largest resident set of the process, from its start. */
  peak: number;
}

const SELF = fileURLToPath(import.meta.url);

export async function alone(
  preset: PresetName,
  seed: number,
  gap: number,
  threads: number,
  limit: number,
): Promise<Alone> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    SELF,
    ...[preset, seed, gap, threads, limit].map(String),
  ]);
  return JSON.parse(stdout) as Alone; // printed below
}

if (process.argv[1] === SELF) {
  const preset = process.argv[2] as PresetName; // generate refuses what it does not know
  const [seed, gap, threads, limit] = process.argv.slice(3).map(Number);
  const crew = hire(threads!);
  const scenario = instance(preset, seed!);
  const begun = performance.now();
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(scenario.policy);
  const start = performance.now();
  const over = () => performance.now() - start > limit! * 1000;
  const { iterations, bytes, ...proven } = prove(network, policy, gap!, { stop: over, ...(crew ? { crew } : {}) });
  const answer: Alone = {
    compileSeconds: (start - begun) / 1000,
    seconds: (performance.now() - start) / 1000,
    gap: proven.gap,
    iterations,
    bytes,
    peak: resourceUsage().maxRSS * 1024,
  };
  crew?.dismiss();
  console.log(JSON.stringify(answer));
}
