/** Solvers of general linear programs (HiGHS, javascript-lp-solver) on the model of all stages. */
import { AllocateError } from '../errors.js';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { loadHighs } from './highs.js';
import { loadJslp } from './jslp.js';
import { CLOSE, heldLots, type Ladder } from './leximin/ladder.js';
import { solveLevels } from './leximin/stage.js';
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
  const ladder = policy.stages.findIndex((stage) => stage.stage === 'leximin');
  let x: Float64Array = new Float64Array(model.lp.columns);
  /** What `leximin` gives each pair, and the lots that each keeps behind it. */
  let levels: Ladder | undefined;
  let kept: Float64Array | null = null;
  const hold = (s: number, values: number[], pairs: Float64Array | null) => {
    policy.stages.forEach((_, r) => {
      model.hold(r, r < s ? values[r]! : Number.NEGATIVE_INFINITY);
    });
    if (ladder >= 0) model.holdPairs(s > ladder ? pairs : null);
    model.aim(s);
  };
  return {
    name: backend.name,
    version: backend.version,
    refines: false,
    gapScale: model.gapScale,
    async solve(s, held, watch) {
      hold(s, held, kept);
      if (policy.stages[s]!.stage === 'leximin') {
        const answer = await solveLevels(network, policy, s, () => model, watch);
        levels = answer.ladder;
        kept = heldLots(network, levels, CLOSE[0]!);
        return answer;
      }
      let prices = model.prices(s, new Float64Array(model.lp.rows));
      let iterations = 0;
      // with nothing to gain the plan before is optimal, with all prices zero
      if (model.lp.objective.some((c) => c !== 0)) {
        let outcome = session.solve((n) => watch.onProgress(n));
        for (let n = 1; outcome.outcome === 'failed' && levels && n < CLOSE.length; n++) {
          kept = heldLots(network, levels, CLOSE[n]!);
          hold(s, held, kept);
          outcome = session.solve((i) => watch.onProgress(i));
        }
        if (outcome.outcome === 'failed') throw new AllocateError('internal', outcome.why);
        ({ x, iterations } = outcome);
        prices = model.prices(s, outcome.y);
      }
      return { ...model.plan(x), prices, reached: model.maximand(s, x), iterations };
    },
    reprice(s, reached, has) {
      hold(s, reached, has);
      const outcome = session.solve();
      return outcome.outcome === 'optimal'
        ? { prices: model.prices(s, outcome.y), iterations: outcome.iterations }
        : null;
    },
    dispose: () => session.dispose(),
  };
}
