/**
 * Threads that share one solve: the caller and its mates each take a fixed part of the groups, on the same memory. Parts are fixed,
 * so that the same number of threads gives the same iterates, as long as the crew stays: mates that keep the caller waiting
 * (another process has their core) are let go, and it goes on alone.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Runner } from '../solve/direct/ascent.js';
import type { Direct } from '../solve/direct/form.js';
import { type Kernel, kernelModule } from '../solve/direct/kernel.js';
import { oneThread } from '../solve/direct/solve.js';
import { COMMANDS, CONTROL_BYTES, type Command, type Crewed, SLOT, SPINS, writeStep } from './signals.js';

interface Mate {
  worker: Worker;
  port: MessagePort;
}

/** Waits that went beyond spinning, of the last this many passes, for a crew to be let go. */
const WINDOW = 64;
const MOST_WAITS = 32;
/** Milliseconds of one wait, and how many make a minute: no pass of any size takes that long. */
const NAP = 50;
const MOST_NAPS = 1200;

export interface Crew {
  threads: number;
  /** A runner over all threads for a problem laid out for as many. */
  board(direct: Direct, kernel: Kernel): Runner;
  dismiss(): void;
}

/** Hires mates for `threads` in all; null where memory cannot be shared or one is enough. Starting takes some 30 ms, in their own time. */
export function hire(threads: number): Crew | null {
  if (threads < 2 || typeof SharedArrayBuffer === 'undefined' || !kernelModule()) return null;
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const counters = new Int32Array(control);
  const mates = Array.from({ length: threads - 1 }, (_, i): Mate => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./mate.js', import.meta.url), {
      workerData: { control, port: port2, number: i + 1 },
      transferList: [port2],
    });
    worker.unref();
    port1.unref();
    return { worker, port: port1 };
  });

  const call = (command: Command) => {
    Atomics.store(counters, SLOT.done, 0);
    Atomics.store(counters, SLOT.command, COMMANDS.indexOf(command));
    Atomics.add(counters, SLOT.round, 1);
    Atomics.notify(counters, SLOT.round);
  };
  /** True where the mates were done before the caller had spun enough. */
  const join = (): boolean => {
    let done = 0;
    for (let spins = 0; spins < SPINS; spins++) {
      done = Atomics.load(counters, SLOT.done);
      if (done === mates.length) break;
    }
    const prompt = done === mates.length;
    for (let naps = 0; done < mates.length; naps++) {
      if (naps > MOST_NAPS) throw new Error('a thread of the crew does not answer');
      Atomics.wait(counters, SLOT.done, done, NAP);
      done = Atomics.load(counters, SLOT.done);
    }
    if (Atomics.load(counters, SLOT.failed) !== 0) throw new Error('a thread of the crew failed');
    return prompt;
  };

  return {
    threads,
    board(direct, kernel) {
      const shares = cut(direct, threads);
      const crewed: Crewed = { module: kernelModule()!, memory: direct.layout.memory!, shares };
      for (const { port } of mates) port.postMessage(crewed);
      call('board');
      join();
      const alone = oneThread(direct, kernel);
      let passes = 0;
      let waits = 0;
      const runner: Runner = {
        threads,
        kernel,
        pass(step, residual) {
          writeStep(control, step);
          call(residual ? 'look' : 'pass');
          kernel.clear(0);
          kernel.pass(0, ...shares[0]!, step, residual);
          if (!join()) waits++;
          kernel.gather(threads);
          if (++passes < WINDOW) return;
          if (waits > MOST_WAITS) Object.assign(runner, alone);
          passes = waits = 0;
        },
        over(work) {
          call(work);
          kernel.clear(0);
          kernel[work](0, ...shares[0]!);
          join();
        },
      };
      return runner;
    },
    dismiss() {
      call('leave');
      for (const { port } of mates) port.close();
    },
  };
}

/** Groups in as many runs of about equally many arcs. */
function cut({ layout }: Direct, threads: number): [number, number][] {
  const group = layout.ints('group', layout.groups + 1);
  const edges = [0];
  for (let w = 1; w < threads; w++) {
    const goal = (layout.arcs * w) / threads;
    let g = edges[w - 1]!;
    while (g < layout.groups && group[g]! < goal) g++;
    edges.push(g);
  }
  edges.push(layout.groups);
  return Array.from({ length: threads }, (_, w) => [edges[w]!, edges[w + 1]!]);
}
