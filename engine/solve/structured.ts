/**
 * The structured solver: whoever is quickest on a stage's own structure, in turn. Resources that share no limit go to the network
 * simplex method, direct networks to the fused ascent, all else to the general first-order method; what they leave open for a
 * fine gap is finished by HiGHS on the columns that matter. The exact certificate judges what comes out, so each may be approximate.
 */
import type { Highs } from 'highs';
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import { noPrices, type RoughPrices } from '../proof/certificate.js';
import { toNumber } from '../proof/exact.js';
import { floorTotal, type Plan } from '../proof/values.js';
import { nothingToGain } from './choose.js';
import type { AscentSession } from './direct/ascent.js';
import { buildDirect, type Direct, declineDirect } from './direct/form.js';
import { kernelModule } from './direct/kernel.js';
import { bestPlan, putStart } from './direct/plan.js';
import { roughPrices } from './direct/prices.js';
import { type Hands, openDirect } from './direct/solve.js';
import { finish } from './finish/finish.js';
import { liftPrices } from './finish/price.js';
import { openNetworkGeneral } from './general/network.js';
import { openRepair } from './general/repair.js';
import type { GeneralSession } from './general/session.js';
import { highsRuntime } from './highs.js';
import { CLOSE, heldLots } from './leximin/ladder.js';
import { solveLevels } from './leximin/stage.js';
import { buildModel, type StageModel } from './model.js';
import { sharesNothing } from './simplex/bundles.js';
import { loadPivot } from './simplex/kernel.js';
import { solveByNetworkSimplex } from './simplex/solve.js';
import { worthOf } from './simplex/worth.js';
import type { StageAnswer, StageSolver, Watch } from './solver.js';

/** Of the method, not of the program: iterates may change with it. */
const VERSION = '1.0.0';

/** A plan and prices from before, by flow and block of this network. */
export interface Start {
  ship: Float64Array;
  /** By stage. */
  prices: RoughPrices[];
}

export interface StructuredOptions {
  /** Threads of one solve, and who they are; one where absent. */
  threads?: number;
  hands?: Hands;
  start?: Start;
}

/** Finer gaps than this are left to the simplex method near the solution: an ascent in single precision ends about there. */
const FINE = 2e-5;
/** Gap at which the simplex method takes over: from 1e-3 it takes twice the time of 1e-4 (finish/README.md), below a better start saves nothing. */
const HANDOVER = 1e-5;
/** Iterations after which an ascent is given up: ten times what seeds of all presets took to 1e-4. */
const MOST_ITERATIONS = 10_000;
/** Entries of a model (about: eight a column) beyond which it is not built, as only the ascent can take it. */
const MOST_FLOWS = 1.2e6;

/**
 * Columns up to which the simplex method always has the last word: it takes milliseconds, and a vertex splits few flows, so that whole
 * lots cost least (one region's 1 of 3 lots where the middle of the optimal face gave it 0.8).
 */
const SMALL = 2_000;

/** Gap that prices of a stage are found to once more, after whole lots. */
const ANEW = 1e-6;

/** Worth of a point of the stage before, in multiples of what makes it worth all cost. */
const PULL = 1000;

export function openStructured(network: Network, policy: Policy, options: StructuredOptions = {}): StageSolver {
  let model: StageModel | undefined;
  let general: GeneralSession | undefined;
  let aimed = 0;
  let watching: Watch | undefined;
  const ladder = policy.stages.findIndex(({ stage }) => stage === 'leximin');
  /** Lots that each pair keeps, once `leximin` was solved. */
  let kept: Float64Array | undefined;
  /** Prices by stage, where one was solved. */
  const priced: RoughPrices[] = [];
  let direct: { stage: number; problem: Direct; session: AscentSession; iterations: number } | undefined;
  let plan: Plan = {
    ship: new Float64Array(0),
    met: new Float64Array(network.need.length),
  };
  const gapScale = (s: number, maximand: number): number => {
    const { stage } = policy.stages[s]!;
    if (stage === 'floor') return toNumber(floorTotal(network)) || 1;
    if (stage === 'stay') return (network.planned && toNumber(network.planned.tonnes)) || 1;
    return stage === 'maxmin' || stage === 'leximin' ? 1 : Math.abs(maximand);
  };

  return {
    name: 'structured',
    version: `${VERSION} ${kernelModule() && !options.hands?.twin ? 'wasm' : 'typescript'}`,
    // levels are as fine as they get at once
    refines: ladder < 0,
    gapScale,
    async solve(s, held, watch) {
      if (plan.ship.length === 0) plan.ship = new Float64Array(network.arcs.count * network.K);
      if (nothingToGain(network, policy, s))
        return { ...plan, prices: noPrices(network, policy), reached: 0, iterations: 0 };
      const answer =
        (await rise(s, held, watch)) ??
        (await separate(s)) ??
        (await ascend(s, held, watch)) ??
        (await byModel(s, held, watch));
      plan = { ship: answer.ship, met: answer.met };
      if (!answer.ladder) priced[s] = answer.prices;
      return answer;
    },
    async reprice(s, reached, has) {
      const prices = priced[s];
      if (!model || !prices || model.lp.columns > MOST_FLOWS) return null;
      if (kept) kept = has;
      const { maximand } = hold(s, reached);
      const answer = { ...plan, prices, reached: maximand(s, pointOf(plan)), iterations: 0 };
      const watch: Watch = { gap: ANEW, onProgress: () => {}, stop: () => watching?.stop() ?? false };
      return finishStage(s, reached, watch, answer);
    },
    dispose() {
      direct = undefined;
      general?.dispose();
    },
  };

  /** The levels of `leximin`; null for other stages. */
  async function rise(s: number, held: number[], watch: Watch): Promise<StageAnswer | null> {
    if (s !== ladder) return null;
    watching = watch;
    const answer = await solveLevels(network, policy, s, () => hold(s, held), watch);
    kept = heldLots(network, answer.ladder, CLOSE[0]!);
    return answer;
  }

  /** Each resource by itself; null where they share a limit that binds. */
  async function separate(s: number): Promise<StageAnswer | null> {
    if (s > 0 || !sharesNothing(network)) return null;
    const answer = solveByNetworkSimplex(network, policy, s, loadPivot());
    if (!answer.ok) return null;
    const { ship, met, prices, pivots } = answer;
    return {
      ship,
      met,
      prices,
      reached: worthOf(network, policy, s, { ship, met }),
      iterations: pivots,
    };
  }

  /** The fused ascent; null where the network or stage is not direct. */
  async function ascend(s: number, held: number[], watch: Watch): Promise<StageAnswer | null> {
    if (direct?.stage !== s) {
      if (declineDirect(network, policy, s) !== null) return null;
      const problem = buildDirect(network, policy, s, options.threads ?? 1);
      const start = options.start;
      const warm = start && ((d: Direct) => putStart(d, start.ship, start.prices[s]!));
      direct = { stage: s, problem, session: openDirect(problem, options.hands, warm), iterations: 0 };
    }
    const { problem, session } = direct;
    const before = direct.iterations;
    const flows = network.arcs.count * network.K;
    const finer = watch.gap < FINE && flows <= MOST_FLOWS;
    const found = session.run({
      gap: finer ? HANDOVER : watch.gap,
      mostIterations: finer ? MOST_ITERATIONS / 3 : MOST_ITERATIONS,
      onProof: (gap, iterations) => watch.onProgress(iterations - before, gap),
      stop: watch.stop,
    });
    direct.iterations = found.iterations;
    const answer = {
      ...bestPlan(problem),
      prices: roughPrices(problem, found.prices),
      reached: found.value,
      iterations: found.iterations - before,
    };
    const enough = found.gap <= watch.gap && flows > SMALL;
    if (enough || found.outcome === 'stopped' || flows > MOST_FLOWS) return answer;
    return finishStage(s, held, watch, answer);
  }

  /**
   * General networks and stages: the first-order method on the model, then the simplex method where a gap is left. Cost behind need,
   * and what is to stay of the plan before, go to the simplex method at once: near the best service a hundredth of need costs as much as everything else, so
   * prices that are good to 1e-4 prove nothing about cost (general/README.md).
   */
  async function byModel(s: number, held: number[], watch: Watch): Promise<StageAnswer> {
    watching = watch;
    const { lp, prices, maximand, plan: planOf } = hold(s, held);
    const before = priced.findLastIndex((p, r) => r < s && p !== undefined);
    const last = policy.stages[s]!.stage === 'cost' || policy.stages[s]!.stage === 'stay';
    if (last && before >= 0 && lp.columns <= MOST_FLOWS) {
      const reached = maximand(s, pointOf(plan));
      const answer = { ...plan, prices: noPrices(network, policy), reached, iterations: 0 };
      return finishStage(s, held, watch, answer, pulled(s, held, reached, before));
    }
    if (last && kept && lp.columns <= MOST_FLOWS) {
      const answer = { ...plan, prices: noPrices(network, policy), reached: maximand(s, pointOf(plan)), iterations: 0 };
      return finishStage(s, held, watch, answer);
    }
    const found = session(Math.max(watch.gap, HANDOVER / 20)).solve();
    const answer = {
      ...planOf(found.x),
      prices: prices(s, found.y),
      reached: maximand(s, found.x),
      iterations: found.iterations,
    };
    const enough = found.gap <= watch.gap && lp.columns > SMALL;
    if (enough || watch.stop() || lp.columns > MOST_FLOWS) return answer;
    return finishStage(s, held, watch, answer, found.y);
  }

  /** Prices of stage r before s, so dear that cost decides only between ties: they show the columns that are left to choose from. */
  function pulled(s: number, held: number[], cost: number, r: number): Float64Array {
    const scale = gapScale(r, held[r]!);
    const pull = scale > 0 ? (PULL * Math.abs(cost)) / scale : 0;
    const rough = { ...priced[r]! };
    for (const name of Object.keys(rough) as (keyof RoughPrices)[]) rough[name] = rough[name].map((y) => y * pull);
    rough.stage[r] = pull;
    return model!.rows(s, rough);
  }

  /** The model's solution behind a plan, made possible. */
  function pointOf({ ship, met }: Plan): Float64Array {
    return model!.point(openRepair(network)(ship.slice(), met.slice()));
  }

  /** HiGHS on the columns that matter, from the plan and prices so far; what it cannot better stays. */
  async function finishStage(
    s: number,
    held: number[],
    watch: Watch,
    answer: StageAnswer,
    from?: Float64Array,
  ): Promise<StageAnswer> {
    const { lp, rows, prices, maximand, plan: planOf, pointsPerUnit, constant } = hold(s, held);
    const highs: Highs = await highsRuntime();
    const points = pointsPerUnit(s);
    const scale = gapScale(s, answer.reached) / points;
    const found = finish(
      lp,
      { x: pointOf(answer), y: from ?? rows(s, answer.prices) },
      {
        highs,
        gap: watch.gap / 2,
        vertex: lp.columns <= SMALL,
        scale,
        stop: watch.stop,
        onBound: (bound, value) => {
          const gap = bound > value ? (bound - value) / scale : 0;
          if (gap < Infinity) watch.onProgress(answer.iterations, gap);
        },
      },
    );
    const iterations = answer.iterations + found.iterations;
    const worthless = Math.abs(found.value) <= 1e-9 && answer.reached === 0;
    const y = worthless ? liftPrices(lp, found.y) : found.y;
    const better = found.value >= (answer.reached - constant(s)) / points - 1e-9 * scale;
    return {
      ...(better ? planOf(found.x) : { ship: answer.ship, met: answer.met }),
      reached: better ? maximand(s, found.x) : answer.reached,
      prices: prices(s, y),
      iterations,
    };
  }

  /** The model, aimed at stage s with the stages before it held. */
  function hold(s: number, held: number[]): StageModel {
    model ??= buildModel(network, policy);
    policy.stages.forEach((_, r) => {
      model!.hold(r, r < s ? held[r]! : Number.NEGATIVE_INFINITY);
    });
    if (kept) model.holdPairs(s > ladder ? kept : null);
    model.aim(s);
    aimed = s;
    return model;
  }

  function session(gap: number): GeneralSession {
    general ??= openNetworkGeneral(network, policy, model!, {
      gap,
      maxIterations: MOST_ITERATIONS / 2,
      stage: () => aimed,
      onGap(now, iterations) {
        if (now < Infinity) watching?.onProgress(iterations, now);
      },
      stop: () => watching?.stop() ?? false,
    });
    return general;
  }
}
