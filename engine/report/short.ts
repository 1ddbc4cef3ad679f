/** Why a resource is short, of all its regions together: the reasons of their unmet needs, counted. */
import type { Told } from './unmet.js';

const STOCK = 'stock in reach is used up';
const OTHERWISE = {
  'no-way': 'no open route arrives in time',
  'no-stock': 'none in reach in time',
  policy: 'left by the policy or the accepted gap',
};

/** Reasons that are named at most, and the share of the regions that a second and third must concern; the table of unmet needs has all. */
const [NAMED, COMMON] = [3, 0.1];

/**
 * The reason of most regions first, each with how many have it, and how many more there are. '' where nothing is told. `stockLeft`: some of
 * the stock reaches nobody; then what keeps it is named in any case, before depots that have none left.
 */
export function whyShort(told: readonly Told[], stockLeft: boolean): string {
  const counts = new Map<string, number>();
  for (const { kind, limits } of told) {
    const names =
      kind === 'limits' ? limits.map((l) => (l.kind === 'stock' ? STOCK : `${l.name} is full`)) : [OTHERWISE[kind]];
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const all = [...counts].sort(([, a], [, b]) => b - a);
  const held = stockLeft ? all.find(([name]) => name !== STOCK) : undefined;
  const named = all.slice(0, NAMED).filter((one, i) => i === 0 || one === held || one[1] >= COMMON * told.length);
  if (held && !named.includes(held)) named.push(held);
  if (stockLeft) named.sort(([x], [y]) => Number(x === STOCK) - Number(y === STOCK));
  const words = named.map(([name, n]) => (n === told.length ? name : `${name} (${n} of ${told.length} regions)`));
  if (all.length > named.length) words.push(`${all.length - named.length} more`);
  return words.join('; ');
}
