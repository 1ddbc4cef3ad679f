/** What a crew's threads tell each other through shared memory: two counters, a command and the steps of an iteration. */
import type { Step } from '../solve/direct/kernel.js';

export const SLOT = { round: 0, done: 1, command: 2, failed: 3 } as const;

export const COMMANDS = ['leave', 'board', 'pass', 'look', 'price', 'load'] as const;
export type Command = (typeof COMMANDS)[number];

/** A problem that a crew works on: groups [from, to) for each thread. */
export interface Crewed {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  shares: [from: number, to: number][];
}

/**
 * Looks at a counter before a thread goes to sleep, some 0.1 ms: the halves of a pass end closer together than that on an idle
 * machine, and waking up takes 50 µs.
 */
export const SPINS = 20_000;

/** Counters take 64 bytes, five doubles follow. */
export const CONTROL_BYTES = 128;
const STEPS = 64;

export function writeStep(control: SharedArrayBuffer, step: Step): void {
  new Float64Array(control, STEPS, 5).set([step.primal, step.dual, step.ahead, step.anchor, step.least]);
}

export function readStep(control: SharedArrayBuffer): Step {
  const [primal, dual, ahead, anchor, least] = new Float64Array(control, STEPS, 5) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ]; // five were written
  return { primal, dual, ahead, anchor, least };
}
