/** What a comparison reads of an allocation, which may be a file that anybody wrote. */
import type { Allocation } from '../types.js';

const MEASURES = [
  'smallestCoverage',
  'meanCoverage',
  'peoplePeriodsNeeded',
  'peoplePeriodsMet',
  'peoplePeriodsUnmet',
  'gini',
  'tonnes',
  'tonneKm',
  'cost',
];

const LISTS: [pointer: string, texts: string[], numbers: string[]][] = [
  ['/shipments', ['from', 'to', 'mode', 'resource'], ['depart', 'quantity']],
  ['/coverage', ['region', 'resource'], ['needed', 'met', 'ratio', 'peoplePeriodsNeeded', 'peoplePeriodsMet']],
  ['/stages', ['stage'], []],
  ['/measures/byRegion', ['region'], []],
  ['/measures/byResource', ['resource'], ['stock']],
  ['/measures/fleets', ['mode'], ['limit']],
];

/** Throws a RangeError that names the first thing that is missing, with its place. Whether what is there is true, `check` says. */
export function mustRead(allocation: Allocation, at: number): void {
  const fault = unreadable(allocation);
  if (fault !== null) throw new RangeError(`allocation ${at + 1} cannot be compared: ${fault}`);
}

function unreadable(allocation: Allocation): string | null {
  const at = (pointer: string): unknown =>
    pointer
      .split('/')
      .slice(1)
      .reduce((value: unknown, key) => Object(value)[key], allocation);
  for (const pointer of ['/scenario/id', '/scenario/digest', '/policy/name'])
    if (typeof at(pointer) !== 'string') return `${pointer} should be a text`;
  for (const pointer of [...MEASURES.map((name) => `/measures/${name}`), '/gap/proven'])
    if (!Number.isFinite(at(pointer))) return `${pointer} should be a number`;
  for (const [pointer, texts, numbers] of LISTS) {
    const list = at(pointer);
    if (!Array.isArray(list)) return `${pointer} should be a list`;
    for (let i = 0; i < list.length; i++) {
      const entry = Object(list[i]);
      for (const name of texts) if (typeof entry[name] !== 'string') return `${pointer}/${i}/${name} should be a text`;
      for (const name of numbers)
        if (!Number.isFinite(entry[name])) return `${pointer}/${i}/${name} should be a number`;
    }
  }
  const { currency, budget } = allocation.measures;
  if (currency !== null && typeof currency !== 'string') return '/measures/currency should be a text or null';
  if (budget !== null && !Number.isFinite(budget?.limit)) return '/measures/budget should have a limit or be null';
  return null;
}
