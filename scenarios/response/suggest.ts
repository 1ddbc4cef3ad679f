/** The level that figures call for, and which of them do. */
import { number } from '../field/said.js';
import { english, type Text, wording } from '../wording.js';
import { DEFAULT_RULES, FIGURES, type Figure, type Figures, type Level, type Rule } from './rules.js';

export interface Suggestion {
  /** Null where no rule is reached. */
  level: Level | null;
  /** One line a figure that reaches the level: "dead: 81, level III from 50". */
  because: string[];
  /** Figures that nobody has given; they may call for more. */
  unknown: Figure[];
}

const NAMES: Record<Figure, Text> = {
  dead: wording`dead`,
  displaced: wording`displaced`,
  collapsedRooms: wording`collapsed rooms`,
  affectedShare: wording`share of people affected`,
};

export const FIGURE_NAMES = Object.fromEntries(FIGURES.map((f) => [f, english(NAMES[f])])) as Record<Figure, string>;

const reached = ({ from }: Rule, figures: Figures): Figure[] =>
  FIGURES.filter((f) => from[f] !== undefined && figures[f] !== undefined && figures[f] >= from[f]);

/** The highest rule of which any one figure is reached; rules from the lowest up. */
const dueRule = (figures: Figures, rules: readonly Rule[]): Rule | undefined =>
  rules.findLast((rule) => reached(rule, figures).length > 0);

/** `because` of the suggestion in parts. */
export function reasonsOf(figures: Figures, rules: readonly Rule[]): Text[] {
  const due = dueRule(figures, rules);
  if (!due) return [];
  return reached(due, figures).map(
    (f) => wording`${NAMES[f]}: ${number(figures[f]!)}, level ${due.level} from ${number(due.from[f]!)}`,
  );
}

export function suggestLevel(figures: Figures, rules: readonly Rule[] = DEFAULT_RULES): Suggestion {
  return {
    level: dueRule(figures, rules)?.level ?? null,
    because: reasonsOf(figures, rules).map(english),
    unknown: FIGURES.filter((f) => figures[f] === undefined && rules.some(({ from }) => from[f] !== undefined)),
  };
}
