/** What an entry says of a scenario or an allocation, recomputed alike by the writer and by every verifier. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { canonicalBytes } from './canonical.js';
import { blobDigest, valueDigest } from './digest.js';
import type { AllocationBody, ScenarioBody } from './entry.js';

export type AllocationFacts = Pick<AllocationBody, 'policy' | 'plan' | 'certificate' | 'stages' | 'solver'>;

/** Facts of a scenario that name no person. The quorum is among them, as an adoption must be judged where its content is forgotten. */
export function scenarioFacts(scenario: Scenario): Omit<ScenarioBody, 'scenario'> {
  const { id, periods, regions, resources, adoption } = scenario;
  const facts = { id, periods: periods.count, regions: regions.length, resources: resources.length };
  return adoption === undefined ? facts : { ...facts, quorum: adoption.quorum };
}

/** Plan and certificate are hashed under the salt of the allocation's blob; the policy is no secret. */
export function allocationFacts(allocation: Allocation, salt: Uint8Array): AllocationFacts {
  const { policy, shipments, use, certificate, stages, solver } = allocation;
  return {
    policy: valueDigest(policy),
    plan: blobDigest(salt, canonicalBytes({ shipments, use })),
    certificate: blobDigest(salt, canonicalBytes(certificate)),
    stages: stages.map(({ stage, value, bound, gap }) => ({ stage, value, bound, gap: decimal(gap) })),
    solver: { name: solver.name, version: solver.version },
  };
}

/** A finite number as a plain decimal: JavaScript's shortest digits, with no exponent. */
export function decimal(x: number): string {
  const [mantissa = '', exponent] = String(x).split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
