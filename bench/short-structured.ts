/** The structured solver in the gate: iterations and proven gaps in one thread, and the kernel in WebAssembly against its twin. */
import { compileNetwork } from '../engine/network.js';
import { compilePolicy } from '../engine/policy.js';
import { complete, generate, type PresetName } from '../scenarios/index.js';
import { type Proven, prove } from './prove.js';
import type { Group } from './support.js';
import { power } from './targets.js';
import { GAPS } from './ways.js';

/** Both kernels round alike, so these are the same wherever `Math.exp` and `Math.log` are. */
export interface AscentCounters {
  iterations: number;
  gap: number;
  asked: number;
}

const INSTANCES: [PresetName, number][] = [
  ['district', 101],
  ['district', 102],
  ['province', 101],
];
/** Preset, and rounds of its ratio. */
const RATIOS: [PresetName, number][] = [
  ['district', 8],
  ['province', 3],
];
/** Two sums of the same numbers in single precision. */
const SLACK = 1e-6;

const laid = (preset: PresetName, seed: number) => {
  const scenario = generate(preset, seed);
  return { network: compileNetwork(complete(scenario)), policy: compilePolicy(scenario.policy) };
};

export function ascentCounters(): Record<string, AscentCounters> {
  const counters: Record<string, AscentCounters> = {};
  for (const [preset, seed] of INSTANCES) {
    const { network, policy } = laid(preset, seed);
    for (const asked of GAPS) {
      const proven = prove(network, policy, asked);
      mustBracket(proven);
      counters[`${preset}-${seed} to ${power(asked)}`] = { iterations: proven.iterations, gap: proven.gap, asked };
    }
  }
  return counters;
}

/** Groups of two: the twin in TypeScript, and the kernel in WebAssembly, which has to be quicker whatever the baseline says. */
export function ascentRatios(): Group[] {
  return RATIOS.map(([preset, rounds]) => {
    const { network, policy } = laid(preset, 101);
    const to = GAPS[0]!;
    const run = (twin: boolean) => () => mustBracket(prove(network, policy, to, { twin }));
    return {
      title: `${preset}: ascent to ${power(to)}, WebAssembly ÷ TypeScript`,
      cases: [
        { name: 'TypeScript', run: run(true) },
        { name: 'WebAssembly', run: run(false) },
      ],
      rounds,
    };
  });
}

/** A value above its own bound would pass for a gap of nothing. */
function mustBracket({ value, bound }: Proven): void {
  if (!(value <= bound * (1 + SLACK))) throw new Error(`wrong: value ${value}, bound ${bound}`);
}
