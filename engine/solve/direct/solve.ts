/** A direct problem solved to a proven gap, by the calling thread alone or with a crew. */
import { type Ascent, type AscentOptions, type AscentSession, openAscent, type Runner } from './ascent.js';
import type { Direct } from './form.js';
import { type Kernel, openKernel } from './kernel.js';
import { mendNearby } from './nearby.js';
import { coldStart } from './start.js';

/** Everything in the calling thread. */
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

/** Who carries out the passes; `twin` asks for the kernel in TypeScript. */
export interface Hands {
  twin?: boolean;
  board?: (direct: Direct, kernel: Kernel) => Runner;
}

/** Opens an ascent from a cold start, or from the flows and prices that `warm` puts into the layout, mended where they are wrong in places. */
export function openDirect(direct: Direct, hands: Hands = {}, warm?: (direct: Direct) => void): AscentSession {
  const kernel = openKernel(direct.layout, hands.twin);
  coldStart(direct);
  warm?.(direct);
  const runner = kernel.name === 'wasm' && hands.board ? hands.board(direct, kernel) : oneThread(direct, kernel);
  const session = openAscent(direct, runner, warm !== undefined);
  if (!warm) return session;
  const part = (problem: Direct) => oneThread(problem, openKernel(problem.layout, hands.twin));
  let mended = false;
  return {
    ...session,
    run(options) {
      if (mended) return session.run(options);
      mended = true;
      const start = session.run({ ...options, mostIterations: 0 });
      if (start.outcome !== 'limit') return start;
      return mendNearby(direct, part, options, start, session) ?? session.run(options);
    },
  };
}

/** The whole of it: a cold ascent to a proven gap. */
export function solveDirect(direct: Direct, options: AscentOptions, hands: Hands = {}): Ascent {
  return openDirect(direct, hands).run(options);
}
