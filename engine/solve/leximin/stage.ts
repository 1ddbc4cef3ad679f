/** The stage `leximin` for whichever solver has been asked: the levels, and what later stages have to leave everybody. */
import type { Network } from '../../network.js';
import type { Policy } from '../../policy.js';
import { noPrices } from '../../proof/certificate.js';
import { highsRuntime } from '../highs.js';
import type { StageModel } from '../model.js';
import { loadPivot } from '../simplex/kernel.js';
import type { StageAnswer, Watch } from '../solver.js';
import { climb } from './climb.js';
import type { Ladder } from './ladder.js';

/** `model`: of all stages, aimed at stage s, the ones before it held. Throws AllocateError 'too-large' and 'internal'. */
export async function solveLevels(
  network: Network,
  policy: Policy,
  s: number,
  model: () => StageModel,
  { stop, onProgress }: Watch,
): Promise<StageAnswer & { ladder: Ladder }> {
  const { ladder, iterations, ship, met } = await climb(network, policy, {
    stage: s,
    pivot: loadPivot(),
    highs: highsRuntime,
    model,
    stop,
    onProgress,
  });
  const reached = ladder.levels[0]?.coverage ?? 1;
  return { ship, met, prices: noPrices(network, policy), reached, iterations, ladder };
}
