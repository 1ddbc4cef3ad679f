/** Who answers for a report and how long they have: the tier of its place, then each tier above. */
import { placeNamed } from '../../scenarios/field/near.js';
import { DUE_HOURS, type PlaceName, type Scenario, type Tier, tiersOf } from '../../scenarios/index.js';
import type { CheckField, Rung } from '../ledger/index.js';

/** Where a scenario names no tiers (or such as nobody can order) one rung without a name: somebody has to do it in the usual time. */
const NAMELESS: Rung = { tier: '', hours: DUE_HOURS };

export const rungsOf: CheckField['rungs'] = (document, scenario, place) => {
  const tiers = tiersIn(scenario);
  if (tiers.length === 0) return [NAMELESS];
  // Read with its schema when it was verified.
  const named = placeNamed(document) ?? (place as PlaceName | undefined);
  const own = tiers.findIndex(({ id }) => named !== undefined && id === tierOf(scenario, named));
  return tiers.slice(Math.max(0, own)).map(({ id, dueHours }) => ({ tier: id, hours: dueHours }));
};

export function organisationOf(scenario: Scenario, tier: string): string | null {
  return tiersIn(scenario).find(({ id }) => id === tier)?.organisation ?? null;
}

function tiersIn(scenario: Scenario): Tier[] {
  const read = tiersOf(scenario);
  return read.ok ? read.tiers : [];
}

/** The tier of a place; of a route that of the end nearer to people. */
function tierOf(scenario: Scenario, place: PlaceName): string | undefined {
  if ('route' in place) return siteTier(scenario, place.route.to) ?? siteTier(scenario, place.route.from);
  if ('fleet' in place) return undefined;
  return siteTier(scenario, 'site' in place ? place.site : 'depot' in place ? place.depot : place.region);
}

function siteTier({ depots, regions }: Scenario, id: string): string | undefined {
  return [...depots, ...regions].find((one) => one.id === id)?.tier;
}
