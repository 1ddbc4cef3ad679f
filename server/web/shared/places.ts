/** What the field form needs of a scenario, kept in the browser: it must be there when the network is not. */
import { get } from './api.js';
import { nameOf, type Scenario } from './scenario.js';

export interface Places {
  digest: string;
  title: string;
  periods: Scenario['periods'];
  routes: { from: string; to: string; mode: string }[];
  depots: { id: string; name: string }[];
  regions: { id: string; name: string }[];
  resources: { id: string; name: string; unit: string }[];
  names: Record<string, string>;
}

const KEPT = 'evenhand-places';

export function keptPlaces(): Places[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Places[];
  } catch {
    return [];
  }
}

/** From the server where it answers, else as it was kept; throws where neither has it. */
export async function loadPlaces(digest: string, signal?: AbortSignal): Promise<Places> {
  const kept = keptPlaces().find((one) => one.digest === digest);
  if (kept) return kept; // a scenario never changes under its digest
  const scenario = await get<Scenario>(`/scenarios/${encodeURIComponent(digest)}`, signal);
  const brief = (list: readonly { id: string; name?: string }[]) =>
    list.map((one) => ({ id: one.id, name: nameOf(one) }));
  const places: Places = {
    digest,
    title: scenario.title ?? scenario.id,
    periods: scenario.periods,
    routes: scenario.routes.map(({ from, to, mode }) => ({ from, to, mode })),
    depots: brief(scenario.depots),
    regions: brief(scenario.regions),
    resources: scenario.resources.map((one) => ({ id: one.id, name: nameOf(one), unit: one.unit })),
    names: Object.fromEntries(
      [...brief(scenario.depots), ...brief(scenario.hubs ?? []), ...brief(scenario.regions)].map(({ id, name }) => [
        id,
        name,
      ]),
    ),
  };
  try {
    // the newest three: a nation's routes take a megabyte of the five there are
    localStorage.setItem(KEPT, JSON.stringify([places, ...keptPlaces()].slice(0, 3)));
  } catch {
    // no room: it is asked for again
  }
  return places;
}
