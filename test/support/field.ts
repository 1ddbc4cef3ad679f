/** Scenarios as they are in the field: a plan half carried out, limits that differ from period to period, routes in two parts. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { policyStages } from '../../scenarios/index.js';

type After = NonNullable<Scenario['after']>;

/** The scenario in period `period` of a plan that has been followed to the letter, with what is left of the plan as `planned`. */
export function followed(scenario: Scenario, { shipments, use }: Allocation, period: number): Scenario {
  const after: After = {
    period,
    shipped: shipments.filter((s) => s.depart < period),
    used: use.filter((u) => u.period < period),
    planned: shipments.filter((s) => s.depart >= period).map(({ arrive: _, ...line }) => line),
  };
  return { ...scenario, id: `${scenario.id} from ${period}`, after };
}

/** A small generator of its own: 32-bit Lehmer with Park and Miller's constants. */
export function draws(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Deliveries that came late, in part or not at all. */
export function delayed(scenario: Scenario, seed: number): Scenario {
  const draw = draws(seed);
  const lots = new Map(scenario.resources.map((r) => [r.id, r.lot ?? 1]));
  const after = scenario.after!;
  const T = scenario.periods.count;
  const storing = new Set(scenario.regions.filter((r) => (r.storageTonnes ?? 0) > 0).map((r) => r.id));
  const sending = new Set((after.shipped ?? []).map((s) => s.from));
  const shipped = (after.shipped ?? []).map((s) => {
    // what was sent on or used has come
    if (sending.has(s.to) || storing.has(s.to) || draw(2) === 0) return s;
    const lot = lots.get(s.resource)!;
    const count = Math.round(s.quantity / lot);
    const delivered = Number((draw(count + 1) * lot).toFixed(4));
    return { ...s, delivered, arrived: s.arrive + draw(T) };
  });
  return { ...scenario, after: { ...after, shipped } };
}

/** Limits that differ from period to period, and some routes in two parts, the second slower, narrower or dearer. */
export function uneven(scenario: Scenario, seed: number): Scenario {
  const draw = draws(seed);
  const T = scenario.periods.count;
  const list = (limit: number) => Array.from({ length: T }, () => Number(((limit * draw(5)) / 3).toFixed(2)));
  const handled = <S extends { handlingTonnes?: number | number[] }>(site: S): S =>
    typeof site.handlingTonnes === 'number' ? { ...site, handlingTonnes: list(site.handlingTonnes) } : site;
  const routes = scenario.routes.flatMap((route) => {
    if (draw(3) > 0) return [route];
    const closed = new Set(route.closed ?? []);
    const periods = Array.from({ length: T }, (_, t) => t);
    const part = new Set(periods.filter(() => draw(2) === 0));
    const other = { ...route, closed: periods.filter((t) => closed.has(t) || part.has(t)) };
    const kind = draw(3);
    if (kind === 0) other.leadPeriods = (route.leadPeriods ?? 0) + 1;
    else if (kind === 1) other.capacityTonnes = (route.capacityTonnes ?? 8) / 2;
    else other.costPerTonne = (route.costPerTonne ?? 3) * 2;
    return [{ ...route, closed: periods.filter((t) => closed.has(t) || !part.has(t)) }, other];
  });
  return {
    ...scenario,
    id: `${scenario.id} uneven`,
    depots: scenario.depots.map(handled),
    ...(scenario.hubs ? { hubs: scenario.hubs.map(handled) } : {}),
    routes,
    ...(scenario.fleets
      ? {
          fleets: scenario.fleets.map((f) =>
            typeof f.tonneKm === 'number'
              ? { ...f, tonneKm: list(f.tonneKm) }
              : typeof f.vehicles === 'number'
                ? { ...f, vehicles: list(f.vehicles) }
                : f,
          ),
        }
      : {}),
  };
}

/** The scenario with a policy that holds on to the plan before, in front of its stages from `at` on. */
export function staying(scenario: Scenario, at: number, tolerance?: number): Scenario {
  const { stages } = policyStages(scenario.policy);
  const n = Math.min(at, stages.length);
  const before = stages.slice(0, n).map((s, i) => (i === n - 1 && tolerance !== undefined ? { ...s, tolerance } : s));
  return { ...scenario, policy: [...before, { stage: 'stay' }, ...stages.slice(n)] };
}
