import type { Kernel } from './kernel.js';
import type { Layout } from './layout.js';
export function openTwin(_layout: Layout): Kernel {
  throw new Error('twin is being written');
}
