/** Allocations side by side: what each reaches, and who gains and who loses against the first. */
import { digestOf } from '../scenarios/index.js';
import type { Allocation, Coverage, StageResult } from './types.js';

export interface Compared {
  /** SHA-256 of the allocation's canonical JSON without its receipt: the name that the ledger and the API use. */
  digest: string;
  scenario: { id: string; digest: string };
  policy: string;
  stages: StageResult[];
  provenGap: number;
  smallestCoverage: number;
  meanCoverage: number;
  peoplePeriodsUnmet: number;
  gini: number;
  tonnes: number;
  tonneKm: number;
  cost: number;
  currency: string | null;
}

/** People-periods met for one region and resource in two allocations. */
export interface Change {
  region: string;
  resource: string;
  before: number;
  after: number;
  /** after − before: positive for a gain. */
  peoplePeriods: number;
  ratioBefore: number;
  ratioAfter: number;
}

export interface Difference {
  /** Positions in `allocations`; the first is what the others are held against. */
  from: number;
  to: number;
  gained: number;
  lost: number;
  /** All changes, the largest loss first. */
  changes: Change[];
}

export interface Comparison {
  allocations: Compared[];
  differences: Difference[];
  /** What a reader has to know before comparing, for example that the scenarios differ. */
  notes: string[];
}

/** The content digest of an allocation. */
export function allocationDigest(allocation: Allocation): string {
  const { receipt: _, ...content } = allocation;
  return digestOf(content);
}

/** Compares any number of allocations with the first. Throws a RangeError for an empty list. */
export function compare(allocations: Allocation[]): Comparison {
  const [first, ...others] = allocations;
  if (!first) throw new RangeError('there is nothing to compare');
  const notes: string[] = [];
  others.forEach((other, i) => {
    if (other.scenario.digest !== first.scenario.digest)
      notes.push(`allocation ${i + 2} is of another scenario ('${other.scenario.id}'), so needs may differ as well`);
    if (other.measures.currency !== first.measures.currency)
      notes.push(
        `allocation ${i + 2} counts cost in ${other.measures.currency}, the first in ${first.measures.currency}`,
      );
  });
  return {
    allocations: allocations.map(summary),
    differences: others.map((other, i) => difference(first, other, i + 1)),
    notes,
  };
}

function summary(a: Allocation): Compared {
  const { smallestCoverage, meanCoverage, peoplePeriodsUnmet, gini, tonnes, tonneKm, cost, currency } = a.measures;
  return {
    digest: allocationDigest(a),
    scenario: a.scenario,
    policy: a.policy.name,
    stages: a.stages,
    provenGap: a.gap.proven,
    smallestCoverage,
    meanCoverage,
    peoplePeriodsUnmet,
    gini,
    tonnes,
    tonneKm,
    cost,
    currency,
  };
}

function difference(first: Allocation, other: Allocation, to: number): Difference {
  const key = (c: Coverage) => JSON.stringify([c.region, c.resource]);
  const before = new Map(first.coverage.map((c) => [key(c), c]));
  const after = new Map(other.coverage.map((c) => [key(c), c]));
  const changes: Change[] = [];
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [b, a] = [before.get(id), after.get(id)];
    const peoplePeriods = (a?.peoplePeriodsMet ?? 0) - (b?.peoplePeriodsMet ?? 0);
    if (peoplePeriods === 0) continue;
    const { region, resource } = (a ?? b)!;
    changes.push({
      region,
      resource,
      before: b?.peoplePeriodsMet ?? 0,
      after: a?.peoplePeriodsMet ?? 0,
      peoplePeriods,
      ratioBefore: b?.ratio ?? 0,
      ratioAfter: a?.ratio ?? 0,
    });
  }
  changes.sort((a, b) => a.peoplePeriods - b.peoplePeriods);
  const total = (sign: number) => changes.reduce((sum, c) => sum + Math.max(0, sign * c.peoplePeriods), 0);
  return { from: 0, to, gained: total(1), lost: total(-1), changes };
}
