/**
 * The equity dial (MODEL.md: stages of a policy): the same policy at another α, or at its end, `leximin`. A policy has one seat for
 * the dial, where its first `need`, `maxmin` or `leximin` stands; all other stages stay as they are.
 */
import { checkScenario } from './check.js';
import { sameJson } from './digest.js';
import { ScenarioError } from './faults.js';
import { policyStages } from './policies.js';
import type { Scenario } from './schema.js';
import type { Band, PolicyName, Stage } from './stages.js';

/** α ≥ 0 of the stage `need`, or its end: the stage `leximin`. */
export type Dial = number | 'leximin';

type Need = Extract<Stage, { stage: 'need' }>;

/** Stages that say who comes first. `floor` is not one of them: what everybody is due stays due at every dial. */
const isSeat = ({ stage }: Stage): boolean => stage === 'need' || stage === 'maxmin' || stage === 'leximin';

const NAMES: readonly PolicyName[] = ['efficient', 'balanced', 'proportional', 'equal'];

/**
 * A policy with its dial turned; by name where a named policy has just these stages. A `need` keeps its costWeight, tolerance and
 * number of bands; explicit bands keep their limits, are continued to full coverage, and get the slope c^−α at the middle c of each,
 * which is the law of equal bands too. `leximin` knows no money, so where a costWeight goes and no stage `cost` follows, one is added.
 */
export function turnDial(policy: PolicyName | readonly Stage[] | undefined, dial: Dial): PolicyName | Stage[] {
  const { stages } = policyStages(policy);
  const need = stages.find((s): s is Need => s.stage === 'need');
  const rest = stages.filter((s) => !isSeat(s));
  const seat = dial === 'leximin' ? ({ stage: 'leximin' } as const) : needAt(need ?? { stage: 'need' }, dial);
  const at = placeOf(stages);
  const turned = [...rest.slice(0, at), seat, ...rest.slice(at)];
  const paid = rest.some((s) => s.stage === 'cost');
  if (dial === 'leximin' && (need?.costWeight ?? 0) > 0 && !paid) turned.push({ stage: 'cost' });
  return NAMES.find((name) => sameJson(policyStages(name).stages, turned)) ?? turned;
}

/** How many of the other stages come before the seat: those before it as written, else all up to the first `cost` or `stay`. */
function placeOf(stages: readonly Stage[]): number {
  const seat = stages.findIndex(isSeat);
  if (seat >= 0) return seat;
  const cost = stages.findIndex((s) => s.stage === 'cost' || s.stage === 'stay');
  return cost >= 0 ? cost : stages.length;
}

/** Digits of a slope that is written out: as many as the cases in library/ have. */
const DIGITS = 4;

function needAt({ bands, alpha: _, ...kept }: Need, alpha: number): Need {
  if (typeof bands !== 'object') return { ...kept, alpha, ...(bands === undefined ? {} : { bands }) };
  // every band has slope 1
  if (alpha === 0) return { ...kept, alpha };
  const limits = bands.map((b) => b.upTo);
  if (limits.at(-1)! < 1) limits.push(1);
  const sloped = limits.map((upTo, b): Band => {
    const middle = ((limits[b - 1] ?? 0) + upTo) / 2;
    return { upTo, value: Number((middle ** -alpha).toPrecision(DIGITS)) };
  });
  return { ...kept, bands: sloped };
}

/** The least scenario there can be, to hold a policy up to the checks. */
const LEAST: Scenario = {
  evenhand: 1,
  id: 'policy',
  periods: { count: 1 },
  resources: [{ id: 'good', unit: 'piece', weightKg: 1, kind: 'consumable' }],
  depots: [{ id: 'depot' }],
  regions: [{ id: 'region', demand: {} }],
  routes: [],
};

/** Checks a policy by itself. Throws ScenarioError with all its faults, at their places below /policy. */
export function mustBePolicy(policy: PolicyName | Stage[]): void {
  const checked = checkScenario({ ...LEAST, policy });
  if (!checked.ok) throw new ScenarioError(checked.faults, checked.more);
}
