/** Phrases about what differs. */

/** Named in a phrase before the rest is counted. */
const NAMED = 3;

export const number = (x: number): string => x.toLocaleString('en-US', { maximumSignificantDigits: 12 });

const value = (x: string | number | null): string => (x === null ? 'unlimited' : typeof x === 'number' ? number(x) : x);

/** "upper 5,000 → 6,000" */
export const moves = ([name, from, to]: [string, string | number | null, string | number | null]): string =>
  `${name} ${value(from)} → ${value(to)}`;

/** "2 regions: upper …, lower …", "5 regions: …, …, … and 2 more" */
export function listed(kind: string, names: readonly string[]): string {
  const rest = names.length > NAMED ? ` and ${number(names.length - NAMED)} more` : '';
  return `${count(names.length, kind)}: ${names.slice(0, NAMED).join(', ')}${rest}`;
}

/** Things that one side has and the other has not. */
export function only(kind: string, before: readonly string[], after: readonly string[]): string[] {
  const [b, a] = [new Set(before), new Set(after)];
  const gone = before.filter((id) => !a.has(id));
  const added = after.filter((id) => !b.has(id));
  return [
    ...(gone.length ? [`gone: ${listed(kind, gone)}`] : []),
    ...(added.length ? [`new: ${listed(kind, added)}`] : []),
  ];
}

const count = (n: number, kind: string): string => `${number(n)} ${n === 1 ? kind : plural(kind)}`;

/** "depot and period" has "depots and periods". */
const plural = (kind: string): string =>
  kind
    .split(' and ')
    .map((word) => `${word}s`)
    .join(' and ');
