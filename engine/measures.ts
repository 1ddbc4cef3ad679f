/** What planners read of a plan. Doubles, for people; what is proven stands in the stages. */
import { type Network, totalNeed } from './network.js';
import { plus, toNumber } from './proof/exact.js';
import { arrivals, handedOut, quantityOf } from './proof/feasible.js';
import { type Plan, planCost, totalMet } from './proof/values.js';
import type { Coverage, Measures } from './types.js';

/** Horizon coverage of every (region, resource) with need, regions first. */
export function listCoverage(network: Network, plan: Plan): Coverage[] {
  const { R, T, K, scenario, need } = network;
  const list: Coverage[] = [];
  for (let j = 0; j < R; j++)
    for (let k = 0; k < K; k++) {
      const needed = totalNeed(network, j, k);
      if (needed === 0) continue;
      const met = totalMet(network, plan, j, k);
      const durable = scenario.resources[k]!.kind === 'durable';
      const at = (t: number) => (j * T + t) * K + k;
      const people = scenario.resources[k]!.peoplePerUnit;
      const [neededUnits, metUnits] = [quantityOf(network, needed, k), quantityOf(network, met, k)];
      list.push({
        region: scenario.regions[j]!.id,
        resource: scenario.resources[k]!.id,
        needed: neededUnits,
        met: metUnits,
        ratio: met / needed,
        due: quantityOf(network, durable ? need[at(T - 1)]! : needed, k),
        delivered: quantityOf(network, durable ? plan.met[at(T - 1)]! : met, k),
        peoplePeriodsNeeded: neededUnits * people,
        peoplePeriodsMet: metUnits * people,
      });
    }
  return list;
}

/** All measures of a plan, whose coverage may be at hand. People-periods are Σ peoplePerUnit × units × periods (MODEL.md). */
export function measure(network: Network, plan: Plan, coverage = listCoverage(network, plan)): Measures {
  const { R, K, scenario } = network;
  const sum = <X>(list: X[], of: (x: X) => number) => list.reduce((total, x) => total + of(x), 0);
  const needed = (c: Coverage) => c.peoplePeriodsNeeded;
  const met = (c: Coverage) => c.peoplePeriodsMet;

  const byRegion = scenario.regions.map(({ id }) => ({ region: id, needed: 0, met: 0, ratio: 1 }));
  let j = 0;
  for (const c of coverage) {
    while (byRegion[j]!.region !== c.region) j++; // coverage is listed in the order of the regions
    byRegion[j]!.needed += needed(c);
    byRegion[j]!.met += met(c);
  }
  for (const r of byRegion) if (r.needed > 0) r.ratio = r.met / r.needed;
  const peoplePeriodsNeeded = sum(coverage, needed);
  const peoplePeriodsMet = sum(coverage, met);
  const transport = measureTransport(network, plan);
  return {
    smallestCoverage: coverage.reduce((least, c) => Math.min(least, c.ratio), 1),
    meanCoverage: peoplePeriodsNeeded > 0 ? peoplePeriodsMet / peoplePeriodsNeeded : 1,
    peoplePeriodsNeeded,
    peoplePeriodsMet,
    peoplePeriodsUnmet: peoplePeriodsNeeded - peoplePeriodsMet,
    gini: gini(byRegion),
    ...transport,
    ...lockedStock(network),
    byRegion: R && K ? byRegion : [],
    byResource: measureResources(network, plan, coverage),
  };
}

/**
 * Gini coefficient of coverage over regions, each weighted by its need: half the mean absolute difference over the mean
 * (Gini 1912; weighted form by the trapezoids of the Lorenz curve). 0 for equal, towards 1 for all to one.
 */
export function gini(regions: { needed: number; met: number; ratio: number }[]): number {
  const sorted = regions.filter((r) => r.needed > 0).sort((a, b) => a.ratio - b.ratio);
  const needed = sorted.reduce((sum, r) => sum + r.needed, 0);
  const met = sorted.reduce((sum, r) => sum + r.met, 0);
  if (!(met > 0)) return 0;
  let below = 0;
  let area = 0;
  for (const r of sorted) {
    area += (r.needed / needed) * ((2 * below + r.met) / met);
    below += r.met;
  }
  return Math.max(0, 1 - area);
}

/** What the response level keeps back; nothing where it keeps nothing. */
function lockedStock({ scenario: { response, resources } }: Network): Pick<Measures, 'locked'> {
  const stock = (response?.locked ?? []).flatMap(({ tier, from, stock: held }) =>
    resources.flatMap(({ id, unit }) => (held[id] ? [{ tier, resource: id, unit, quantity: held[id], from }] : [])),
  );
  return response && stock.length > 0 ? { locked: { level: response.level, stock } } : {};
}

function measureTransport(network: Network, plan: Plan) {
  const { arcs, T, K, first, approx, scenario, spent } = network;
  const driven = new Float64Array(scenario.fleets.length * T);
  let tonnes = 0;
  let tonneKm = 0;
  for (let a = 0; a < arcs.count; a++) {
    let load = 0;
    for (let k = 0; k < K; k++) load += plan.ship[a * K + k]! * approx.weight[k]!;
    const way = load * approx.km[arcs.route[a]!]!;
    tonnes += load;
    tonneKm += way;
    if (arcs.fleet[a]! >= 0) driven[arcs.fleet[a]! * T + arcs.depart[a]!]! += way;
  }
  const cost = toNumber(planCost(network, plan));
  const { budget } = scenario;
  return {
    tonnes,
    tonneKm,
    cost,
    currency: budget?.currency ?? null,
    fleets: scenario.fleets.map((f, i) => {
      const days = driven.subarray(i * T, (i + 1) * T);
      const limits = approx.fleet.subarray(i * T, (i + 1) * T);
      const used = days.reduce((a, b) => a + b, 0);
      return { mode: f.mode, used, limit: sumOfLimits(limits.subarray(first)), peak: peakOf(days, limits) };
    }),
    budget: budget
      ? { used: spent ? toNumber(plus(planCost(network, plan), spent.cost)) : cost, limit: budget.amount }
      : null,
    ...(spent ? { spent: { tonnes: toNumber(spent.tonnes), cost: toNumber(spent.cost) } } : {}),
  };
}

/** Equal limits are multiplied: a sum would be off in its last digit. */
const sumOfLimits = (limits: Float64Array): number =>
  limits.every((limit) => limit === limits[0]) ? limits[0]! * limits.length : limits.reduce((a, b) => a + b, 0);

/** The largest share of a period's limit that is used; of equal limits the largest use decides. */
function peakOf(days: Float64Array, limits: Float64Array): number {
  if (limits.every((limit) => limit === limits[0])) return limits[0]! > 0 ? Math.max(0, ...days) / limits[0]! : 0;
  return days.reduce((peak, used, t) => (limits[t]! > 0 ? Math.max(peak, used / limits[t]!) : peak), 0);
}

function measureResources(network: Network, plan: Plan, coverage: Coverage[]): Measures['byResource'] {
  const { D, H, R, S, T, K, supply, scenario } = network;
  const into = arrivals(network, plan.ship);
  const number = new Map(scenario.resources.map((resource, k) => [resource.id, k]));
  const covered = scenario.resources.map(() => ({ needed: 0, met: 0, due: 0 }));
  for (const c of coverage) {
    const sums = covered[number.get(c.resource)!]!;
    sums.needed += c.needed;
    sums.met += c.met;
    sums.due += c.due;
  }
  return scenario.resources.map((resource, k) => {
    let stock = 0;
    for (let s = 0; s < S; s++) for (let t = 0; t < T; t++) stock += supply[(s * T + t) * K + k]!;
    let shipped = 0;
    let delivered = 0;
    for (let j = 0; j < R; j++)
      for (let t = 0; t < T; t++) {
        shipped += into[((D + H + j) * T + t) * K + k]! + supply[((D + H + j) * T + t) * K + k]!;
        delivered += handedOut(network, plan.met, j, t, k);
      }
    const { needed, met, due } = covered[k]!;
    return {
      resource: resource.id,
      unit: resource.unit,
      stock: quantityOf(network, stock, k),
      due,
      shipped: quantityOf(network, shipped, k),
      delivered: quantityOf(network, delivered, k),
      ratio: needed > 0 ? met / needed : 1,
    };
  });
}
