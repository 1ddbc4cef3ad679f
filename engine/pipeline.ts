/**
 * The life of a decision, in one thread: scenario → network → stages solved → whole lots → certificate → check.
 * `allocate` runs this in a worker; nothing leaves it that the checker has not confirmed.
 */
import { complete, type Scenario, scenarioDigest } from '../scenarios/index.js';
import { AllocateError } from './errors.js';
import { listCoverage, measure } from './measures.js';
import { compileNetwork } from './network.js';
import { planLots } from './plan.js';
import { compilePolicy } from './policy.js';
import { sealCertificate, writePrices } from './proof/certificate.js';
import { check } from './proof/check.js';
import { evaluate } from './proof/evaluate.js';
import { listShipments, listUses } from './shipments.js';
import { buildModel } from './solve/model.js';
import { chooseSolver, loadBackend, solveStages } from './solve/solver.js';
import type { AllocateOptions, Allocation, Progress } from './types.js';

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

  const compiled = now();
  const model = buildModel(network, policy);
  const choice = chooseSolver(options.solver ?? 'auto', model.lp.columns, policy);
  const backend = await loadBackend(choice.name);
  const continuous = solveStages(policy, model, backend, asked, {
    onProgress: (index, iterations) =>
      report({
        phase: 'solve',
        stage: { index, name: policy.stages[index]!.stage, of: policy.stages.length },
        seconds: since(),
        solver: choice.name,
        iterations,
      }),
  });
  const seconds = now() - compiled;

  report({ phase: 'lots', seconds: since(), iterations: continuous.iterations });
  const plan = planLots(network, policy, continuous, asked);
  const shipments = listShipments(network, plan);
  const use = listUses(network, plan);

  const prices = continuous.prices.map((rough, s) => writePrices(policy.stages[s]!.stage, rough));
  const { stages, faults } = evaluate(network, policy, plan, prices);
  if (faults.length) throw new AllocateError('internal', `the certificate is malformed: ${faults[0]}`);
  const proven = Math.max(0, ...stages.map((s) => s.gap));
  report({ phase: 'check', seconds: since(), iterations: continuous.iterations, gap: proven });
  const allocation: Allocation = {
    evenhand: 1,
    scenario: { id: scenario.id, digest: scenarioDigest(scenario) },
    policy: { name: policy.name, stages: policy.written },
    shipments,
    use,
    coverage: listCoverage(network, plan),
    stages: stages.map((s, i) => ({ stage: policy.stages[i]!.stage, ...s, tolerance: continuous.tolerances[i]! })),
    measures: measure(network, plan),
    certificate: sealCertificate(scenario, policy, shipments, use, prices),
    solver: {
      name: choice.name,
      version: continuous.version,
      reason: choice.reason,
      seconds,
      iterations: continuous.iterations,
    },
    gap: { asked, proven },
  };
  const confirmed = check(allocation, scenario);
  if (!confirmed.ok)
    throw new AllocateError('internal', `the plan did not pass its own check: ${confirmed.faults.join('; ')}`);
  return allocation;
}
