/**
 * The life of a decision, in one thread: scenario → network → stages solved → whole lots → certificate → check.
 * `allocate` runs this in a worker; nothing leaves it that the checker has not confirmed.
 */
import { complete, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { AllocateError } from './errors.js';
import { listCoverage, measure } from './measures.js';
import { compileNetwork, type Network } from './network.js';
import { planLots } from './plan.js';
import { compilePolicy, type Policy } from './policy.js';
import { provenBound } from './proof/bound.js';
import { type RoughPrices, readPrices, sealCertificate, writeLevels, writePrices } from './proof/certificate.js';
import { check } from './proof/check.js';
import { type Evaluation, evaluate } from './proof/evaluate.js';
import { decimal, toNumber } from './proof/exact.js';
import { type Plan, pairTotals, stageMaximands } from './proof/values.js';
import { listShipments, listUses } from './shipments.js';
import { type Choice, chooseSolver, nothingToGain } from './solve/choose.js';
import { declineDirect } from './solve/direct/form.js';
import type { Hands } from './solve/direct/solve.js';
import { purify } from './solve/purify/purify.js';
import { type StageSolver, solveStages } from './solve/solver.js';
import { openStructured, type Start } from './solve/structured.js';
import { loadBackend, openTableau } from './solve/tableau.js';
import { grantedStages, provenGap, stays } from './stay.js';
import type { AllocateOptions, Allocation, Progress, StageCertificate } from './types.js';
import { warmStart } from './warm.js';

export const DEFAULT_GAP = 1e-4;

export type RunOptions = Omit<AllocateOptions, 'signal' | 'onProgress'>;

/** What a run needs from outside: the engine has no clock, no threads and no signals of its own. */
export interface Surroundings {
  /** Seconds. */
  now: () => number;
  report?: (progress: Progress) => void;
  /** True ends the solve with the best plan so far, where the solver can. */
  stop?: () => boolean;
  /** The scenario's network, where somebody has compiled it. */
  network?: Network;
  /** Who shares the passes of a large solve. */
  crew?: (threads: number) => { threads: number; hands: Hands };
}

/** Flows from which a second thread is worth its start. */
const CROWD = 200_000;

/**
 * Allocates in the calling thread, which it blocks while a stage is being solved. Throws AllocateError.
 */
export async function runAllocation(
  scenario: Scenario,
  options: RunOptions,
  surroundings: Surroundings | (() => number),
): Promise<Allocation> {
  const around = typeof surroundings === 'function' ? { now: surroundings } : surroundings;
  const report = around.report ?? (() => {});
  const start = around.now();
  const since = () => around.now() - start;
  const asked = options.gap ?? DEFAULT_GAP;
  report({ phase: 'compile', seconds: 0 });
  const network = around.network ?? compileNetwork(complete(scenario));
  const policy = compilePolicy(options.policy ?? scenario.policy);
  const warm = options.warm && warmStart(network, policy, options.warm.allocation, options.warm.scenario);
  const choice = chooseSolver(options.solver ?? 'auto', network, policy);
  if (warm && 'why' in warm) choice.reason += `; started cold, as ${warm.why}`;
  else if (warm && !startsWarm(choice, network, policy))
    choice.reason += '; started cold, as only direct stages of the structured solver take an earlier allocation';
  const solver = await openSolver(choice, network, policy, {
    threads: network.arcs.count * network.K >= CROWD ? (options.threads ?? 1) : 1,
    crew: around.crew,
    start: warm && 'ship' in warm ? warm : undefined,
  });
  let proof: Proven;
  try {
    proof = await solveAndProve({ network, policy, solver, asked, since, report, stop: around.stop ?? (() => false) });
  } finally {
    solver.dispose();
  }
  const { plan, prices, stages, tolerances, iterations, seconds } = proof;
  const shipments = listShipments(network, plan);
  const use = listUses(network, plan);
  const proven = provenGap(network, policy, stages);
  report({ phase: 'check', seconds: since(), solver: choice.name, iterations, gap: proven });
  const coverage = listCoverage(network, plan);
  const digest = scenarioDigest(scenario);
  const allocation: Allocation = {
    evenhand: 1,
    scenario: { id: scenario.id, digest },
    policy: { name: policy.name, stages: policy.written },
    shipments,
    use,
    coverage,
    stages: stages.map((s, i) => ({ stage: policy.stages[i]!.stage, ...s, tolerance: tolerances[i]! })),
    measures: measure(network, plan, coverage),
    certificate: sealCertificate(scenario, policy, shipments, use, prices, digest),
    solver: { name: choice.name, version: solver.version, reason: choice.reason, seconds, iterations },
    gap: { asked, proven },
  };
  const confirmed = check(allocation, scenario);
  if (!confirmed.ok)
    throw new AllocateError('internal', `the plan did not pass its own check: ${confirmed.faults.join('; ')}`);
  return allocation;
}

async function openSolver(
  { name }: Choice,
  network: Network,
  policy: Policy,
  { threads, crew, start }: { threads: number; crew: Surroundings['crew']; start: Start | undefined },
): Promise<StageSolver> {
  if (name !== 'structured') return openTableau(network, policy, await loadBackend(name));
  const crewed = threads > 1 && crew ? crew(threads) : { threads: 1 };
  return openStructured(network, policy, { ...crewed, ...(start ? { start } : {}) });
}

/** Whether some stage goes to a solver that an earlier allocation helps. */
function startsWarm({ name }: Choice, network: Network, policy: Policy): boolean {
  if (name !== 'structured') return false;
  return policy.stages.some((_, s) => !nothingToGain(network, policy, s) && declineDirect(network, policy, s) === null);
}

interface Course {
  network: Network;
  policy: Policy;
  solver: StageSolver;
  asked: number;
  since: () => number;
  report: (progress: Progress) => void;
  stop: () => boolean;
}

interface Proven {
  plan: Plan;
  prices: StageCertificate[];
  stages: Evaluation[];
  tolerances: number[];
  iterations: number;
  /** Spent on solving; rounding and proving are not in it. */
  seconds: number;
}

/** Share of the asked gap that is left for whole lots, and how much finer each further attempt is. */
const FOR_LOTS = 0.95;
const FINER = 0.4;
const ATTEMPTS = 3;

/**
 * Stages solved, rounded to lots and proven. Where whole lots cost too much of the gap, a solver that can goes on to a finer one
 * and the lots are made anew; the better plan stays.
 */
async function solveAndProve(course: Course): Promise<Proven> {
  const { network, policy, solver, asked } = course;
  let proven = await attempt(course, solver.refines ? FOR_LOTS * asked : asked);
  const gapOf = (p: Proven) => provenGap(network, policy, p.stages);
  for (let n = 1, gap = asked; n < ATTEMPTS && solver.refines && policy.stages.length === 1; n++) {
    if (gapOf(proven) <= asked || course.stop()) break;
    gap *= FINER;
    const again = await attempt(course, gap);
    const better = gapOf(again) < gapOf(proven) ? again : proven;
    const seconds = proven.seconds + again.seconds;
    proven = { ...better, seconds, iterations: proven.iterations + again.iterations };
  }
  return proven;
}

/** One pass over the stages; a stage whose proof is too wide is priced again at the plan as shipped. */
async function attempt(course: Course, gap: number): Promise<Proven> {
  const { network, policy, solver, asked, since, report } = course;
  const start = since();
  let gapSoFar: number | undefined;
  const known = () => (gapSoFar === undefined ? {} : { gap: gapSoFar });
  const granted = grantedStages(network, policy);
  const continuous = await solveStages(policy, solver, gap, {
    granted,
    stop: course.stop,
    onProgress: (index, iterations, gapNow) =>
      report({
        phase: 'solve',
        stage: { index, name: policy.stages[index]!.stage, of: policy.stages.length },
        seconds: since(),
        solver: solver.name,
        iterations,
        ...(gapNow === undefined ? known() : { gap: Math.max(gapSoFar ?? 0, gapNow) }),
      }),
    onSolved(s, { prices: rough, reached }, held, ladder) {
      // the levels of `leximin` are proven with the plan in lots
      if (policy.stages[s]!.stage === 'leximin') return;
      const { prices } = readPrices(network, policy, s, writePrices(policy.stages[s]!.stage, rough));
      const bound = toNumber(provenBound(network, policy, s, prices, held.map(decimal), ladder?.lots.map(Math.floor)));
      const scale = solver.gapScale(s, bound);
      gapSoFar = Math.max(gapSoFar ?? 0, scale > 0 ? Math.max(0, bound - reached) / scale : 0);
    },
  });
  let seconds = since() - start;
  let { iterations } = continuous;
  report({ phase: 'lots', seconds: since(), solver: solver.name, iterations, ...known() });
  // few consignments in place of many small ones, the same needs met; all that follows is quicker by as much. But not other
  // consignments than the plan before
  const staying = policy.stages.some((_, s) => stays(network, policy, s));
  if (network.direct && solver.name === 'structured' && !staying)
    purify(network, Math.max(...policy.approxCostWeight), continuous.ship);
  const plan = planLots(network, policy, continuous, asked);

  const evaluated = (prices: StageCertificate[]) => {
    const { stages, faults } = evaluate(network, policy, plan, prices);
    if (faults.length) throw new AllocateError('internal', `the certificate is malformed: ${faults[0]}`);
    return stages;
  };
  const write = (rough: RoughPrices, s: number) =>
    policy.stages[s]!.stage === 'leximin'
      ? writeLevels(continuous.ladder!.levels)
      : writePrices(policy.stages[s]!.stage, rough);
  let prices = continuous.prices.map(write);
  let stages = evaluated(prices);
  for (let s = 1; s < stages.length; s++) {
    const excess = granted[s] ? stages[s]!.gap - policy.stages[s]!.tolerance : stages[s]!.gap;
    if (excess <= asked || course.stop() || policy.stages[s]!.stage === 'leximin') continue;
    const before = since();
    const again = await solver.reprice(
      s,
      stageMaximands(network, policy, plan).map(toNumber),
      pairTotals(network, plan),
    );
    seconds += since() - before;
    if (!again) continue;
    iterations += again.iterations;
    const tried = prices.with(s, write(again.prices, s));
    const better = evaluated(tried);
    // by the bound and not by the gap, whose scale is the bound itself
    if (width(better[s]!) < width(stages[s]!)) [prices, stages] = [tried, better];
  }
  return { plan, prices, stages, tolerances: continuous.tolerances, iterations, seconds };
}

const width = ({ value, bound }: Evaluation): number => Math.abs(Number(value) - Number(bound));
