/** Which resources of a scenario are which items of the standards: as their column says, else by name and unit. */
import { sameUnit } from '../formats/units.js';
import type { Scenario } from '../schema.js';
import { unitsPer } from './needs.js';
import type { Item, Standards } from './standards.js';

type Resource = Scenario['resources'][number];

export interface Matched {
  items: { item: string; resource: string; stated: boolean }[];
  /** Resources that nothing says the item of; each with the items that have some word of it or its unit. */
  without: { resource: string; like: string[] }[];
}

/** `stated`: item by id of the resource, right or wrong: `needsOf` judges it. Of two resources that go by one name neither is taken. */
export function matchStandards(
  resources: readonly Resource[],
  stated: ReadonlyMap<string, string>,
  standards: Standards,
): Matched {
  const taken = new Set(stated.values());
  const byName = new Map(
    resources
      .filter((r) => !stated.has(r.id))
      .map((r) => [r.id, named(r, standards.items)?.item])
      .filter(([, item]) => item !== undefined && !taken.has(item)) as [string, string][],
  );
  const times = (item: string) => [...byName.values()].filter((i) => i === item).length;
  const items: Matched['items'] = [];
  const without: Matched['without'] = [];
  for (const r of resources) {
    const own = stated.get(r.id) ?? byName.get(r.id);
    if (own !== undefined && (stated.has(r.id) || times(own) === 1))
      items.push({ item: own, resource: r.id, stated: stated.has(r.id) });
    else without.push({ resource: r.id, like: like(r, standards.items, taken) });
  }
  return { items, without };
}

/** The item all of whose words are in the id or the name of a resource that counts the same way; of several the one of most words. */
function named(resource: Resource, items: readonly Item[]): Item | undefined {
  const has = new Set([...words(resource.id), ...words(resource.name ?? '')]);
  return items
    .filter((i) => kindOf(i) === resource.kind && sameUnit(i.unit, resource.unit))
    .filter((i) => words(i.item).every((w) => has.has(w)))
    .sort((a, b) => words(b.item).length - words(a.item).length)[0];
}

/** Items that it might be: of its kind and counted in its unit; where none is, those that can be weighed out in it. */
function like(resource: Resource, items: readonly Item[], taken: ReadonlySet<string>): string[] {
  const ofKind = items.filter((i) => kindOf(i) === resource.kind && !taken.has(i.item));
  const alike = ofKind.filter((i) => sameUnit(i.unit, resource.unit));
  const any = alike.length > 0 ? alike : ofKind.filter((i) => unitsPer(i, resource) !== undefined);
  return any.map((i) => i.item);
}

const kindOf = (item: Item): Resource['kind'] => (item.rule === 'daily' ? 'consumable' : 'durable');

/** In the singular, as far as an s tells. */
const words = (text: string): string[] =>
  (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).map((w) => w.replace(/s$/, ''));
