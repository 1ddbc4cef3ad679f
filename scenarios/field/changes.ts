/** Effects that do not conflict → operations on the scenario, place by place, and what they change, to be said in words. */
import { sameJson } from '../digest.js';
import { type Fault, fault } from '../faults.js';
import { lotsOf, unitsOf } from '../losses.js';
import type { Operation } from '../patch.js';
import { releaseGate } from '../response/gate.js';
import type { Scenario } from '../schema.js';
import { commas, type Text, wording } from '../wording.js';
import { changesOf } from './diff.js';
import type { Effect, NeedEffect, PeopleEffect, ReportFault, RouteEffect, SizeEffect, StockEffect } from './effects.js';
import * as goods from './goods.js';
import { type Known, routeKey } from './known.js';
import { amendedRoutes, byPeriod, type Route } from './routes.js';
import { type AmendmentSaid, number } from './said.js';
import { needSaid, routeSaid, sizeSaid } from './words.js';

export interface Change {
  patch: Operation[];
  said: AmendmentSaid[];
  faults: ReportFault[];
}

export function amendmentOf(known: Known, effects: readonly Effect[]): Change {
  const { scenario } = known;
  const change: Change = { patch: [], said: [], faults: [] };
  const sizes = by(pick(effects, 'size'), (e) => `${e.list} ${e.index}`);
  const stocks = by(pick(effects, 'stock'), (e) => e.depot);
  const regions = by([...pick(effects, 'need'), ...pick(effects, 'people')], (e) => e.region);
  scenario.depots.forEach((depot, i) => {
    const sized = resized(change, scenario, { say: 'depot', site: depot.id }, depot, sizes.get(`depots ${i}`) ?? []);
    const stocked = restocked(change, known, sized, stocks.get(i) ?? []);
    change.patch.push(...changesOf(`/depots/${i}`, depot, stocked));
  });
  scenario.hubs?.forEach((hub, i) => {
    const sized = resized(change, scenario, { say: 'hub', site: hub.id }, hub, sizes.get(`hubs ${i}`) ?? []);
    change.patch.push(...changesOf(`/hubs/${i}`, hub, sized));
  });
  scenario.regions.forEach((region, i) => {
    const said = regions.get(i);
    if (said) change.patch.push(...changesOf(`/regions/${i}`, region, needing(change, known, region, said)));
  });
  reroute(change, known, pick(effects, 'route'));
  scenario.fleets?.forEach((fleet, i) => {
    const sized = resized(change, scenario, { say: 'fleet', mode: fleet.mode }, fleet, sizes.get(`fleets ${i}`) ?? []);
    change.patch.push(...changesOf(`/fleets/${i}`, fleet, sized));
  });
  return change;
}

const pick = <On extends Effect['on']>(effects: readonly Effect[], on: On): Extract<Effect, { on: On }>[] =>
  effects.filter((e): e is Extract<Effect, { on: On }> => e.on === on);

function by<X, K>(list: readonly X[], key: (x: X) => K): Map<K, X[]> {
  const groups = new Map<K, X[]>();
  for (const x of list) {
    const group = groups.get(key(x));
    if (group) group.push(x);
    else groups.set(key(x), [x]);
  }
  return groups;
}

type Sized = { handlingTonnes?: number | number[]; vehicles?: number | number[]; tonneKm?: number | number[] };

function resized<S extends object>(
  { said }: Change,
  { periods }: Scenario,
  who: AmendmentSaid,
  site: S & Sized,
  effects: readonly SizeEffect[],
): S {
  const first = effects[0];
  if (!first) return site;
  const { figure } = first; // a site has one, and a fleet is stated by one
  const before = goods.sizes(site[figure], periods.count);
  const after = goods.amendedSizes(before, effects);
  said.push(...sizeSaid(who, figure, before, after));
  const { [figure]: _, ...rest } = site;
  const written = goods.sizeWritten(after);
  return { ...rest, ...(written === undefined ? {} : { [figure]: written }) } as S; // only that figure is another
}

type Depot = Scenario['depots'][number];

/** Whoever reads that goods were found should know that no plan gives them yet. */
function lockedSaid(scenario: Scenario, { id }: Depot): AmendmentSaid[] {
  const gate = releaseGate(scenario);
  const tier = gate?.locked.find(({ depots }) => depots.includes(id));
  if (!gate || !tier) return [];
  const what: AmendmentSaid = gate.level === null ? { say: 'undeclared' } : { say: 'at.level', level: gate.level };
  const limit: AmendmentSaid = tier.from === null ? { say: 'no.release' } : { say: 'level.releases', level: tier.from };
  return [{ say: 'locked', site: id, what, limit }];
}

function restocked({ said, faults }: Change, known: Known, depot: Depot, effects: readonly StockEffect[]): Depot {
  if (effects.length === 0) return depot;
  const { periods } = known.scenario;
  const after = goods.amendedDepot(depot, effects);
  const order = [...effects].sort((a, b) => a.periods[0]! - b.periods[0]! || (a.report < b.report ? -1 : 1));
  for (const { report, change, resource, quantity, periods: at } of order) {
    const { id, unit, lot } = known.resources.get(resource)!;
    said.push({ say: change, site: depot.id, resource: id, period: at[0]!, amount: quantity, unit });
    if (change !== 'lost' && change !== 'expired') continue;
    const { lots, period } = goods.leastThere(after, known.resources.get(resource)!, periods.count, at[0]!);
    if (lots >= 0) continue;
    const there = unitsOf(Math.max(0, lots + lotsOf(quantity, lot)), lot);
    const what = wording`is ${quantity}, and of ${id} ${depot.id} has ${number(there)} ${unit} in period ${period}`;
    const mend = wording`write at most ${there}, or report first what was found or arrived there`;
    faults.push({ ...fault(['quantity'], String(quantity), what, mend), report });
  }
  said.push(...lockedSaid(known.scenario, depot));
  return after;
}

type Region = Scenario['regions'][number];

function needing(
  change: Change,
  known: Known,
  region: Region,
  effects: readonly (NeedEffect | PeopleEffect)[],
): Region {
  const { scenario } = known;
  const demand = { ...region.demand };
  const { count } = scenario.periods;
  const needs = by(pick(effects, 'need'), (e) => e.resource);
  for (const resource of scenario.resources) {
    const said = needs.get(resource.id);
    if (!said) continue;
    const before = goods.lotsDue(demand[resource.id], resource, count);
    const after = goods.amendedNeed(before, said);
    const units = (lots: number) => unitsOf(lots, resource.lot);
    const short = after.findIndex((lots) => lots < 0);
    if (short >= 0) change.faults.push(...tooFew(region, resource, said, before, short));
    else change.said.push(...needSaid(region.id, resource, units, before, after));
    // kept in its place where it was there, so that the text changes where the need does
    if (short < 0) demand[resource.id] = goods.demandWritten(after, resource);
  }
  const moved = pick(effects, 'people');
  const more = moved.reduce((sum, { add }) => sum + add, 0);
  const people = (region.people ?? 0) + more;
  if (region.people === undefined || moved.length === 0) return { ...region, demand };
  if (people < 0)
    for (const { report, add } of moved) {
      if (add >= 0) continue;
      const what = wording`is ${add}, and ${region.id} has ${number(region.people)} people`;
      change.faults.push({
        ...fault(['people'], String(add), what, wording`write at least -${region.people}`),
        report,
      });
    }
  else if (more !== 0) change.said.push({ say: 'people', region: region.id, amount: people, was: region.people });
  return { ...region, people: Math.max(0, people), demand };
}

/** Each report that takes away from a need of which too little is there. */
function tooFew(
  { id }: Region,
  resource: Scenario['resources'][number],
  said: readonly NeedEffect[],
  before: readonly number[],
  t: number,
): ReportFault[] {
  const units = (lots: number) => number(unitsOf(lots, resource.lot));
  const later = before.flatMap((lots, s): Text[] =>
    s !== t && lots > 0 ? [wording`${units(lots)} in period ${s}`] : [],
  );
  return said.flatMap(({ report, add = 0, periods, field }): (Fault & { report: string })[] => {
    if (add >= 0 || !periods.includes(t)) return [];
    const goods = wording`${units(-add)} ${resource.unit} of ${resource.id}`;
    const there = units(before[t]!);
    const what =
      resource.kind === 'durable'
        ? wording`takes ${goods} from ${id} in period ${t}, where ${there} falls due`
        : wording`takes ${goods} from ${id} in period ${t}, where ${there} is needed`;
    const mend =
      resource.kind === 'durable' && later.length > 0
        ? wording`take no more than falls due in the period of from; there is ${commas(later.slice(0, 5))}`
        : wording`take no more than there is, all reports together`;
    return [{ ...fault([field], units(add), what, mend), report }];
  });
}

/** Routes that split off stand right behind the one that stays; from the last route to the first, so that no number shifts. */
function reroute(change: Change, { scenario, routes }: Known, effects: readonly RouteEffect[]): void {
  const { periods } = scenario;
  const now: Route[] = [...scenario.routes];
  const groups = [...by(effects, (e) => routeKey(e.route))].map(([key, said]) => ({ said, numbers: routes.get(key)! }));
  groups.sort((a, b) => b.numbers[0]! - a.numbers[0]!);
  const told: AmendmentSaid[][] = [];
  for (const { said, numbers } of groups) {
    const before = numbers.map((r) => scenario.routes[r]!);
    const after = amendedRoutes(before, said, periods.count);
    if (sameJson(before, after)) continue;
    told.push(routeSaid(before[0]!, byPeriod(before, periods.count), byPeriod(after, periods.count)));
    const first = now.indexOf(before[0]!);
    for (const twin of before.slice(1)) {
      const r = now.indexOf(twin);
      change.patch.push({ op: 'test', path: `/routes/${r}`, value: twin }, { op: 'remove', path: `/routes/${r}` });
      now.splice(r, 1);
    }
    change.patch.push(...changesOf(`/routes/${first}`, before[0]!, after[0]!));
    now[first] = after[0]!;
    after.slice(1).forEach((twin, n) => {
      change.patch.push({ op: 'add', path: `/routes/${first + 1 + n}`, value: twin });
      now.splice(first + 1 + n, 0, twin);
    });
  }
  change.said.push(...told.reverse().flat());
}
