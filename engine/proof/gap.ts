/** The relative gap between what a plan reaches and what no plan can better. */
import { type Decimal, format, plus, pow10 } from './exact.js';

/** Significant digits of a gap. */
const DIGITS = 6;

/** |value − bound| ÷ |scale| rounded up to six digits; 0 where they agree, 1 where the scale is zero and they do not. */
export function relativeGap(value: Decimal, bound: Decimal, scale: Decimal): number {
  const difference = absolute(plus(value, { units: -bound.units, scale: bound.scale }));
  if (difference.units === 0n) return 0;
  const whole = absolute(scale);
  if (whole.units === 0n) return 1;
  const common = Math.max(difference.scale, whole.scale);
  const numerator = difference.units * pow10(common - difference.scale);
  const denominator = whole.units * pow10(common - whole.scale);
  // shift so that the quotient has at least six digits, then round its sixth up
  const shift = Math.max(0, DIGITS + denominator.toString().length - numerator.toString().length + 1);
  const quotient = (numerator * pow10(shift) + denominator - 1n) / denominator;
  const drop = pow10(Math.max(0, quotient.toString().length - DIGITS));
  const rounded = ((quotient + drop - 1n) / drop) * drop;
  return Number(format({ units: rounded, scale: shift }));
}

const absolute = (d: Decimal): Decimal => ({ units: d.units < 0n ? -d.units : d.units, scale: d.scale });
