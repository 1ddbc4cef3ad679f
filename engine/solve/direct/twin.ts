/**
 * The kernel in plain TypeScript, for machines that cannot run `kernel.as.ts`: the same arithmetic in the same order on the same
 * memory, so iterates, plans and prices are the same bit for bit. Five to ten times slower.
 */
import type { Kernel } from './kernel.js';
import type { Layout } from './layout.js';
import { load, price, spend } from './twin-certify.js';
import { anchor, clear, gather, pass, scale, tail } from './twin-iterate.js';
import { viewMemory } from './twin-memory.js';

export function openTwin(layout: Layout): Kernel {
  const memory = viewMemory(layout);
  return {
    name: 'typescript',
    pass: (thread, g0, g1, step, residual) => pass(memory, thread, g0, g1, step, residual),
    clear: (thread) => clear(memory, thread),
    gather: (threads) => gather(memory, threads),
    tail: (step) => tail(memory, step),
    anchor: (g0, g1) => anchor(memory, g0, g1),
    scale: (thread, g0, g1, least) => scale(memory, thread, g0, g1, least),
    price: (thread, g0, g1) => price(memory, thread, g0, g1),
    load: (thread, g0, g1) => load(memory, thread, g0, g1),
    spend: (g0, g1, round) => spend(memory, g0, g1, round),
  };
}
