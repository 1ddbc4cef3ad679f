/** How long a period is, and which phase of the response it is in. */
import { durationOf } from '../field/calendar.js';
import type { Scenario } from '../schema.js';
import { compare, type Fraction, fraction, over, plus, times } from './fraction.js';
import type { Phase } from './standards.js';

/** A month counts as 30 days, as in rations by the month. */
const MONTH_DAYS = 30;
const DAY_MS = 86_400_000;

/** Days of a period, exactly; a period of nothing is none. */
export function daysOf({ length = 'P1D' }: Scenario['periods']): Fraction {
  const { months, days, ms } = durationOf(length);
  return plus(fraction(MONTH_DAYS * months + days), over(fraction(ms), fraction(DAY_MS)));
}

/** The phase in which each period begins. */
export function phasesOf(periods: Scenario['periods'], phases: readonly Phase[]): Phase[] {
  const length = daysOf(periods);
  return Array.from({ length: periods.count }, (_, t) => {
    const begin = times(length, fraction(t));
    let end = fraction(0);
    for (const phase of phases) {
      if (phase.days === undefined) return phase;
      end = plus(end, fraction(phase.days));
      if (compare(begin, end) < 0) return phase;
    }
    return phases.at(-1)!;
  });
}
