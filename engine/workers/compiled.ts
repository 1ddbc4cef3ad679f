/**
 * A network compiled once for several solves: its arrays lie in memory that all threads see and none writes to; the scenario, which
 * they get with their task in any case, stays out of it.
 */
import type { Scenario } from '../../scenarios/index.js';
import { AllocateError } from '../errors.js';
import type { Network } from '../network.js';
import { pool } from './pool.js';

export type SharedNetwork = Omit<Network, 'scenario'>;

const FILE = new URL('./compile-worker.js', import.meta.url).href;

/** Compiles a checked scenario in a worker thread. Throws AllocateError 'cancelled' or 'worker'. */
export async function compileInPool(scenario: Scenario, signal: AbortSignal): Promise<SharedNetwork> {
  try {
    return (await pool().run(scenario, { signal, filename: FILE })) as SharedNetwork; // what compile-worker.ts returns
  } catch (error) {
    if (signal.aborted) throw new AllocateError('cancelled', 'the solves were cancelled before they began');
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    throw new AllocateError('worker', `the network could not be compiled: ${message}`);
  }
}
