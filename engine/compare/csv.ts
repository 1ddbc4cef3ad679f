/**
 * A comparison in long form, one row for each allocation, region and resource (RFC 4180), the header first.
 * Cells are safe from being taken for formulas: `scenarios/formats/csv-write.ts`.
 */
import { csvLine } from '../../scenarios/index.js';
import type { Allocation, Coverage } from '../types.js';
import { type Indexed, indexCoverage, pairKey } from './changes.js';
import { allocationDigest } from './compare.js';
import { differs, TOLERANCE } from './noise.js';
import { mustRead } from './shape.js';

const COLUMNS = [
  'allocation',
  'digest',
  'scenario',
  'policy',
  'against',
  'region',
  'resource',
  'needed',
  'met',
  'ratio',
  'people_periods_needed',
  'people_periods_met',
  'people_periods_change',
  'ratio_change',
] as const;

export const csvHead = (): string => csvLine(COLUMNS);

/** What rows are held against: the reference, once. */
export interface CsvReference {
  at: number;
  coverage: Coverage[];
  indexed: Indexed;
}

/** Throws a RangeError where the allocation lacks what is compared. */
export function csvReference(allocation: Allocation, at: number): CsvReference {
  mustRead(allocation, at);
  return { at, coverage: allocation.coverage, indexed: indexCoverage(allocation.coverage) };
}

/**
 * The rows of one allocation, in the order of its coverage; pairs that only the reference has follow, with nothing needed
 * and no ratio. Positions are counted from 1 in the rows. Change is against the reference, 0 for noise.
 */
export function* csvRows(
  reference: CsvReference,
  allocation: Allocation,
  at: number,
  digest = allocationDigest(allocation),
): Generator<string> {
  mustRead(allocation, at);
  const { indexed } = reference;
  const head = [at + 1, digest, allocation.scenario.id, allocation.policy.name, reference.at + 1];
  for (const c of allocation.coverage) {
    const before = indexed.pairs.get(pairKey(c));
    const [was, is] = [before?.peoplePeriodsMet ?? 0, c.peoplePeriodsMet];
    const change = differs(was, is, TOLERANCE) ? is - was : 0;
    const ratioChange = before ? c.ratio - before.ratio : null;
    yield csvLine([
      ...head,
      c.region,
      c.resource,
      c.needed,
      c.met,
      c.ratio,
      c.peoplePeriodsNeeded,
      is,
      change,
      ratioChange,
    ]);
  }
  const own = new Set(allocation.coverage.map(pairKey));
  for (const c of reference.coverage)
    if (!own.has(pairKey(c)))
      yield csvLine([...head, c.region, c.resource, 0, 0, null, 0, 0, -c.peoplePeriodsMet, null]);
}
