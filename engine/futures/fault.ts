/** What is wrong with futures, said before anything is solved. */
import type { Scenario } from '../../scenarios/index.js';
import { AllocateError } from '../errors.js';
import { describes, type Factor, type Factors, type Future } from './change.js';

const LISTED = 20;

/** Throws AllocateError 'unsupported' with the place of every fault: a name nobody has, a factor that is none. */
export function mustFit(scenario: Scenario, futures: readonly Future[]): void {
  const faults: string[] = [];
  const names = (list: readonly { id: string }[]) => new Set(list.map((e) => e.id));
  const regions = names(scenario.regions);
  const depots = names(scenario.depots);
  const handlers = new Set([...depots, ...names(scenario.hubs ?? [])]);
  const resources = names(scenario.resources);
  const modes = new Set((scenario.fleets ?? []).map((f) => f.mode));
  const seen = new Set<string>();
  const factor = (where: string, value: number) => {
    if (!(Number.isFinite(value) && value >= 0)) faults.push(`${where} is ${value}: a factor is a number from 0`);
  };
  const byName = (where: string, known: ReadonlySet<string>, record: Record<string, number> = {}) => {
    for (const [id, value] of Object.entries(record)) {
      if (!known.has(id)) faults.push(`${where}/${id}: the scenario has nothing of that name there`);
      factor(`${where}/${id}`, value);
    }
  };
  const one = (where: string, known: ReadonlySet<string>, value: Factor | undefined) => {
    if (typeof value === 'number') factor(where, value);
    else byName(where, known, value);
  };
  const pairs = (where: string, sites: ReadonlySet<string>, factors: Factors | undefined) => {
    if (!factors) return;
    if (factors.all !== undefined) factor(`${where}/all`, factors.all);
    byName(`${where}/sites`, sites, factors.sites);
    byName(`${where}/resources`, resources, factors.resources);
    for (const [site, of] of Object.entries(factors.pairs ?? {})) {
      if (!sites.has(site)) faults.push(`${where}/pairs/${site}: the scenario has nothing of that name there`);
      byName(`${where}/pairs/${site}`, resources, of);
    }
  };
  futures.forEach((future, n) => {
    const at = `/${n}`;
    if (seen.has(future.id)) faults.push(`${at}/id: '${future.id}' is there twice`);
    seen.add(future.id);
    pairs(`${at}/demand`, regions, future.demand);
    pairs(`${at}/stock`, depots, future.stock);
    one(`${at}/handling`, handlers, future.handling);
    one(`${at}/fleets`, modes, future.fleets);
    if (future.capacity !== undefined) factor(`${at}/capacity`, future.capacity);
    if (future.budget !== undefined) factor(`${at}/budget`, future.budget);
    future.routes?.forEach((change, c) => {
      const where = `${at}/routes/${c}`;
      if (!scenario.routes.some((route) => describes(change, route))) faults.push(`${where} describes no route`);
      if (change.capacity !== undefined) factor(`${where}/capacity`, change.capacity);
      if (change.closed === undefined || change.closed === 'always') return;
      for (const t of change.closed)
        if (!(Number.isInteger(t) && t >= 0 && t < scenario.periods.count))
          faults.push(`${where}/closed has ${t}: periods are 0 to ${scenario.periods.count - 1}`);
    });
  });
  if (faults.length === 0) return;
  const more = faults.length > LISTED ? ` … and ${faults.length - LISTED} more` : '';
  throw new AllocateError(
    'unsupported',
    `futures do not fit the scenario: ${faults.slice(0, LISTED).join('; ')}${more}`,
  );
}
