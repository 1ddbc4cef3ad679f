/** What a scenario says of its response level, for people and for programs. */
import { complete } from '../complete.js';
import type { Scenario } from '../schema.js';
import { highestGiving } from './gate.js';
import type { CompleteResponse } from './lock.js';
import { type Figure, type Figures, type Level, type Rule, rulesOf } from './rules.js';
import { suggestLevel } from './suggest.js';

export interface LevelView {
  /** Declared; null where none is. */
  level: Level | null;
  suggested: Level | null;
  because: string[];
  unknown: Figure[];
  figures: Figures;
  /** The table, with the tier that each level unlocks; without one where no depot has a tier. */
  rules: Rule[];
  /** False where the scenario has no `response`: then every depot gives. */
  gated: boolean;
  open: string[];
  locked: CompleteResponse['locked'];
}

/** Of a checked scenario. Throws ScenarioError where it has no `response` and the order of its tiers is not known. */
export function levelOf(scenario: Scenario): LevelView {
  const { response } = scenario;
  const asked: Scenario = response ? scenario : { ...scenario, response: { level: null } };
  const rules = rulesOf(response);
  const figures = response?.figures ?? {};
  const { level: suggested, because, unknown } = suggestLevel(figures, rules);
  const gate = complete(asked).response!;
  const gated = response !== undefined;
  return {
    level: gate.level,
    ...{ suggested, because, unknown, figures },
    rules: rules.map((rule) => {
      const unlocks = highestGiving(asked, rule.level);
      return unlocks === null ? rule : { ...rule, unlocks };
    }),
    gated,
    open: gated ? gate.open : [...gate.open, ...gate.locked.map(({ tier }) => tier)],
    locked: gated ? gate.locked : [],
  };
}
