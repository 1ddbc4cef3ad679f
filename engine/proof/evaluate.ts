/** Value, bound and gap of every stage from a plan and prices: what `allocate` states and `check` states again. */
import type { Network } from '../network.js';
import type { Policy } from '../policy.js';
import type { LevelResult, StageCertificate } from '../types.js';
import { type Prices, provenBound } from './bound.js';
import { readPrices } from './certificate.js';
import { type Decimal, decimal, format, pow10 } from './exact.js';
import { relativeGap } from './gap.js';
import { evaluateLevels } from './levels.js';
import { floorTotal, maximandOf, type Plan, pairTotals, stageMaximands, statedValue } from './values.js';

export interface Evaluation {
  value: string;
  bound: string;
  gap: number;
  /** Of `leximin`. */
  levels?: LevelResult[];
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
  const has = pairTotals(network, plan);
  const stages = values.map((value, s): Evaluation => {
    if (policy.stages[s]!.stage === 'leximin') {
      const { levels, faults: found } = evaluateLevels(network, policy, s, plan, certificates[s]!, reached, has);
      faults.push(...found);
      const first = levels[0];
      const gap = found.length ? Number.POSITIVE_INFINITY : Math.max(0, ...levels.map((l) => l.gap));
      return { value: format(value), bound: first?.bound ?? format(value), gap, levels };
    }
    const read = readPrices(network, policy, s, certificates[s]!);
    faults.push(...read.faults);
    if (read.faults.length) return { value: format(value), bound: '', gap: Number.POSITIVE_INFINITY };
    return evaluateStage(network, policy, s, value, read.prices, reached, has);
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
  has: Float64Array,
): Evaluation {
  const maximand = provenBound(network, policy, s, prices, reached, has);
  const { stage } = policy.stages[s]!;
  const one = decimal(1);
  const bound = obvious(stage, statedValue(network, policy, s, maximand));
  const scale = scaleOf();
  return { value: format(value), bound: format(bound), gap: relativeGap(value, bound, scale) };

  function scaleOf(): Decimal {
    if (stage === 'floor') return floorTotal(network);
    if (stage === 'stay') return network.planned?.tonnes.units ? network.planned.tonnes : one;
    return stage === 'need' || stage === 'cost' ? bound : one;
  }
}

/** No shortfall, no cost and no change is below zero, no coverage above one, whatever the prices say. */
function obvious(stage: string, bound: Decimal): Decimal {
  if (stage === 'floor' || stage === 'cost' || stage === 'stay') return bound.units < 0n ? decimal(0) : bound;
  return stage === 'maxmin' && bound.units > pow10(bound.scale) ? decimal(1) : bound;
}
