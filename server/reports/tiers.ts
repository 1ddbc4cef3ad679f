/** Who answers for a report and how long they have: the tier of its place, then each tier above. */
import { placeNamed } from '../../scenarios/field/near.js';
import type { PlaceName, Scenario } from '../../scenarios/index.js';
import type { CheckField, Rung } from '../ledger/index.js';

/** Hours for each step where the scenario says nothing. */
const HOURS = { verify: 24, amend: 24, resolve: 72 } as const;

/** Levels that depots are commonly said to be of, lowest first. */
const ORDER = ['village', 'township', 'district', 'county', 'regional', 'province', 'central', 'national'];

interface Tier {
  id: string;
  organisation: string | null;
  hours: Rung['hours'];
}

function tiersOf({ depots }: Scenario): Tier[] {
  const found = new Set(depots.flatMap(({ tier }) => (tier === undefined ? [] : [tier])));
  return ORDER.filter((id) => found.has(id)).map((id) => ({ id, organisation: null, hours: HOURS }));
}

/** Where nobody is named there is one rung without a name: somebody has to do it in the usual time. */
export const rungsOf: CheckField['rungs'] = (document, scenario, place) => {
  const tiers = tiersOf(scenario);
  if (tiers.length === 0) return [{ tier: '', hours: HOURS }];
  // Read with its schema when it was verified.
  const named = placeNamed(document) ?? (place as PlaceName | undefined);
  const own = tiers.findIndex(({ id }) => named !== undefined && id === tierOf(scenario, named));
  return tiers.slice(Math.max(0, own)).map(({ id, hours }) => ({ tier: id, hours }));
};

export function organisationOf(scenario: Scenario, tier: string): string | null {
  return tiersOf(scenario).find(({ id }) => id === tier)?.organisation ?? null;
}

/** The tier of a place; of a route that of the end nearer to people. */
function tierOf(scenario: Scenario, place: PlaceName): string | undefined {
  if ('route' in place) return siteTier(scenario, place.route.to) ?? siteTier(scenario, place.route.from);
  if ('fleet' in place) return undefined;
  return siteTier(scenario, 'site' in place ? place.site : 'depot' in place ? place.depot : place.region);
}

function siteTier({ depots }: Scenario, id: string): string | undefined {
  return depots.find((one) => one.id === id)?.tier;
}
