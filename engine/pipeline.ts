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
import { type RoughPrices, readPrices, sealCertificate, writePrices } from './proof/certificate.js';
import { check } from './proof/check.js';
import { type Evaluation, evaluate } from './proof/evaluate.js';
import { decimal, toNumber } from './proof/exact.js';
import { type Plan, stageMaximands } from './proof/values.js';
import { listShipments, listUses } from './shipments.js';
import type { LpSession } from './solve/lp.js';
import { buildModel, type StageModel } from './solve/model.js';
import { type Choice, chooseSolver, loadBackend, repriceStage, solveStages } from './solve/solver.js';
import type { AllocateOptions, Allocation, Progress, StageCertificate } from './types.js';

export const DEFAULT_GAP = 1e-4;

export type RunOptions = Omit<AllocateOptions, 'signal' | 'onProgress'>;

/**
 * Allocates in the calling thread, which it blocks while a stage is being solved. `now` gives seconds: the engine has
 * no clock of its own. Throws AllocateError.
 */
export async function runAllocation(
  scenario: Scenario,
  options: RunOptions,
  now: () => number,
  report: (progress: Progress) => void = () => {},
): Promise<Allocation> {
  const start = now();
  const since = () => now() - start;
  const asked = options.gap ?? DEFAULT_GAP;
  report({ phase: 'compile', seconds: 0 });
  const network = compileNetwork(complete(scenario));
  const policy = compilePolicy(options.policy ?? scenario.policy);

  const model = buildModel(network, policy);
  const choice = chooseSolver(options.solver ?? 'auto', model.lp.columns, policy);
  const backend = await loadBackend(choice.name);
  const session = backend.open(model.lp);
  let proof: Proven;
  try {
    proof = solveAndProve({ network, policy, model, session, asked, choice, since, report });
  } finally {
    session.dispose();
  }
  const { plan, prices, stages, tolerances, iterations, seconds } = proof;
  const shipments = listShipments(network, plan);
  const use = listUses(network, plan);
  const proven = Math.max(0, ...stages.map((s) => s.gap));
  report({ phase: 'check', seconds: since(), iterations, gap: proven });
  const allocation: Allocation = {
    evenhand: 1,
    scenario: { id: scenario.id, digest: scenarioDigest(scenario) },
    policy: { name: policy.name, stages: policy.written },
    shipments,
    use,
    coverage: listCoverage(network, plan),
    stages: stages.map((s, i) => ({ stage: policy.stages[i]!.stage, ...s, tolerance: tolerances[i]! })),
    measures: measure(network, plan),
    certificate: sealCertificate(scenario, policy, shipments, use, prices),
    solver: {
      name: choice.name,
      version: backend.version,
      reason: choice.reason,
      seconds,
      iterations,
    },
    gap: { asked, proven },
  };
  const confirmed = check(allocation, scenario);
  if (!confirmed.ok)
    throw new AllocateError('internal', `the plan did not pass its own check: ${confirmed.faults.join('; ')}`);
  return allocation;
}

interface Course {
  network: Network;
  policy: Policy;
  model: StageModel;
  session: LpSession;
  asked: number;
  choice: Choice;
  since: () => number;
  report: (progress: Progress) => void;
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

/** Stages solved, rounded to lots and proven; a stage whose proof is too wide is priced again at the plan as shipped. */
function solveAndProve({ network, policy, model, session, asked, choice, since, report }: Course): Proven {
  const start = since();
  let gapSoFar: number | undefined;
  const continuous = solveStages(policy, model, session, asked, {
    onProgress: (index, iterations) =>
      report({
        phase: 'solve',
        stage: { index, name: policy.stages[index]!.stage, of: policy.stages.length },
        seconds: since(),
        solver: choice.name,
        iterations,
        ...(gapSoFar === undefined ? {} : { gap: gapSoFar }),
      }),
    onSolved(s, rough, reached, held) {
      const { prices } = readPrices(network, policy, s, writePrices(policy.stages[s]!.stage, rough));
      const bound = toNumber(provenBound(network, policy, s, prices, held.map(decimal)));
      const scale = model.gapScale(s, bound);
      const gap = scale > 0 ? Math.max(0, bound - reached) / scale : 0;
      gapSoFar = Math.max(gapSoFar ?? 0, gap);
    },
  });
  let seconds = since() - start;
  let { iterations } = continuous;
  report({ phase: 'lots', seconds: since(), iterations, ...(gapSoFar === undefined ? {} : { gap: gapSoFar }) });
  const plan = planLots(network, policy, continuous, asked);

  const evaluated = (prices: StageCertificate[]) => {
    const { stages, faults } = evaluate(network, policy, plan, prices);
    if (faults.length) throw new AllocateError('internal', `the certificate is malformed: ${faults[0]}`);
    return stages;
  };
  const write = (rough: RoughPrices, s: number) => writePrices(policy.stages[s]!.stage, rough);
  let prices = continuous.prices.map(write);
  let stages = evaluated(prices);
  for (let s = 1; s < stages.length; s++) {
    if (stages[s]!.gap <= asked) continue;
    const before = since();
    const again = repriceStage(policy, model, session, s, stageMaximands(network, policy, plan).map(toNumber));
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
