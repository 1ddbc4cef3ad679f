/** A recorded plan against its entry's facts, its scenario, its certificate and its twin; and whether an adoption is of that plan. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { fromUtf8 } from './bytes.js';
import { contentDigest, valueDigest } from './digest.js';
import type { AdoptionBody, AllocationBody } from './entry.js';
import { allocationFacts } from './facts.js';
import { type Contents, scenarioOf } from './known.js';
import { messageOf } from './messages.js';
import type { HeldBlob, Report } from './verify.js';

export async function checkPlan(
  contents: Contents,
  body: AllocationBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // Its digest was checked: the writer vouches for the type, and every property used is compared or checked.
    const allocation = JSON.parse(fromUtf8(blob.bytes)) as Allocation;
    const { policy, plan, certificate, stages, solver } = body;
    const facts = allocationFacts(allocation, blob.salt);
    if (valueDigest(facts) !== valueDigest({ policy, plan, certificate, stages, solver }))
      report(seq, 'binding', `entry ${seq} states other facts than the allocation that it records`);
    const scenario = await scenarioOf(contents, body.scenario);
    if (!scenario) return;
    if (scenario.content !== allocation.scenario.digest)
      report(
        seq,
        'binding',
        `the allocation of entry ${seq} was made for another scenario than entry ${body.scenarioSeq}`,
      );
    if (!contents.checks.checkAllocation) return;
    const { ok, faults } = await contents.checks.checkAllocation(allocation, scenario.scenario);
    if (!ok) return report(seq, 'certificate', `the certificate of entry ${seq} does not hold: ${faults.join('; ')}`);
    contents.certificates++;
    checkPrice(contents, allocation, scenario.scenario, contentDigest(blob.bytes), seq, report);
  } catch (error) {
    report(seq, 'certificate', `the allocation of entry ${seq} cannot be checked: ${messageOf(error)}`);
  }
}

/** The price of fairness that an allocation states, against the twin it names, which comes before it. */
function checkPrice(
  { checks, twins, absent }: Contents,
  allocation: Allocation,
  scenario: Scenario,
  content: string,
  seq: number,
  report: Report,
): void {
  const { checkTwin } = checks;
  if (!checkTwin) return;
  const named = allocation.priceOfFairness?.twin;
  if (typeof named === 'string') {
    const twin = twins.get(named);
    // one that was forgotten cannot be told from one that never was
    if (twin === undefined && absent.length === 0)
      report(seq, 'binding', `entry ${seq} names the efficient twin ${named}, which is not on the record before it`);
    const faults = twin === undefined ? [] : checkTwin.faults(allocation, twin);
    if (faults.length) report(seq, 'binding', `entry ${seq} and its efficient twin disagree: ${faults.join('; ')}`);
  }
  twins.set(content, checkTwin.facts(allocation, scenario));
}

/** Who signs an adoption knows a plan by its content digest, and says so beside who and why: it is the plan of the entry. */
export async function checkAdopted(
  { evidence }: Contents,
  body: AdoptionBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    const { allocation } = Object(JSON.parse(fromUtf8(blob.bytes)));
    const plan = allocation === undefined ? undefined : await evidence.blob(body.allocation);
    if (plan && contentDigest(plan.bytes) !== allocation)
      report(seq, 'binding', `entry ${seq} adopts ${allocation}, which is not the plan of entry ${body.allocationSeq}`);
  } catch (error) {
    report(seq, 'binding', `the adoption of entry ${seq} cannot be read: ${messageOf(error)}`);
  }
}
