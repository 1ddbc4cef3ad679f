/** An explanation held against itself, the allocation and the scenario, without a solver: its arithmetic, its patches, its words. */
import { checkScenario, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { allocationDigest } from '../compare/index.js';
import type { Allocation } from '../types.js';
import { difference } from './interval.js';
import { patched } from './patch.js';
import { bottlenecksInWords, explainInWords } from './sentences.js';
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
    const resolves = wide ? document.bottlenecks : document.resolves;
    resolves.forEach((resolve, n) => {
      for (const fault of faultsOf(resolve, scenario)) faults.push(`re-solve ${n} (${resolve.what}): ${fault}`);
    });
    const words = wide ? bottlenecksInWords(document) : explainInWords(document);
    if (JSON.stringify(words) !== JSON.stringify(document.sentences))
      faults.push('its sentences are not those of its numbers');
  } catch (error) {
    faults.push(`it cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return { ok: faults.length === 0, faults };
}

function faultsOf({ stages, region, overall, patch, decides }: Resolve, scenario: Scenario): string[] {
  const list: string[] = [];
  for (const { stage, before, after, gain } of stages) {
    // shortfall and cost are better the smaller
    const way = stage === 'floor' || stage === 'cost' ? -1 : 1;
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
