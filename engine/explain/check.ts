/** An explanation held against itself, the allocation and the scenario, without a solver: its arithmetic, its patches, its words. */
import { checkScenario, patched, type Scenario, sameJson, scenarioDigest } from '../../scenarios/index.js';
import { allocationDigest } from '../compare/index.js';
import type { Allocation } from '../types.js';
import { english } from './english.js';
import { difference } from './interval.js';
import { bottlenecksInWords, explainInParts } from './sentences.js';
import type { Bottlenecks, Explanation, PeopleChange, Resolve } from './types.js';

/** Of sums of doubles, relative. */
const ROUNDING = 1e-6;

/**
 * Whether gains are the differences of what was solved, each patch gives a scenario without faults, and every sentence is the one that
 * the numbers make. The solves themselves are repeated by nobody here.
 */
export function checkExplanation(
  document: Explanation | Bottlenecks,
  allocation: Allocation,
  scenario: Scenario,
): { ok: boolean; faults: string[] } {
  const faults: string[] = [];
  try {
    if (document.allocation !== allocationDigest(allocation)) faults.push('it is of another allocation');
    if (document.scenario !== scenarioDigest(scenario)) faults.push('it is of another scenario');
    const wide = 'bottlenecks' in document;
    if (!wide && !sameJson(document.coverage, coverageOf(allocation, document)))
      faults.push('its coverage is not that of the allocation');
    faults.push(...baseFaults(document.base.stages, allocation));
    const resolves = wide ? document.bottlenecks : document.resolves;
    resolves.forEach((resolve, n) => {
      for (const fault of faultsOf(resolve, scenario)) faults.push(`re-solve ${n} (${resolve.what}): ${fault}`);
    });
    const said = wide ? [] : explainInParts(document);
    const words = wide ? bottlenecksInWords(document) : said.map(english);
    if (JSON.stringify(words) !== JSON.stringify(document.sentences))
      faults.push('its sentences are not those of its numbers');
    if (!wide && document.said !== undefined && !sameJson(document.said, said))
      faults.push('the parts of its sentences are not those of its numbers');
  } catch (error) {
    faults.push(`it cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return { ok: faults.length === 0, faults };
}

/** What the explanation tells of the allocation. */
export function coverageOf(
  { coverage }: Allocation,
  { region, resource }: { region?: string | null; resource?: string | null },
): Allocation['coverage'] {
  return coverage.filter((c) => (region ?? c.region) === c.region && (resource ?? c.resource) === c.resource);
}

/** The best of the first stage lies between what the allocation reaches and what its certificate says that nobody exceeds. */
function baseFaults(stages: Explanation['base']['stages'], allocation: Allocation): string[] {
  if (stages.map((s) => s.stage).join() !== allocation.stages.map((s) => s.stage).join())
    return ['its stages are not those of the policy'];
  const [best, shipped] = [stages[0]!, allocation.stages[0]!];
  const [least, most] = [Number(shipped.value), Number(shipped.bound)].sort((a, b) => a - b) as [number, number];
  const slack = ROUNDING * Math.max(1, Math.abs(least), Math.abs(most));
  return best.value >= least - slack && best.value <= most + slack
    ? []
    : [`its best value of stage ${best.stage} contradicts the certificate of the allocation`];
}

function faultsOf({ stages, region, overall, patch, decides }: Resolve, scenario: Scenario): string[] {
  const list: string[] = [];
  for (const { stage, before, after, gain } of stages) {
    // shortfall, cost and change are better the smaller
    const way = stage === 'floor' || stage === 'cost' || stage === 'stay' ? -1 : 1;
    const [lo, hi] = [way * (after.value - before.bound), way * (after.bound - before.value)];
    const size = Math.max(1, ...[before, after].flatMap(({ value, bound }) => [Math.abs(value), Math.abs(bound)]));
    if (!(Math.abs(gain.lo - lo) <= ROUNDING * size && Math.abs(gain.hi - hi) <= ROUNDING * size))
      list.push(`the gain of stage ${stage} is not the difference of its solves`);
    if (!(gain.lo <= gain.hi + ROUNDING * size)) list.push(`the gain of stage ${stage} is no interval`);
  }
  const decided = decides === null ? undefined : stages[decides]?.gain;
  if (decides !== null && !(decided && (decided.lo > 0 || decided.hi < 0)))
    list.push('the stage that decides does not');
  for (const people of [region, overall]) if (people && !isDifference(people)) list.push('people do not add up');
  const changed = checkScenario(patched(scenario, patch));
  if (!changed.ok) list.push(`its patch makes a faulty scenario: ${changed.faults[0]?.message}`);
  return list;
}

function isDifference({ before, after, change }: PeopleChange): boolean {
  const { lo, hi } = difference(after, before);
  return change.lo === lo && change.hi === hi;
}
