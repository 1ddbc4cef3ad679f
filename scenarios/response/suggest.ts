/** The level that figures call for, and which of them do. */
import { number } from '../field/said.js';
import { DEFAULT_RULES, FIGURES, type Figure, type Figures, type Level, type Rule } from './rules.js';

export interface Suggestion {
  /** Null where no rule is reached. */
  level: Level | null;
  /** One line a figure that reaches the level: "dead: 81, level III from 50". */
  because: string[];
  /** Figures that nobody has given; they may call for more. */
  unknown: Figure[];
}

export const FIGURE_NAMES: Record<Figure, string> = {
  dead: 'dead',
  displaced: 'displaced',
  collapsedRooms: 'collapsed rooms',
  affectedShare: 'share of people affected',
};

/** The highest rule of which any one figure is reached; rules from the lowest up. */
export function suggestLevel(figures: Figures, rules: readonly Rule[] = DEFAULT_RULES): Suggestion {
  const reached = ({ from }: Rule) =>
    FIGURES.filter((f) => from[f] !== undefined && figures[f] !== undefined && figures[f] >= from[f]);
  const due = rules.findLast((rule) => reached(rule).length > 0);
  return {
    level: due?.level ?? null,
    because: due
      ? reached(due).map(
          (f) => `${FIGURE_NAMES[f]}: ${number(figures[f]!)}, level ${due.level} from ${number(due.from[f]!)}`,
        )
      : [],
    unknown: FIGURES.filter((f) => figures[f] === undefined && rules.some(({ from }) => from[f] !== undefined)),
  };
}
