/** What makes allocations hard to compare, in words. */
import type { Allocation, Scenario } from '../types.js';
import { scenarioDifferences } from './amended.js';
import { differs } from './noise.js';
import { listed, moves, number, only } from './words.js';

/** Differences of scenarios named in a note; `amendments` has all. */
const NAMED = 6;

/** The parts of an allocation that notes are about. */
export type Noted = Pick<Allocation, 'scenario' | 'coverage' | 'measures'>;

/**
 * What differs between the scenarios of two allocations. Without the scenarios only what shows in the allocations: regions,
 * resources, needs, stocks, fleets and budget.
 */
export function amendmentsBetween(
  first: Noted,
  other: Noted,
  scenarios: readonly [Scenario | undefined, Scenario | undefined],
): string[] {
  if (first.scenario.digest === other.scenario.digest) return [];
  const [b, a] = scenarios;
  if (!b || !a) return shown(first, other);
  const differences = scenarioDifferences(b, a);
  return differences.length ? differences : ['names, descriptions or the order of entries alone'];
}

function shown({ coverage: c, measures: b }: Noted, { coverage: d, measures: a }: Noted): string[] {
  const pair = (x: { region: string; resource: string }) => `${x.resource} in ${x.region}`;
  return [
    ...only('region', ids(b.byRegion, 'region'), ids(a.byRegion, 'region')),
    ...only('resource', ids(b.byResource, 'resource'), ids(a.byResource, 'resource')),
    ...changed('need', 'region and resource', c, d, pair, (x) => x.needed),
    ...changed(
      'stock',
      'resource',
      b.byResource,
      a.byResource,
      (r) => r.resource,
      (r) => r.stock,
    ),
    ...changed(
      'tonne-km limit',
      'fleet',
      b.fleets,
      a.fleets,
      (f) => f.mode,
      (f) => f.limit,
    ),
    ...(b.budget?.limit === a.budget?.limit ? [] : [`budget: ${limit(b.budget)} → ${limit(a.budget)}`]),
    'more perhaps: the scenarios are not at hand',
  ];
}

const ids = <K extends string>(list: readonly Record<K, string>[], key: K): string[] => list.map((x) => x[key]);
const limit = (budget: { limit: number } | null) => (budget ? number(budget.limit) : 'none');

function changed<X>(
  what: string,
  kind: string,
  before: readonly X[],
  after: readonly X[],
  name: (x: X) => string,
  of: (x: X) => number,
): string[] {
  const was = new Map(before.map((x) => [name(x), of(x)]));
  const list = after.flatMap((x): string[] => {
    const from = was.get(name(x));
    return from === undefined || from === of(x) ? [] : [moves([name(x), from, of(x)])];
  });
  return list.length ? [`${what} of ${listed(kind, list)}`] : [];
}

/** Notes on one allocation beside the reference; positions are counted from 0 here and from 1 in the words. */
export function notesOn(
  first: { at: number; allocation: Noted; digest: string },
  other: { at: number; allocation: Noted; digest: string },
  { amendments, tolerance }: { amendments: readonly string[]; tolerance: number },
): string[] {
  const notes: string[] = [];
  const [b, a] = [first.allocation, other.allocation];
  const [one, it] = [`allocation ${first.at + 1}`, `allocation ${other.at + 1}`];
  if (first.digest === other.digest) notes.push(`${it} is the same as ${one}`);
  if (b.scenario.digest !== a.scenario.digest) {
    const rest = amendments.length > NAMED ? `; and ${amendments.length - NAMED} more` : '';
    const what = `differs in ${amendments.slice(0, NAMED).join('; ')}${rest}`;
    notes.push(
      b.scenario.id === a.scenario.id
        ? `${it} is of an amended scenario '${a.scenario.id}' (${short(a)}, ${one} of ${short(b)}): ${what}`
        : `${it} is of another scenario ('${a.scenario.id}'), so needs may differ as well: ${what}`,
    );
  }
  const [needed, now] = [b.measures.peoplePeriodsNeeded, a.measures.peoplePeriodsNeeded];
  if (differs(needed, now, tolerance))
    notes.push(
      `${it} needs ${number(now)} people-periods, ${one} ${number(needed)}: compare coverage rather than people-periods met`,
    );
  if (b.measures.currency !== a.measures.currency)
    notes.push(`${it} counts cost in ${currency(a)}, ${one} in ${currency(b)}`);
  return notes;
}

const short = ({ scenario }: Noted): string => `${scenario.digest.slice(0, 8)}…`;
const currency = ({ measures }: Noted): string => measures.currency ?? 'no stated currency';
