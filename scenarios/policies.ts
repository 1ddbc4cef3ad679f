/** The named policies and the defaults of a stage (MODEL.md: stages of a policy). */
import type { Band, PolicyName, Stage } from './stages.js';

/** A stage with nothing left out; `alpha` is null where the bands are given one by one. */
export type CompleteStage =
  | { stage: 'floor' | 'maxmin' | 'leximin' | 'cost' | 'stay'; tolerance: number }
  | { stage: 'need'; alpha: number; bands: number; costWeight: number; tolerance: number }
  | { stage: 'need'; alpha: null; bands: Band[]; costWeight: number; tolerance: number };

const DEFAULT_TOLERANCE = 1e-6;
const DEFAULT_ALPHA = 2;
const DEFAULT_BANDS = 10;

const byAlpha = (alpha: number): Stage[] => [{ stage: 'floor' }, { stage: 'need', alpha }, { stage: 'cost' }];

const named: Record<PolicyName, () => Stage[]> = {
  efficient: () => byAlpha(0),
  balanced: () => byAlpha(2),
  proportional: () => byAlpha(1),
  equal: () => [{ stage: 'floor' }, { stage: 'leximin' }, { stage: 'cost' }],
};

/** The stages behind a policy, as a new list: those of a name, a list itself (`custom`), `balanced` when absent. */
export function policyStages(policy: PolicyName | readonly Stage[] | undefined): {
  name: PolicyName | 'custom';
  stages: Stage[];
} {
  if (policy === undefined) return { name: 'balanced', stages: named.balanced() };
  if (typeof policy === 'string') return { name: policy, stages: named[policy]() };
  return { name: 'custom', stages: [...policy] };
}

/** One stage with its defaults: tolerance 1e-6, alpha 2 in 10 equal bands, costWeight 0. */
export function completeStage(stage: Stage): CompleteStage {
  const tolerance = stage.tolerance ?? DEFAULT_TOLERANCE;
  if (stage.stage !== 'need') return { stage: stage.stage, tolerance };
  const costWeight = stage.costWeight ?? 0;
  if (typeof stage.bands === 'object') return { stage: 'need', alpha: null, bands: stage.bands, costWeight, tolerance };
  const alpha = stage.alpha ?? DEFAULT_ALPHA;
  return { stage: 'need', alpha, bands: stage.bands ?? DEFAULT_BANDS, costWeight, tolerance };
}
