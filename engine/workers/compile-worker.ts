/** Runs in a worker thread: compiles a network for other threads. */
import { complete, type Scenario } from '../../scenarios/index.js';
import { shared } from '../futures/shared.js';
import { compileNetwork } from '../network.js';
import type { SharedNetwork } from './compiled.js';

export default function compileInWorker(scenario: Scenario): SharedNetwork {
  const { scenario: _, ...network } = compileNetwork(complete(scenario));
  return shareArrays(network);
}

/** A copy of plain data with its typed arrays in shared memory. */
function shareArrays<X>(value: X): X {
  if (value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array)
    return shared(value);
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, shareArrays(field)])) as X;
}
