/**
 * The checker: believes nothing but the scenario. It compiles the network, follows the shipments, and works out value,
 * bound and gap of each stage from plan and prices in exact arithmetic. It imports no solver and no Node module.
 */
import { complete, policySchema, type Scenario, sameJson, scenarioDigest } from '../../scenarios/index.js';
import { listCoverage, measure } from '../measures.js';
import { compileNetwork } from '../network.js';
import { compilePolicy } from '../policy.js';
import { readPlan } from '../shipments.js';
import { provenGap } from '../stay.js';
import type { Allocation, StageResult } from '../types.js';
import { certificateDigest, planDigest, policyDigest } from './certificate.js';
import { evaluate } from './evaluate.js';
import { infeasibilities } from './feasible.js';

export interface CheckResult {
  ok: boolean;
  /** What is wrong, in words; empty when all is proven. */
  faults: string[];
  /** What was worked out here, whatever the allocation says. */
  stages: Omit<StageResult, 'tolerance'>[];
}

/** Checks an allocation against its scenario. Anything that is not exactly as stated is a fault; nothing is thrown. */
export function check(allocation: Allocation, scenario: Scenario): CheckResult {
  try {
    return compare(allocation, scenario);
  } catch (error) {
    // forged input may break any rule of the format, for example hold NaN, which has no canonical form
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, faults: [`the allocation or its scenario cannot be read: ${why}`], stages: [] };
  }
}

function compare(allocation: Allocation, scenario: Scenario): CheckResult {
  const faults: string[] = [];
  const refuse = (fault: string): CheckResult => ({ ok: false, faults: [...faults, fault], stages: [] });
  const shape = malformed(allocation);
  if (shape) return refuse(shape);

  const digest = scenarioDigest(scenario);
  if (allocation.scenario.digest !== digest || allocation.scenario.id !== scenario.id)
    faults.push(`the allocation is of scenario ${allocation.scenario.digest}, this is ${digest}`);
  const { certificate } = allocation;
  const network = compileNetwork(complete(scenario));
  const written = policySchema.safeParse(allocation.policy.stages);
  if (!written.success) return refuse('/policy/stages: not a policy');
  const policy = compilePolicy(allocation.policy.name === 'custom' ? allocation.policy.stages : allocation.policy.name);

  const { plan, faults: misread } = readPlan(network, allocation.shipments, allocation.use);
  faults.push(...misread.slice(0, 20));
  faults.push(...infeasibilities(network, plan));
  if (certificate.scenario !== digest) faults.push('the certificate is of another scenario');
  if (certificate.policy !== policyDigest(policy)) faults.push('the certificate is of another policy');
  if (certificate.plan !== planDigest(allocation.shipments, allocation.use))
    faults.push('the certificate is of another plan');
  if (certificate.digest !== certificateDigest(certificate)) faults.push("the certificate's digest is not its own");
  if (!sameJson(policy.written, allocation.policy.stages))
    faults.push(`the stages are not those of policy '${allocation.policy.name}'`);
  if (misread.length) return { ok: false, faults, stages: [] };

  const names = policy.stages.map((s) => s.stage);
  const listed = (list: { stage: string }[]) => list.map((s) => s.stage).join(', ');
  if (listed(allocation.stages) !== names.join(', ') || listed(certificate.stages) !== names.join(', '))
    return refuse(`the policy has the stages ${names.join(', ')}`);

  const evaluation = evaluate(network, policy, plan, certificate.stages);
  faults.push(...evaluation.faults.slice(0, 20));
  const stages = evaluation.stages.map((e, s) => ({ stage: names[s]!, ...e }));
  stages.forEach((found, s) => {
    const stated = allocation.stages[s]!;
    for (const what of ['value', 'bound', 'gap'] as const)
      if (stated[what] !== found[what])
        faults.push(`/stages/${s}/${what}: '${found.stage}' has ${found[what]}, stated is ${stated[what]}`);
  });
  stages.forEach((found, s) => {
    if (!sameJson(found.levels ?? [], allocation.stages[s]!.levels ?? []))
      faults.push(`/stages/${s}/levels: not those that the certificate proves`);
  });
  const proven = provenGap(network, policy, stages);
  if (allocation.gap.proven !== proven) faults.push(`/gap/proven: ${proven}, stated is ${allocation.gap.proven}`);
  const coverage = listCoverage(network, plan);
  if (!sameJson(coverage, allocation.coverage)) faults.push('/coverage: not what the shipments bring');
  if (!sameJson(measure(network, plan, coverage), allocation.measures))
    faults.push('/measures: not those of the shipments');
  return { ok: faults.length === 0, faults, stages };
}

/** The least that has to be there for the rest of the check to read; everything else is checked where it is used. */
function malformed(a: Allocation): string | null {
  if (a?.evenhand !== 1) return 'this is no allocation of Evenhand, version 1';
  const lists: [string, unknown][] = [
    ['shipments', a.shipments],
    ['use', a.use],
    ['stages', a.stages],
    ['certificate/stages', a.certificate?.stages],
    ['policy/stages', a.policy?.stages],
  ];
  const missing = lists.find(([, list]) => !Array.isArray(list));
  if (missing) return `/${missing[0]} is missing`;
  if (!a.scenario || !a.gap) return '/scenario or /gap is missing';
  const prices = a.certificate.stages.findIndex((s) => typeof s?.prices !== 'object' || s.prices === null);
  if (prices >= 0) return `/certificate/stages/${prices}/prices is missing`;
  return null;
}
