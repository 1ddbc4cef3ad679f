/** Phrases about what differs. */
import type { Phrase } from '../../scenarios/said.js';
import type { ComparisonSaid } from './said.js';

/** Named in a phrase before the rest is counted. */
const NAMED = 3;

export const number = (x: number): string => x.toLocaleString('en-US', { maximumSignificantDigits: 12 });

export type Kind = 'resource' | 'depot' | 'hub' | 'region' | 'route' | 'fleet' | 'pair';

/** "2 regions: upper …, lower …", "5 regions: …, …, … and 2 more" */
export function listed(kind: Kind, names: readonly Phrase[]): ComparisonSaid {
  const rest = names.length - NAMED;
  const list = [...names.slice(0, NAMED), ...(rest > 0 ? [{ say: 'more', n: rest }] : [])];
  return { say: `count.${kind}`, n: names.length, list };
}

/** Things that one side has and the other has not. */
export function only<X>(
  kind: Kind,
  before: ReadonlyMap<string, X>,
  after: ReadonlyMap<string, X>,
  named: (key: string, x: X) => ComparisonSaid,
): ComparisonSaid[] {
  const beyond = (some: ReadonlyMap<string, X>, others: ReadonlyMap<string, X>) =>
    [...some].filter(([key]) => !others.has(key)).map(([key, x]) => named(key, x));
  const [gone, added] = [beyond(before, after), beyond(after, before)];
  return [
    ...(gone.length ? [{ say: 'gone' as const, what: listed(kind, gone) }] : []),
    ...(added.length ? [{ say: 'new' as const, what: listed(kind, added) }] : []),
  ];
}
