/** The release gate: whose depots give at the level that was declared. Own stock first, then the tier above, one tier a level. */
import type { Scenario } from '../schema.js';
import { type Tier, tiersOf } from '../tiers.js';
import { DEFAULT_RULES, LEVELS, type Level } from './rules.js';

export interface Gate {
  level: Level | null;
  /** Tiers that give and tiers that are locked, the lowest first; a depot without a tier always gives. */
  open: string[];
  locked: string[];
  /** Ids of depots that give nothing. */
  depots: ReadonlySet<string>;
}

/** Null where the scenario has no `response`: then every depot gives. */
export function releaseGate(scenario: Scenario): Gate | null {
  const { response } = scenario;
  if (!response) return null;
  const tiers = tiersOf(scenario).map((tier: Tier) => tier.id);
  const having = tiers.filter((tier) => scenario.depots.some((d) => d.tier === tier));
  const level = response.level ?? null;
  const highest = unlocked(having, tiers, level, response.rules ?? DEFAULT_RULES);
  const open = having.filter((tier) => tiers.indexOf(tier) <= highest);
  const locked = having.filter((tier) => tiers.indexOf(tier) > highest);
  const depots = scenario.depots.filter((d) => d.tier !== undefined && locked.includes(d.tier)).map((d) => d.id);
  return { level, open, locked, depots: new Set(depots) };
}

/** Position in `tiers` of the highest tier that gives. */
function unlocked(
  having: readonly string[],
  tiers: readonly string[],
  level: Level | null,
  rules: NonNullable<NonNullable<Scenario['response']>['rules']> | typeof DEFAULT_RULES,
): number {
  const named = rules.find((rule) => rule.level === level)?.unlocks;
  if (named !== undefined) return tiers.indexOf(named);
  const more = level === null ? 0 : LEVELS.indexOf(level) + 1;
  const last = level === 'I' ? having.length - 1 : Math.min(having.length - 1, more);
  return last < 0 ? -1 : tiers.indexOf(having[last]!);
}
