/** A recorded explanation against the plan and the scenario that it is of. */
import type { Allocation } from '../../engine/types.js';
import { fromUtf8 } from './bytes.js';
import { blobDigest, contentDigest } from './digest.js';
import type { ExplanationBody } from './entry.js';
import { type Contents, scenarioOf } from './known.js';
import { messageOf } from './messages.js';
import type { ExplanationDocument } from './types.js';
import type { HeldBlob, Report } from './verify.js';

/** That an explanation is of the allocation that its entry names, and what can be checked of it without solving again. */
export async function checkExplained(
  contents: Contents,
  body: ExplanationBody,
  blob: HeldBlob,
  seq: number,
  report: Report,
): Promise<void> {
  try {
    // Its digest was checked: the writer vouches for the type, and what is used is compared or checked.
    const document = JSON.parse(fromUtf8(blob.bytes)) as ExplanationDocument;
    const about = 'bottlenecks' in document ? 'bottlenecks' : 'explanation';
    if (about !== body.about) report(seq, 'binding', `entry ${seq} calls ${about} ${body.about}`);
    const plan = await contents.evidence.blob(body.allocation);
    if (!plan || blobDigest(plan.salt, plan.bytes) !== body.allocation) return;
    if (contentDigest(plan.bytes) !== document.allocation)
      report(
        seq,
        'binding',
        `the explanation of entry ${seq} is of another allocation than entry ${body.allocationSeq}`,
      );
    const named = contents.plans.get(body.allocation);
    // -1 where the allocation named a scenario that is not on the record, which was reported with it
    const scenario =
      named === undefined || named < 0 ? undefined : await scenarioOf(contents, contents.named.digestAt(named));
    if (!scenario || !contents.checks.checkExplanation) return;
    const allocation = JSON.parse(fromUtf8(plan.bytes)) as Allocation;
    const { ok, faults } = contents.checks.checkExplanation(document, allocation, scenario.scenario);
    if (!ok) report(seq, 'certificate', `the explanation of entry ${seq} does not hold: ${faults.join('; ')}`);
  } catch (error) {
    report(seq, 'certificate', `the explanation of entry ${seq} cannot be checked: ${messageOf(error)}`);
  }
}
