/** Levels of administration: each id once, and where they are listed, depots and regions are on one of them. */
import { pointerOf, show } from '../faults.js';
import { wording } from '../wording.js';
import type { Context } from './context.js';
import { type Entry, entries, textOf } from './view.js';

export function checkTiers({ root, report, suggest }: Context): void {
  if (root.fields.tiers === undefined) return;
  const seen = new Map<string, Entry>();
  for (const tier of entries(root, 'tiers')) {
    const id = textOf(tier, 'id');
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, tier);
    else
      report(
        [...tier.path, 'id'],
        show(id),
        wording`is ${show(id)}, which ${pointerOf(first.path)} has already`,
        wording`leave it out, or give it an id of its own`,
      );
  }
  if (!Array.isArray(root.fields.tiers)) return;
  for (const list of ['depots', 'regions'])
    for (const site of entries(root, list)) {
      const tier = textOf(site, 'tier');
      if (tier === undefined || seen.has(tier)) continue;
      report(
        [...site.path, 'tier'],
        show(tier),
        wording`names ${show(tier)}, which is not one of the tiers`,
        suggest(tier, () => seen.keys(), wording`one of the tiers`),
      );
    }
}
