/** Allocations side by side: what each reaches, who is dominated, and who gains and who loses against one of them. */
import { digestOf } from '../../scenarios/index.js';
import type { Allocation, Measures, Scenario } from '../types.js';
import { changesBetween, indexCoverage, regionTotals } from './changes.js';
import { flowsBetween, type Side, unitWeights } from './flows.js';
import { lorenz } from './lorenz.js';
import { TOLERANCE } from './noise.js';
import { amendmentsBetween, notesOn } from './notes.js';
import { pareto } from './pareto.js';
import { type ComparisonSaid, english } from './said.js';
import { mustRead } from './shape.js';
import type { Compared, CompareOptions, Comparison, Difference } from './types.js';

/** The content digest of an allocation. */
export function allocationDigest(allocation: Allocation): string {
  const { receipt: _, ...content } = allocation;
  return digestOf(content);
}

/**
 * Compares any number of allocations with one of them. Believes what they say of themselves; `check` proves it. Throws a
 * RangeError for an empty list, for `against` outside of it, and for an allocation that lacks what is compared.
 */
export function compare(allocations: readonly Allocation[], options: CompareOptions = {}): Comparison {
  const { against = 0, scenarios } = options;
  if (allocations.length === 0) throw new RangeError('there is nothing to compare');
  const reference = allocations[against];
  if (!reference) throw new RangeError(`against ${against}: expected a position from 0 to ${allocations.length - 1}`);
  const at = (a: Allocation) => scenarios?.(a.scenario?.digest);
  const comparing = startComparison(reference, at(reference), options);
  for (const allocation of allocations) comparing.add(allocation, at(allocation));
  return comparing.end();
}

export interface Comparing {
  /**
   * One allocation after the other, in the order of their positions, the reference among them; with its digest where that is
   * known, as working it out takes as long as the rest.
   */
  add(allocation: Allocation, scenario: Scenario | undefined, digest?: string): void;
  /** Rows listed so far, of all kinds: what the answer's size depends on. */
  readonly rows: number;
  end(): Comparison;
}

/** `compare` for allocations that need not all be in memory: beside the reference, one at a time. */
export function startComparison(
  reference: Allocation,
  scenario: Scenario | undefined,
  { against = 0, top, tolerance = TOLERANCE }: CompareOptions,
  digest?: string,
): Comparing {
  mustRead(reference, against);
  const limits = { top, tolerance };
  const coverage = indexCoverage(reference.coverage);
  const side = { shipments: reference.shipments, weights: unitWeights(scenario) };
  const first = { at: against, allocation: reference, digest: digest ?? allocationDigest(reference) };
  const allocations: Compared[] = [];
  const measures: Measures[] = [];
  const differences: Difference[] = [];
  const notes: ComparisonSaid[] = [];
  let rows = 0;

  function add(allocation: Allocation, of: Scenario | undefined, known?: string): void {
    const to = allocations.length;
    mustRead(allocation, to);
    const own = to === against ? first.digest : (known ?? allocationDigest(allocation));
    const summary = summaryOf(allocation, own);
    allocations.push(summary);
    measures.push(allocation.measures);
    rows += summary.lorenz.length;
    if (allocation.measures.peoplePeriodsMet === 0) notes.push({ say: 'note.empty', plan: to });
    if (to === against) return;
    const amendments = amendmentsBetween(reference, allocation, [scenario, of]);
    const weights = allocation.scenario.digest === reference.scenario.digest ? side.weights : unitWeights(of);
    // what had left before one of them was made is no difference between the two
    const since = Math.max(scenario?.after?.period ?? 0, of?.after?.period ?? 0);
    const difference: Difference = {
      from: against,
      to,
      ...changesBetween(coverage, allocation.coverage, limits),
      flows: flowsBetween(from(side, since), from({ shipments: allocation.shipments, weights }, since), limits),
      amendments: amendments.map(english),
      said: amendments,
    };
    differences.push(difference);
    rows += difference.regions.length + difference.changes.length + difference.flows.list.length;
    notes.push(...notesOn(first, { at: to, allocation, digest: summary.digest }, { amendments, tolerance }));
  }

  function end(): Comparison {
    const standing = pareto(measures, tolerance);
    if (new Set(measures.flatMap((m) => m.currency ?? [])).size > 1) notes.push({ say: 'note.currencies' });
    return { against, allocations, pareto: standing, differences, notes: notes.map(english), said: notes };
  }

  return {
    add,
    get rows() {
      return rows;
    },
    end,
  };
}

function from(side: Side, period: number): Side {
  return period === 0 ? side : { ...side, shipments: side.shipments.filter(({ depart }) => depart >= period) };
}

function summaryOf(a: Allocation, digest: string): Compared {
  const m = a.measures;
  return {
    digest,
    scenario: a.scenario,
    policy: a.policy.name,
    stages: a.stages,
    provenGap: a.gap.proven,
    smallestCoverage: m.smallestCoverage,
    meanCoverage: m.meanCoverage,
    peoplePeriodsNeeded: m.peoplePeriodsNeeded,
    peoplePeriodsMet: m.peoplePeriodsMet,
    peoplePeriodsUnmet: m.peoplePeriodsUnmet,
    gini: m.gini,
    tonnes: m.tonnes,
    tonneKm: m.tonneKm,
    cost: m.cost,
    currency: m.currency,
    lorenz: lorenz([...regionTotals(a.coverage)].map(([region, totals]) => ({ region, ...totals }))),
  };
}
