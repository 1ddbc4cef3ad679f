/** The plans that have followed each other, and what became of their consignments. */
import { type PlanInForce, type Variance, varianceOf } from '../../engine/index.js';
import { scenarioDigest } from '../../scenarios/index.js';
import type { LocalLedger } from '../ledger/index.js';
import { amendmentsTo, planInForce } from '../replanning.js';

/** Plans in force up to this one, the first first; as far back as the record goes. */
export async function courseOf(ledger: LocalLedger, allocation: string): Promise<PlanInForce[]> {
  const course: PlanInForce[] = [];
  for (let at: string | undefined = allocation; at !== undefined; ) {
    const plan: PlanInForce = await planInForce(ledger, at);
    course.unshift(plan);
    at = plan.scenario.after?.allocation;
    if (at !== undefined && !(await ledger.allocation(at))) break;
  }
  return course;
}

/**
 * Allocated against shipped, held, returned and delivered, of all that should have left before `period` (default: where the plan
 * begins). `scenario` names the one as it is known now, whose amendments hold the deliveries (default: the plan's own).
 */
export async function varianceOfPlan(
  ledger: LocalLedger,
  allocation: string,
  { period, scenario }: { period?: number | undefined; scenario?: string | undefined } = {},
): Promise<Variance> {
  const course = await courseOf(ledger, allocation);
  const last = course.at(-1)!.scenario;
  const chain = await amendmentsTo(ledger, scenario ?? last.after?.base ?? scenarioDigest(last));
  const deliveries = chain.flatMap(({ amendment }) => amendment.deliveries);
  return varianceOf(course, deliveries, period ?? last.after?.period ?? 0);
}
