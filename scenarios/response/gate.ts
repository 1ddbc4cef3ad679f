/**
 * The release gate: whose depots give at the level that was declared. Own stock first, then the tier above: the lowest tier that
 * has depots always gives, each level adds tiers, and none takes away what a lower one gave.
 */
import { ScenarioError } from '../faults.js';
import type { Scenario } from '../schema.js';
import { tiersOf } from '../tiers.js';
import { LEVELS, type Level, type Rule, rulesOf } from './rules.js';

export interface LockedTier {
  tier: string;
  /** Ids of its depots. */
  depots: string[];
  /** The lowest level of the table that releases it; null where none does. */
  from: Level | null;
}

export interface Gate {
  level: Level | null;
  /** Tiers with depots that give, the lowest first; a depot without a tier always gives. */
  open: string[];
  locked: LockedTier[];
}

/** Null where a scenario has no `response`: then every depot gives. The scenario must have been checked. */
export function releaseGate(scenario: Scenario): Gate | null {
  const { response } = scenario;
  if (!response) return null;
  const tiers = tierNames(scenario);
  const rules = rulesOf(response);
  const level = response.level ?? null;
  const having = havingDepots(scenario, tiers);
  const gives = (at: Level | null) => unlocked(at, rules, tiers, having);
  const open = having.filter((tier) => tiers.indexOf(tier) <= gives(level));
  return {
    level,
    open,
    locked: having.slice(open.length).map((tier) => ({
      tier,
      depots: scenario.depots.filter((d) => d.tier === tier).map((d) => d.id),
      from: rules.find((rule) => gives(rule.level) >= tiers.indexOf(tier))?.level ?? null,
    })),
  };
}

/** The highest tier that gives at a level, by its id; null where no depot has a tier. */
export function highestGiving(scenario: Scenario, level: Level | null): string | null {
  const tiers = tierNames(scenario);
  return tiers[unlocked(level, rulesOf(scenario.response), tiers, havingDepots(scenario, tiers))] ?? null;
}

function tierNames(scenario: Scenario): string[] {
  const found = tiersOf(scenario);
  if (!found.ok) throw new ScenarioError(found.faults);
  return found.tiers.map(({ id }) => id);
}

const havingDepots = ({ depots }: Scenario, tiers: readonly string[]): string[] =>
  tiers.filter((tier) => depots.some((d) => d.tier === tier));

/** Position in `tiers` of the highest tier that gives; −1 where none has depots. */
function unlocked(
  level: Level | null,
  rules: readonly Rule[],
  tiers: readonly string[],
  having: readonly string[],
): number {
  const at = (n: number) => tiers.indexOf(having[Math.min(n, having.length - 1)] ?? '');
  const declared = level === null ? -1 : LEVELS.indexOf(level);
  const steps = rules
    .filter((rule) => LEVELS.indexOf(rule.level) <= declared)
    .map(({ level, unlocks }) => {
      if (unlocks !== undefined) return tiers.indexOf(unlocks);
      return at(level === 'I' ? having.length : LEVELS.indexOf(level) + 1);
    });
  return Math.max(at(0), ...steps);
}
