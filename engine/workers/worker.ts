/** Runs in a worker thread: one allocation a task, progress over a port, outcomes as plain data. */
import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { complete, type Scenario } from '../../scenarios/index.js';
import type { Text } from '../../scenarios/wording.js';
import { AllocateError, type AllocateErrorKind } from '../errors.js';
import { compileNetwork, type Network } from '../network.js';
import { type RunOptions, runAllocation } from '../pipeline.js';
import type { Allocation, Progress } from '../types.js';
import { type Crew, hire } from './crew.js';

export interface Task {
  scenario: Scenario;
  options: RunOptions;
  /** Tasks with the same number have the same scenario. */
  series?: number;
  progress: MessagePort;
  /** One word of shared memory: anything but 0 asks the solve to end with what it has. */
  stop: Int32Array;
}

/** Errors lose their class on the way between threads, so they travel as data. */
export type Outcome = { ok: true; allocation: Allocation } | { ok: false; kind: AllocateErrorKind; said: Text };

/** Milliseconds between reports of the same stage: ten a second. */
const INTERVAL = 100;

/** The network of the last series; let go with the next task that is not of it, as a nation's takes gigabytes. */
let compiled: { series: number; network: Network } | undefined;

function networkOf(series: number, scenario: Scenario): Network {
  compiled ??= { series, network: compileNetwork(complete(scenario)) };
  return compiled.network;
}

/** Hired for the first large solve of this thread and kept for the next. */
let crew: Crew | null | undefined;

export default async function allocateInWorker({ scenario, options, series, progress, stop }: Task): Promise<Outcome> {
  if (compiled?.series !== series) compiled = undefined;
  let last = { key: '', at: 0 };
  const report = (p: Progress) => {
    const key = `${p.phase}${p.stage?.index ?? ''}${p.solver ?? ''}`;
    const at = performance.now();
    if (key === last.key && at - last.at < INTERVAL) return;
    last = { key, at };
    progress.postMessage(p);
  };
  try {
    const allocation = await runAllocation(scenario, options, {
      now: () => performance.now() / 1000,
      report,
      ...(series === undefined ? {} : { network: networkOf(series, scenario) }),
      stop: () => Atomics.load(stop, 0) !== 0,
      crew(threads) {
        if (crew?.threads !== threads) {
          crew?.dismiss();
          crew = hire(threads);
        }
        return crew ? { threads, hands: { board: crew.board } } : { threads: 1, hands: {} };
      },
    });
    return { ok: true, allocation };
  } catch (error) {
    if (error instanceof AllocateError) return { ok: false, kind: error.kind, said: error.said };
    // uncaught errors of the HiGHS runtime carry its whole source as one line
    const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
    return { ok: false, kind: 'internal', said: message };
  } finally {
    progress.close();
  }
}
