/** Solvers of general linear programs (HiGHS, javascript-lp-solver) on the model of all stages. */
import { AllocateError } from '../errors.js';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { loadHighs } from './highs.js';
import { loadJslp } from './jslp.js';
import type { LpBackend } from './lp.js';
import { buildModel } from './model.js';
import type { StageSolver } from './solver.js';

export async function loadBackend(name: 'highs' | 'jslp'): Promise<LpBackend> {
  return name === 'highs' ? loadHighs() : loadJslp();
}

/** One persistent model; each stage goes on from the solution of the one before where the backend can. */
export function openTableau(network: Network, policy: Policy, backend: LpBackend): StageSolver {
  const model = buildModel(network, policy);
  const session = backend.open(model.lp);
  let x: Float64Array = new Float64Array(model.lp.columns);
  return {
    name: backend.name,
    version: backend.version,
    refines: false,
    gapScale: model.gapScale,
    solve(s, held, { onProgress }) {
      policy.stages.forEach((_, r) => {
        model.hold(r, r < s ? held[r]! : Number.NEGATIVE_INFINITY);
      });
      model.aim(s);
      let prices = model.prices(s, new Float64Array(model.lp.rows));
      let iterations = 0;
      // with nothing to gain the plan before is optimal, with all prices zero
      if (model.lp.objective.some((c) => c !== 0)) {
        const outcome = session.solve((n) => onProgress(n));
        if (outcome.outcome === 'failed') throw new AllocateError('internal', outcome.why);
        ({ x, iterations } = outcome);
        prices = model.prices(s, outcome.y);
      }
      return { ...model.plan(x), prices, reached: model.maximand(s, x), iterations };
    },
    reprice(s, reached) {
      policy.stages.forEach((_, r) => {
        model.hold(r, r < s ? reached[r]! : Number.NEGATIVE_INFINITY);
      });
      model.aim(s);
      const outcome = session.solve();
      return outcome.outcome === 'optimal'
        ? { prices: model.prices(s, outcome.y), iterations: outcome.iterations }
        : null;
    },
    dispose: () => session.dispose(),
  };
}
