/** The stage `stay` (MODEL.md): what a plan changes of the plan before, and which stages may pay for changing less. */
import type { Network } from './network.js';
import type { Policy } from './policy.js';

/** Whether a policy's stage `s` is `stay` and there is a plan to stay with: else every plan is as good. */
export const stays = ({ planned }: Pick<Network, 'planned'>, policy: Policy, s: number): boolean =>
  planned !== null && policy.stages[s]!.stage === 'stay';

/**
 * By stage: whether it may fall below its optimum by all of its tolerance, as a later stage stays with the plan before. Of `leximin`
 * every pair keeps what it has.
 */
export function grantedStages(network: Pick<Network, 'planned'>, policy: Policy): boolean[] {
  const last = policy.stages.findLastIndex((_, s) => stays(network, policy, s));
  return policy.stages.map(({ stage }, s) => s < last && stage !== 'leximin');
}

/** The largest gap of the stages, those left aside that the policy gave up on purpose. */
export function provenGap(
  network: Pick<Network, 'planned'>,
  policy: Policy,
  stages: readonly { gap: number }[],
): number {
  const granted = grantedStages(network, policy);
  return stages.reduce((most, { gap }, s) => Math.max(most, granted[s] ? gap - policy.stages[s]!.tolerance : gap), 0);
}
