/** Value, bound and gap of every stage from a plan and prices: what `allocate` states and `check` states again. */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import type { StageCertificate } from '../types.js';
import { type Prices, provenBound } from './bound.js';
import { readPrices } from './certificate.js';
import { type Decimal, decimal, format, plus, pow10 } from './exact.js';
import { floorTotal, maximandOf, type Plan, stageMaximands, statedValue } from './values.js';

export interface Evaluation {
  value: string;
  bound: string;
  gap: number;
}

/** Exact evaluation of every stage; faults where the prices are not what a certificate may hold. */
export function evaluate(
  network: Network,
  policy: Policy,
  plan: Plan,
  certificates: StageCertificate[],
): { stages: Evaluation[]; faults: string[] } {
  const faults: string[] = [];
  const values = stageMaximands(network, policy, plan).map((m, s) => statedValue(network, policy, s, m));
  // later stages promise to reach what is stated, digit by digit
  const reached = values.map((v, s) => maximandOf(network, policy, s, v));
  const stages = values.map((value, s): Evaluation => {
    const read = readPrices(network, policy, s, certificates[s]!);
    faults.push(...read.faults);
    if (read.faults.length) return { value: format(value), bound: '', gap: Number.POSITIVE_INFINITY };
    return evaluateStage(network, policy, s, value, read.prices, reached);
  });
  return { stages, faults };
}

function evaluateStage(
  network: Network,
  policy: Policy,
  s: number,
  value: Decimal,
  prices: Prices,
  reached: Decimal[],
): Evaluation {
  const maximand = provenBound(network, policy, s, prices, reached);
  const { stage } = policy.stages[s]!;
  const one = decimal(1);
  const bound = obvious(stage, statedValue(network, policy, s, maximand));
  const scale = stage === 'floor' ? floorTotal(network) : stage === 'need' || stage === 'cost' ? bound : one;
  return { value: format(value), bound: format(bound), gap: relativeGap(value, bound, scale) };
}

/** No shortfall and no cost is below zero, no coverage above one, whatever the prices say. */
function obvious(stage: string, bound: Decimal): Decimal {
  if (stage === 'floor' || stage === 'cost') return bound.units < 0n ? decimal(0) : bound;
  return stage === 'maxmin' && bound.units > pow10(bound.scale) ? decimal(1) : bound;
}

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
