/** The hot loops: in WebAssembly where the machine has SIMD and shared memory, else by the twin in TypeScript. */
import { WASM } from './kernel.wasm.js';
import type { Layout } from './layout.js';
import { openTwin } from './twin.js';

/** What both kernels can do; `frame` is 0, as the frame lies at the start of memory. See `kernel.as.ts` for each. */
export interface Kernel {
  name: 'wasm' | 'typescript';
  pass(thread: number, g0: number, g1: number, step: Step, residual: boolean): void;
  clear(thread: number): void;
  gather(threads: number): void;
  tail(step: Step): number;
  anchor(g0: number, g1: number): void;
  scale(thread: number, g0: number, g1: number, least: number): void;
  price(thread: number, g0: number, g1: number): void;
  load(thread: number, g0: number, g1: number): void;
  spend(g0: number, g1: number, round: 0 | 1): number;
}

/** Of one iteration: primal and dual step over row and column steps, Halpern's weights, least column scale. */
export interface Step {
  primal: number;
  dual: number;
  ahead: number;
  anchor: number;
  least: number;
}

export interface Exports {
  pass(...n: number[]): void;
  passWithResidual(...n: number[]): void;
  clear(frame: number, thread: number): void;
  gather(frame: number, threads: number): void;
  tail(frame: number, dual: number, ahead: number, anchor: number): number;
  anchor(frame: number, g0: number, g1: number): void;
  scale(...n: number[]): void;
  price(frame: number, thread: number, g0: number, g1: number): void;
  load_(frame: number, thread: number, g0: number, g1: number): void;
  spend(frame: number, g0: number, g1: number, round: number): number;
}

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module, or null where this machine cannot run it (no SIMD, no threads). */
export function kernelModule(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    const bytes = Uint8Array.from(atob(WASM), (c) => c.charCodeAt(0));
    compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  } catch {
    compiled = null;
  }
  return compiled;
}

/** Opens the kernel on a layout: WebAssembly unless it is refused or `twin` is asked for. */
export function openKernel(layout: Layout, twin = false): Kernel {
  const module = twin ? null : kernelModule();
  return module && layout.memory ? openWasm(module, layout.memory) : openTwin(layout);
}

/** The kernel in WebAssembly on shared memory; worker threads call this with the module and memory they were sent. */
export function openWasm(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const instance = new WebAssembly.Instance(module, { env: { memory, abort: failed } });
  const e = instance.exports as unknown as Exports; // what kernel.as.ts exports
  return {
    name: 'wasm',
    pass(thread, g0, g1, { primal, dual, ahead, anchor, least }, residual) {
      (residual ? e.passWithResidual : e.pass)(0, thread, g0, g1, primal, dual, ahead, anchor, least);
    },
    clear: (thread) => e.clear(0, thread),
    gather: (threads) => e.gather(0, threads),
    tail: ({ dual, ahead, anchor }) => e.tail(0, dual, ahead, anchor),
    anchor: (g0, g1) => e.anchor(0, g0, g1),
    scale: (thread, g0, g1, least) => e.scale(0, thread, g0, g1, least),
    price: (thread, g0, g1) => e.price(0, thread, g0, g1),
    load: (thread, g0, g1) => e.load_(0, thread, g0, g1),
    spend: (g0, g1, round) => e.spend(0, g0, g1, round),
  };
}

function failed(): never {
  throw new Error('the WebAssembly kernel stopped itself');
}
