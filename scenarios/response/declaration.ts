/** A level is declared: the scenario with that level, and the document that says who declared it, why, and what the figures suggest. */
import { z } from 'zod';
import { checkScenario } from '../check.js';
import { sameJson, scenarioDigest } from '../digest.js';
import { type Fault, fault, MOST_TOLD, prefaced, show } from '../faults.js';
import type { Scenario } from '../schema.js';
import { semicolons, type Text, wording } from '../wording.js';
import { highestGiving } from './gate.js';
import { figures as figuresSchema, type Level, level as levelSchema, type Rule, rule, rulesOf } from './rules.js';
import { reasonsOf, suggestLevel } from './suggest.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
// More than blanks, and writable as UTF-8.
const words = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cs}*[^\s\p{Cs}]\P{Cs}*$/u, 'must not be empty');

/** What whoever declares says. */
export const declarationWords = {
  level: levelSchema.nullable().describe('the level declared; null ends the response'),
  by: words(200).describe('who declares it: an office, not a person'),
  why: words(4000).describe('why; where the figures suggest another level, it names that level (or none)'),
};

/** Strict. `because` and `suggested` follow from figures and rules; `rule` is that of the level, with the tier that it unlocks. */
export const declarationSchema = z.strictObject({
  declaration: z.literal(1),
  parent: digest.describe('digest of the scenario that the level is declared for'),
  scenario: digest.describe('digest of the scenario with that level and these figures'),
  ...declarationWords,
  suggested: levelSchema.nullable().describe('the level that the figures call for'),
  because: z.array(z.string()),
  figures: figuresSchema,
  rule: rule.nullable().describe('the rule of the level; null where it ends'),
});
export type Declaration = z.infer<typeof declarationSchema>;

export interface Asked {
  level: Level | null;
  by: string;
  why: string;
  /** They stand in the place of those of the scenario; the others stay. */
  figures?: z.infer<typeof figuresSchema> | undefined;
}

export type Declared = { ok: true; declaration: Declaration; scenario: Scenario } | { ok: false; faults: Fault[] };

/** As `why` has to name it, whatever the language. */
export const levelName = (level: Level | null): string => level ?? 'none';

const levelSaid = (level: Level | null): Text => level ?? wording`none`;

/** Compiles a declaration for a checked scenario; all faults at once. */
export function declareLevel(parent: Scenario, { level, by, why, figures = {} }: Asked): Declared {
  const known = { ...parent.response?.figures, ...figures };
  const { figures: _, ...rest } = parent.response ?? {};
  const response = { ...rest, level, ...(Object.keys(known).length > 0 ? { figures: known } : {}) };
  const scenario: Scenario = { ...parent, response };
  const rules = rulesOf(response);
  const { level: suggested, because } = suggestLevel(known, rules);
  const faults: Fault[] = [];
  if (level !== suggested && !names(why, levelName(suggested)))
    faults.push(unexplained(why, level, suggested, reasonsOf(known, rules)));
  const checked = checkScenario(scenario, MOST_TOLD);
  if (!checked.ok)
    faults.push(
      ...checked.faults.map((f) => prefaced(f, (message) => wording`With level ${levelSaid(level)}: ${message}`)),
    );
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    scenario,
    declaration: {
      declaration: 1,
      parent: scenarioDigest(parent),
      scenario: scenarioDigest(scenario),
      ...{ level, by, why, suggested, because, figures: known },
      rule: level === null ? null : ruleAt(scenario, level),
    },
  };
}

/** The rule of a level, with the tier that it unlocks written out where any depot has one. */
function ruleAt(scenario: Scenario, level: Level): Rule {
  // the check has seen that there is one
  const found = rulesOf(scenario.response).find((r) => r.level === level)!;
  const unlocks = highestGiving(scenario, level);
  return unlocks === null ? found : { ...found, unlocks };
}

/** Whether a text names a level, as a word of its own: III does not name II. */
const names = (text: string, level: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${level}(?![\\p{L}\\p{N}])`, 'u').test(text);

function unexplained(why: string, level: Level | null, suggested: Level | null, because: readonly Text[]): Fault {
  const what = wording`does not say why the level is ${levelSaid(level)} where the figures suggest ${levelSaid(suggested)}`;
  return fault(
    ['why'],
    show(why),
    because.length > 0 ? wording`${what} (${semicolons(because)})` : what,
    wording`name ${levelName(suggested)} and say why it is not declared, or declare it`,
  );
}

/** All that a stated declaration says otherwise than its parent, its rules and its figures make it; empty where it holds. */
export function declarationFaults(stated: unknown, parent: Scenario): string[] {
  const read = declarationSchema.safeParse(stated);
  if (!read.success)
    return [
      `the declaration is not as its format has it: /${read.error.issues[0]?.path.join('/')}: ${read.error.issues[0]?.message}`,
    ];
  const { data } = read;
  const made = declareLevel(parent, data);
  if (!made.ok) return made.faults.map(({ message }) => message);
  const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return (Object.keys(made.declaration) as (keyof Declaration)[]).flatMap((field) => {
    const [is, states] = [made.declaration[field], data[field]];
    return sameJson(is, states)
      ? []
      : [`its ${field} is ${said(states)}; the scenario, its rules and the figures make it ${said(is)}`];
  });
}
