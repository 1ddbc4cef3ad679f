/** A direct problem solved to a proven gap in one thread or more. */
import { type Ascent, type AscentOptions, ascend, type Runner } from './ascent.js';
import type { Direct } from './form.js';
import { type Kernel, openKernel } from './kernel.js';
import { coldStart } from './start.js';

export function oneThread(direct: Direct, kernel: Kernel): Runner {
  const { groups } = direct.layout;
  return {
    threads: 1,
    kernel,
    pass(step, residual) {
      kernel.clear(0);
      kernel.pass(0, 0, groups, step, residual);
    },
    over(work) {
      kernel.clear(0);
      kernel[work](0, 0, groups);
    },
  };
}

export function solveDirect(direct: Direct, options: AscentOptions, twin = false): Ascent {
  const kernel = openKernel(direct.layout, twin);
  if (!options.warm) coldStart(direct);
  return ascend(direct, oneThread(direct, kernel), options);
}
