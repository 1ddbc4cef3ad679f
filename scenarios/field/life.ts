/** Which reports count: those that no other one supersedes, and that still hold. */
import { digestOf } from '../digest.js';
import type { Scenario } from '../schema.js';
import { momentNumber } from './effects.js';
import { knownOf } from './known.js';
import type { VerifiedReport } from './report.js';

/**
 * The reports that count, each once, in ascending order of their digests. One that another of them supersedes is left out as a
 * whole, also where the other was superseded in turn.
 */
export function standing(verified: readonly VerifiedReport[]): { digest: string; verified: VerifiedReport }[] {
  const byDigest = new Map(verified.map((v) => [digestOf(v.report), v]));
  const gone = new Set(verified.map((v) => v.report.supersedes));
  return [...byDigest]
    .filter(([digest]) => !gone.has(digest))
    .map(([digest, v]) => ({ digest, verified: v }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/**
 * Whether what a report says is over by a period: then it changes nothing in that period or any later one. What it says of
 * goods and of people who stay is never over. The report must have been checked against the scenario.
 */
export function isOver({ report }: VerifiedReport, scenario: Scenario, period: number): boolean {
  if (report.kind !== 'obstacle' && report.kind !== 'need') return false;
  if (report.until === undefined || momentNumber(knownOf(scenario), report.until, true) > period) return false;
  return report.kind === 'obstacle' || !touchesDurables(report, scenario);
}

/** What fell due of a durable stays due. */
function touchesDurables(
  report: Extract<VerifiedReport['report'], { kind: 'need' }>,
  { resources }: Scenario,
): boolean {
  const durable = new Set(resources.filter((r) => r.kind === 'durable').map((r) => r.id));
  const { resource, resources: named } = report;
  if (resource !== undefined) return durable.has(resource);
  return named === undefined ? durable.size > 0 : named.some((id) => durable.has(id));
}
