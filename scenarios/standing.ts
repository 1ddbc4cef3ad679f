/** How far a scenario in the making has come: what there is of it, so that what is still missing can be said, also beside its faults. */
import { unreached } from './formats/reach.js';
import type { Scenario } from './schema.js';

/** A part is undefined where its sheet is at fault, as nobody can say then what it was to hold. */
export interface Standing {
  resources: string[];
  /** Resources that some region needs. */
  needed: ReadonlySet<string> | undefined;
  /** Resources that some depot has or gets. */
  stocked: ReadonlySet<string> | undefined;
  routes: number | undefined;
  /** Modes of the fleets. */
  fleets: string[];
  /** Those that no route has. */
  withoutRoute: string[];
  /** Regions that need something and that no chain of routes reaches; 0 where nothing can be said of routes or needs. */
  unreached: number;
}

export type Part = 'needed' | 'stocked' | 'routes';

/** `faulty`: parts that nothing can be said of. */
export function standingOf(
  { resources, depots, regions, routes, fleets = [] }: Pick<Scenario, Lists>,
  faulty: ReadonlySet<Part> = new Set(),
): Standing {
  const needed = regions.flatMap(({ demand }) =>
    Object.entries(demand).flatMap(([id, n]) => ([n].flat().some((m) => m > 0) ? [id] : [])),
  );
  const stocked = depots.flatMap((d) => [
    ...Object.keys(d.stock ?? {}),
    ...(d.arrivals ?? []).map((arrival) => arrival.resource),
  ]);
  const ways = new Set(routes.map((r) => r.mode));
  const modes = [...new Set(fleets.map((f) => f.mode))];
  return {
    resources: resources.map((r) => r.id),
    needed: faulty.has('needed') ? undefined : new Set(needed),
    stocked: faulty.has('stocked') ? undefined : new Set(stocked),
    routes: faulty.has('routes') ? undefined : routes.length,
    fleets: modes,
    withoutRoute: faulty.has('routes') ? [] : modes.filter((mode) => !ways.has(mode)),
    unreached: faulty.has('routes') || faulty.has('needed') ? 0 : unreached({ depots, regions, routes }).size,
  };
}

type Lists = 'resources' | 'depots' | 'regions' | 'routes' | 'fleets';
