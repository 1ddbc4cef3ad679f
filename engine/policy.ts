/** Policy → what the stages share: one refinement of coverage into bands, and a slope a band for each `need` stage. */
import { type CompleteStage, completeStage, policyStages } from '../scenarios/index.js';
import { wording } from '../scenarios/wording.js';
import { utilityBands } from './bands.js';
import { AllocateError } from './errors.js';
import { type Decimal, decimal, type Fixed, fixed, toNumber } from './proof/exact.js';
import type { PolicyName, Stage } from './types.js';

export interface Policy {
  name: PolicyName | 'custom';
  /** As written. */
  written: Stage[];
  stages: CompleteStage[];
  bands: Bands;
  /** Per stage, need points that one unit of currency costs on it: `costWeight` for `need`, 1 for `cost`, else 0. */
  costWeight: Decimal[];
  approxCostWeight: number[];
}

/** Common bands of all `need` stages: band b has width `widths[b]` ÷ `denominator` of coverage. */
export interface Bands {
  denominator: bigint;
  widths: bigint[];
  /** Per stage of the policy; empty for stages that are no `need`. One scale for all. */
  slopes: Fixed[];
  /** The same as doubles, widths as shares of coverage. */
  approx: { widths: number[]; slopes: number[][] };
}

/** A slope beyond this cannot be told from the others in double precision, so no solver of ours would see them. */
const STEEPEST = 1e12;

/** The stages of a policy given by name or by list. Throws AllocateError 'unsupported' for more than one stage `leximin`. */
export function compilePolicy(policy: PolicyName | Stage[] | undefined): Policy {
  const { name, stages: written } = policyStages(policy);
  const stages = written.map(completeStage);
  if (stages.filter((s) => s.stage === 'leximin').length > 1)
    throw new AllocateError(
      'unsupported',
      wording`the policy has the stage 'leximin' more than once: the first leaves nothing to the second`,
    );
  const weights = stages.map(costWeight);
  return {
    name,
    written,
    stages,
    bands: refine(stages),
    costWeight: weights,
    approxCostWeight: weights.map(toNumber),
  };
}

function costWeight(stage: CompleteStage): Decimal {
  if (stage.stage === 'cost') return decimal(1);
  return stage.stage === 'need' ? decimal(stage.costWeight) : decimal(0);
}

/** Cuts coverage at every limit of every `need` stage and joins neighbours that no stage tells apart. */
function refine(stages: CompleteStage[]): Bands {
  const utilities = stages.map((s) => (s.stage === 'need' ? utilityBands(s) : []));
  const limits = utilities.flat().map((b) => b.upTo);
  const denominator = limits.reduce((d, l) => (d * l.denominator) / gcd(d, l.denominator), 1n);
  const cuts = [...new Set([...limits.map((l) => (l.numerator * denominator) / l.denominator), denominator])];
  cuts.sort((a, b) => (a < b ? -1 : 1));

  const slopesAt = (cut: bigint) =>
    utilities.map((bands) => bands.find((b) => b.upTo.numerator * denominator >= cut * b.upTo.denominator)?.slope);
  const widths: bigint[] = [];
  const columns: (Decimal | undefined)[][] = [];
  let from = 0n;
  for (const cut of cuts) {
    const slopes = slopesAt(cut);
    const last = columns.at(-1);
    if (last?.every((s, i) => s?.units === slopes[i]?.units && s?.scale === slopes[i]?.scale))
      widths[widths.length - 1]! += cut - from;
    else {
      widths.push(cut - from);
      columns.push(slopes);
    }
    from = cut;
  }

  const zero = decimal(0);
  const all = fixed(columns.flat().map((s) => s ?? zero));
  if (all.units.some((units) => toNumber({ units, scale: all.scale }) > STEEPEST))
    throw new AllocateError('unsupported', wording`alpha and bands give slopes above ${STEEPEST}: lower one of them`);
  const slopes = stages.map((s, i) => ({
    scale: all.scale,
    units: s.stage === 'need' ? columns.map((_, b) => all.units[b * stages.length + i]!) : [],
  }));
  const approx = {
    widths: widths.map((w) => Number(w) / Number(denominator)),
    slopes: slopes.map((f) => f.units.map((units) => toNumber({ units, scale: f.scale }))),
  };
  return { denominator, widths, slopes, approx };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
