/** Futures of a direct network, one after the other in one block of memory; each starts where the base ended. */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { openAscent } from '../solve/direct/ascent.js';
import { buildDirect, type Direct, refillDirect } from '../solve/direct/form.js';
import { openKernel } from '../solve/direct/kernel.js';
import { RECORD, record } from '../solve/direct/layout.js';
import { oneThread, solveDirect } from '../solve/direct/solve.js';
import { coldStart } from '../solve/direct/start.js';
import { setSteps } from '../solve/direct/steps.js';
import { arcwise, type Figures, listStocked, type Stocked, withFigures } from './figures.js';
import { type Base, clearIterate, putIterate, shared, shareNetwork, takeIterate } from './shared.js';

/** What a future comes to; of the continuous plan, before whole lots. */
export interface Found {
  value: number;
  bound: number;
  gap: number;
  smallestCoverage: number;
  peoplePeriodsNeeded: number;
  peoplePeriodsMet: number;
  cost: number;
  iterations: number;
}

/** The base is solved finer than its futures are asked for: 5 % fewer iterations than without, and at 0.3 no fewer (16 districts). */
const FINER = 0.5;
/** As in `structured.ts`: ten times what seeds of all presets took to 1e-4. */
const MOST_ITERATIONS = 10_000;

/** Solves the base and shares it; `declineDirect` has nothing against the stage. */
export function prepareBase(network: Network, policy: Policy, stage: number, gap: number): Base {
  const direct = buildDirect(network, policy, stage, 1);
  solveDirect(direct, { gap: FINER * gap, mostIterations: MOST_ITERATIONS });
  const { resources } = network.scenario;
  const stocked: Stocked = listStocked(network.scenario);
  return {
    network: shareNetwork(network),
    policy,
    stage,
    stocked: { good: shared(stocked.good), lots: shared(stocked.lots) },
    people: Float64Array.from(resources, (r) => r.lot * r.peoplePerUnit),
    start: takeIterate(direct),
  };
}

export interface Course {
  /** The same figures give the same numbers, whatever was solved before. */
  solve(figures: Figures, gap: number): Found;
}

export function openCourse(base: Base, twin = false): Course {
  const { policy, stage, stocked, people, start } = base;
  const network = arcwise(base.network);
  const laid = buildDirect(network, policy, stage, 1);
  const kernel = openKernel(laid.layout, twin);
  const runner = oneThread(laid, kernel);
  return {
    solve(figures, gap) {
      const direct = refillDirect(laid, withFigures(network, stocked, figures));
      clearIterate(direct);
      coldStart(direct);
      // every row that some flow asks for
      setSteps(direct.layout, kernel, 1);
      putIterate(direct, start);
      const found = openAscent(direct, runner, true).run({ gap, mostIterations: MOST_ITERATIONS });
      const { value, bound, gap: proven, iterations } = found;
      return { value, bound, gap: proven, ...measureBest(direct, people), iterations };
    },
  };
}

/** People, coverage and money of the best plan. */
function measureBest({ layout, network, weight }: Direct, people: Float64Array) {
  const { R, T, K, need } = network;
  const { lanes, f32 } = layout;
  const best = layout.floats('best', layout.arcs * lanes);
  const group = layout.ints('group', layout.groups + 1);
  const arc = layout.start('arc');
  const into = new Float64Array(lanes);
  const needed = new Float64Array(K);
  const met = new Float64Array(K);
  let cost = 0;
  let peoplePeriodsNeeded = 0;
  let peoplePeriodsMet = 0;
  let smallestCoverage = 1;
  for (let j = 0; j < R; j++) {
    needed.fill(0);
    met.fill(0);
    for (let g = j * T; g < (j + 1) * T; g++) {
      into.fill(0);
      for (let a = group[g]!; a < group[g + 1]!; a++) {
        let tonnes = 0;
        for (let k = 0, e = a * lanes; k < K; k++, e++) {
          into[k]! += best[e]!;
          tonnes += best[e]!;
        }
        cost += tonnes * f32[arc + a * RECORD + record.perTonne]!;
      }
      for (let k = 0; k < K; k++) {
        const n = need[g * K + k]!;
        needed[k]! += n;
        if (n > 0) met[k]! += Math.min(n, into[k]! / weight[k]!);
      }
    }
    for (let k = 0; k < K; k++) {
      if (!(needed[k]! > 0)) continue;
      smallestCoverage = Math.min(smallestCoverage, met[k]! / needed[k]!);
      peoplePeriodsNeeded += needed[k]! * people[k]!;
      peoplePeriodsMet += met[k]! * people[k]!;
    }
  }
  return { smallestCoverage, peoplePeriodsNeeded, peoplePeriodsMet, cost };
}
