/**
 * The re-solve where the simplex method cannot have the last word: networks beyond HiGHS, and policies with stages that have a solver of
 * their own. Values and bounds are proven as far as they go; what regions get is that of one plan and not said, but under `leximin`.
 */
import { type Network, totalNeed } from '../network.js';
import type { Policy } from '../policy.js';
import { provenBound } from '../proof/bound.js';
import { readPrices, writePrices } from '../proof/certificate.js';
import { decimal, toNumber } from '../proof/exact.js';
import { countColumns } from '../solve/choose.js';
import type { Ladder } from '../solve/leximin/ladder.js';
import { type StageSolver, solveStages } from '../solve/solver.js';
import { openStructured } from '../solve/structured.js';
import { loadBackend, openTableau } from '../solve/tableau.js';
import { grantedStages } from '../stay.js';
import type { Interval } from './interval.js';
import type { StageRange, Whose } from './resolve.js';

/** Columns that the simplex method is good for (`../solve/choose.ts`). */
const MOST_COLUMNS = 200_000;
const FINE = 1e-8;
const COARSE = 1e-5;

/** Stages whose best plans are a face of the linear program. */
const LINEAR = ['floor', 'maxmin', 'need', 'cost', 'stay'];

export type Way = 'fine' | 'simplex' | 'structured';

export function wayOf(network: Network, policy: Policy): Way {
  if (countColumns(network, policy) > MOST_COLUMNS) return 'structured';
  return policy.stages.every(({ stage }) => LINEAR.includes(stage)) ? 'fine' : 'simplex';
}

/** Part of a pair's need by which its level may be off: HiGHS keeps rows to 1e-9, which small pairs feel. */
const LEVEL = 1e-7;

/**
 * Stages; and people-periods met for each of `whose` where the policy has a stage `leximin`, as every plan that is best on it gives each pair
 * the same: null otherwise.
 */
export async function solveCoarsely(
  network: Network,
  policy: Policy,
  way: 'simplex' | 'structured',
  whose: readonly Whose[],
): Promise<{ stages: StageRange[]; people: Interval[] | null }> {
  const gap = way === 'simplex' ? FINE : COARSE;
  const solver: StageSolver =
    way === 'simplex'
      ? openTableau(network, policy, await loadBackend('highs'))
      : openStructured(network, policy, { threads: 1 });
  const stages: StageRange[] = [];
  let levels: Ladder | undefined;
  try {
    await solveStages(policy, solver, gap, {
      granted: grantedStages(network, policy),
      onSolved(s, { prices: own, reached }, held, ladder) {
        const { stage } = policy.stages[s]!;
        levels = ladder;
        // of the levels of `leximin` the first is what the stage is worth
        const rough = stage === 'leximin' ? (ladder?.levels[0]?.prices ?? own) : own;
        const { prices } = readPrices(network, policy, s, writePrices(stage, rough));
        const has = ladder?.lots.map(Math.floor);
        const bound = Math.min(
          toNumber(provenBound(network, policy, s, prices, held.map(decimal), has)),
          stage === 'leximin' ? 1 : Number.POSITIVE_INFINITY,
        );
        stages.push({ lo: Math.min(reached, bound), hi: bound, scale: solver.gapScale(s, reached) });
      },
    });
  } finally {
    solver.dispose();
  }
  return { stages, people: levels ? whose.map((who) => peopleOf(network, levels!, who)) : null };
}

function peopleOf({ R, T, K, need, scenario }: Network, { lots }: Ladder, { region, resource }: Whose): Interval {
  let [met, off] = [0, 0];
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      if ((region !== null && j !== region) || (resource !== null && k !== resource)) continue;
      const { lot, peoplePerUnit } = scenario.resources[k]!;
      const needed = totalNeed({ T, K, need }, j, k);
      met += lots[j * K + k]! * lot * peoplePerUnit;
      off += LEVEL * needed * lot * peoplePerUnit;
    }
  return { lo: met - off, hi: met + off };
}
