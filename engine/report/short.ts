/** Why a resource is short, of all its regions together: the reasons of their unmet needs, counted. */
import type { Told } from './unmet.js';

const STOCK = 'stock in reach is used up';
const OTHERWISE = {
  'no-way': 'no open route arrives in time',
  'no-stock': 'none in reach in time',
  policy: 'left by the policy or the accepted gap',
};

/** Reasons that are named; the table of unmet needs has all. */
const NAMED = 3;

/**
 * The reason of most regions first, each with how many have it, and how many more there are. '' where nothing is told. `stockLeft`: some of
 * the stock reaches nobody; then what keeps it comes before depots that have none left.
 */
export function whyShort(told: readonly Told[], stockLeft: boolean): string {
  const counts = new Map<string, number>();
  for (const { kind, limits } of told) {
    const names =
      kind === 'limits' ? limits.map((l) => (l.kind === 'stock' ? STOCK : `${l.name} is full`)) : [OTHERWISE[kind]];
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const last = (name: string) => (stockLeft && name === STOCK ? 1 : 0);
  const all = [...counts].sort(([x, a], [y, b]) => last(x) - last(y) || b - a);
  const words = all
    .slice(0, NAMED)
    .map(([name, n]) => (n === told.length ? name : `${name} (${n} of ${told.length} regions)`));
  if (all.length > NAMED) words.push(`${all.length - NAMED} more in places`);
  return words.join('; ');
}
