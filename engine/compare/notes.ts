/** What makes allocations hard to compare, in parts. */
import type { Allocation, Scenario } from '../types.js';
import { differencesSaid } from './amended.js';
import { differs } from './noise.js';
import type { ComparisonSaid, Value } from './said.js';
import { type Kind, listed, only } from './words.js';

type Said = ComparisonSaid;

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
): Said[] {
  if (first.scenario.digest === other.scenario.digest) return [];
  const [b, a] = scenarios;
  if (!b || !a) return shown(first, other);
  const differences = differencesSaid(b, a);
  return differences.length ? differences : [{ say: 'names.alone' }];
}

function shown({ coverage: c, measures: b }: Noted, { coverage: d, measures: a }: Noted): Said[] {
  const pair = ({ region, resource }: { region: string; resource: string }): Said => ({
    say: 'good.in',
    resource,
    region,
  });
  const good = ({ resource }: { resource: string }): Said => ({ say: 'good', resource });
  const fleet = ({ mode }: { mode: string }): Said => ({ say: 'by.mode', mode });
  const regions = (list: typeof b.byRegion) => new Map(list.map((r) => [r.region, r]));
  const resources = (list: typeof b.byResource) => new Map(list.map((r) => [r.resource, r]));
  return [
    ...only('region', regions(b.byRegion), regions(a.byRegion), (site) => ({ say: 'place', site })),
    ...only('resource', resources(b.byResource), resources(a.byResource), (_, one) => good(one)),
    ...changed('seen.need', 'pair', c, d, pair, (x) => x.needed),
    ...changed('seen.stock', 'resource', b.byResource, a.byResource, good, (r) => r.stock),
    ...changed('seen.fleet', 'fleet', b.fleets, a.fleets, fleet, (f) => f.limit),
    ...(b.budget?.limit === a.budget?.limit
      ? []
      : [{ say: 'budget' as const, before: limit(b.budget), after: limit(a.budget) }]),
    { say: 'seen.more' },
  ];
}

const limit = (budget: { limit: number } | null): Value => (budget ? budget.limit : { say: 'none' });

function changed<X>(
  say: 'seen.need' | 'seen.stock' | 'seen.fleet',
  kind: Kind,
  before: readonly X[],
  after: readonly X[],
  named: (x: X) => Said,
  of: (x: X) => number,
): Said[] {
  const key = (x: X) => JSON.stringify(named(x));
  const was = new Map(before.map((x) => [key(x), of(x)]));
  const list = after.flatMap((x): Said[] => {
    const from = was.get(key(x));
    return from === undefined || from === of(x) ? [] : [{ say: 'moves', what: named(x), before: from, after: of(x) }];
  });
  return list.length ? [{ say, what: listed(kind, list) }] : [];
}

/** Notes on one allocation beside the reference; positions are counted from 0 here and from 1 in the words. */
export function notesOn(
  first: { at: number; allocation: Noted; digest: string },
  other: { at: number; allocation: Noted; digest: string },
  { amendments, tolerance }: { amendments: readonly Said[]; tolerance: number },
): Said[] {
  const notes: Said[] = [];
  const [b, a] = [first.allocation, other.allocation];
  const both = { plan: other.at, other: first.at };
  if (first.digest === other.digest) notes.push({ say: 'note.same', ...both });
  if (b.scenario.digest !== a.scenario.digest) {
    const rest = amendments.length - NAMED;
    const list = [...amendments.slice(0, NAMED), ...(rest > 0 ? [{ say: 'more' as const, n: rest }] : [])];
    const text = a.scenario.id;
    notes.push(
      b.scenario.id === text
        ? { say: 'note.amended', ...both, text, names: [short(a), short(b)], list }
        : { say: 'note.elsewhere', ...both, text, list },
    );
  }
  const [needed, now] = [b.measures.peoplePeriodsNeeded, a.measures.peoplePeriodsNeeded];
  if (differs(needed, now, tolerance)) notes.push({ say: 'note.needs', ...both, amount: now, was: needed });
  if (b.measures.currency !== a.measures.currency)
    notes.push({ say: 'note.currency', ...both, unit: currency(a), otherUnit: currency(b) });
  return notes;
}

const short = ({ scenario }: Noted): string => `${scenario.digest.slice(0, 8)}…`;
const currency = ({ measures }: Noted): string => measures.currency ?? 'money';
