/** What the page asks of a scenario again and again; plain arithmetic, no model of its own. */
import type { Scenario } from '../../../scenarios/schema.js';

export type { Scenario };
export type Region = Scenario['regions'][number];

export const nameOf = ({ id, name }: { id: string; name?: string }): string => name ?? id;

/** Names of everything that has one, by id. */
export function namesOf(scenario: Scenario): Map<string, string> {
  const all = [...scenario.resources, ...scenario.depots, ...(scenario.hubs ?? []), ...scenario.regions];
  return new Map(all.map((one) => [one.id, nameOf(one)]));
}

export const peopleOf = (scenario: Scenario): number =>
  scenario.regions.reduce((sum, { people = 0 }) => sum + people, 0);

/** α of the stage need; null where the policy has no such stage, has bands of its own, or is one of the others. */
export function alphaOf({ policy = 'balanced' }: Scenario): { alpha: number | null; bands: boolean } {
  if (policy === 'balanced') return { alpha: 2, bands: false };
  if (policy === 'proportional') return { alpha: 1, bands: false };
  if (policy === 'efficient') return { alpha: 0, bands: false };
  if (typeof policy === 'string') return { alpha: null, bands: false };
  const need = policy.find(({ stage }) => stage === 'need');
  if (need?.stage !== 'need') return { alpha: null, bands: false };
  return { alpha: need.alpha ?? (Array.isArray(need.bands) ? null : 2), bands: Array.isArray(need.bands) };
}

/** The policy with another α, all else as it is. */
export function withAlpha({ policy = 'balanced' }: Scenario, alpha: number): NonNullable<Scenario['policy']> {
  if (typeof policy === 'string') return [{ stage: 'floor' }, { stage: 'need', alpha }, { stage: 'cost' }];
  return policy.map((stage) => {
    if (stage.stage !== 'need') return stage;
    const { bands, ...rest } = stage;
    return { ...rest, alpha, ...(typeof bands === 'number' ? { bands } : {}) };
  });
}

/** "1-3, 5" as people count, from 1 → 0, 1, 2, 4. Null where it is no such list, or leaves the horizon. */
export function readPeriods(text: string, count: number): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(',').map((p) => p.trim())) {
    const [, first, last] = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(part) ?? [];
    if (first === undefined) return null;
    for (let period = Number(first); period <= Number(last ?? first); period++) {
      if (period < 1 || period > count) return null;
      found.add(period - 1);
    }
  }
  return [...found].sort((a, b) => a - b);
}
