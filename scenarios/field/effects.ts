/** What one verified report changes, figure by figure and period by period: what conflicts are found in and scenarios made from. */
import { digestOf } from '../digest.js';
import { type Fault, fault, show } from '../faults.js';
import { lotsOf } from '../losses.js';
import { decimalOf } from '../lots.js';
import { wording } from '../wording.js';
import { periodOf } from './calendar.js';
import { FIGURES, wrongSize } from './check-obstacle.js';
import { type Known, routeKey } from './known.js';
import { placeNamed, spokenOf } from './near.js';
import { A_PLACE, PLACE, type PlaceKind } from './placewords.js';
import type { FieldReport, Moment, PlaceName, ReportOf, RouteName, VerifiedReport } from './report.js';

interface Base {
  /** Digest of the report. */
  report: string;
  periods: readonly number[];
}

export type RouteEffect = Base & { on: 'route'; route: RouteName } & (
    | { figure: 'closed'; value: boolean }
    | { figure: 'leadPeriods' | 'capacityTonnes'; value: number }
  );

export type SizeEffect = Base & {
  on: 'size';
  list: 'depots' | 'hubs' | 'fleets';
  index: number;
  figure: 'handlingTonnes' | 'vehicles' | 'tonneKm';
  value: number;
};

/** Lots due in each of the periods: set, or that many more or fewer. `all`: whatever the region demands was meant. */
export type NeedEffect = Base & {
  on: 'need';
  region: number;
  resource: string;
  set?: number;
  add?: number;
  all: boolean;
  /** The field of the report that says so. */
  field: string;
};

export type PeopleEffect = Base & { on: 'people'; region: number; add: number };

export type StockEffect = Base & {
  on: 'stock';
  depot: number;
  change: ReportOf<'stock'>['change'];
  resource: string;
  quantity: number;
};

export type Effect = RouteEffect | SizeEffect | NeedEffect | PeopleEffect | StockEffect;

/** A fault of one report. */
export type ReportFault = Fault & { report: string };

/**
 * The effects of a report that was checked against the scenario; of a delivery none, which is history. A fault where it has no
 * place, or one that it cannot speak of.
 */
export function effectsOf({ report, place }: VerifiedReport, known: Known): Effect[] | Fault {
  if (report.kind === 'delivery') return [];
  const named = placeNamed(report);
  const at = named ?? place;
  if (at === undefined)
    return fault(
      [],
      wording`nothing`,
      wording`has no place`,
      wording`whoever verifies it names one (place), or rejects it`,
      wording`The report`,
    );
  if (named && place && JSON.stringify(sorted(named)) !== JSON.stringify(sorted(place)))
    return fault(
      ['place'],
      wording`another place`,
      wording`is not the place that the report names`,
      wording`leave it out, or ask for a new report`,
    );
  const wrong = unfit(report, at, known);
  if (wrong) return wrong;
  const id = digestOf(report);
  if (report.kind === 'obstacle') return obstacle(id, report, at, known);
  if (report.kind === 'stock' && 'depot' in at) return [stock(id, report, at.depot, known)];
  if (report.kind === 'need' && 'region' in at) return need(id, report, at.region, known);
  throw new Error('a place fits that was found not to');
}

function sorted(place: PlaceName): unknown {
  return 'route' in place ? ['route', routeKey(place.route)] : Object.entries(place);
}

/** A place of the wrong kind, or one that the scenario does not have. */
function unfit(report: Exclude<FieldReport, { kind: 'delivery' }>, at: PlaceName, known: Known): Fault | undefined {
  const wanted = report.kind === 'need' ? 'region' : report.kind === 'stock' ? 'depot' : spokenOf(report);
  const [[kind, name]] = Object.entries(at) as [[PlaceKind, string | RouteName]]; // the schema has no other
  const found = typeof name === 'string' ? show(name) : wording`${name.from} → ${name.to} by ${name.mode}`;
  if (kind !== wanted)
    return fault(
      ['place', kind],
      found,
      wording`is ${A_PLACE[kind]}, and the report speaks of ${A_PLACE[wanted]}`,
      wording`name ${A_PLACE[wanted]}`,
    );
  const there =
    typeof name === 'string' ? listOf(kind, known).some((ids) => ids.has(name)) : known.routes.has(routeKey(name));
  if (!there)
    return fault(
      ['place', kind],
      found,
      wording`names no ${PLACE[kind]} of the scenario`,
      wording`name ${A_PLACE[kind]} of it`,
    );
  const figure = report.kind === 'obstacle' ? FIGURES.fleet.find((f) => report[f] !== undefined) : undefined;
  const size = kind === 'fleet' ? wrongSize(known, String(name), figure) : undefined;
  return size && fault([size.figure], show(figure), size.what, size.mend);
}

const listOf = (kind: string, { depots, hubs, regions, fleets }: Known): ReadonlyMap<string, unknown>[] =>
  kind === 'region' ? [regions] : kind === 'fleet' ? [fleets] : kind === 'depot' ? [depots] : [depots, hubs];

/** The number of a period that a checked report names. */
export function momentNumber({ scenario: { periods } }: Known, moment: Moment, end = false): number {
  const t = typeof moment === 'number' ? moment : periodOf(periods, moment, end);
  if (t === undefined) throw new RangeError(`${moment} is no period of the scenario; was the report checked?`);
  return t;
}

function periodsOf(known: Known, { from, until }: { from: Moment; until?: Moment }): number[] {
  const first = momentNumber(known, from);
  const end = until === undefined ? known.scenario.periods.count : momentNumber(known, until, true);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function obstacle(id: string, report: ReportOf<'obstacle'>, at: PlaceName, known: Known): Effect[] {
  const base = { report: id, periods: periodsOf(known, report) };
  if ('route' in at) {
    const { closed, open, leadPeriods, capacityTonnes } = report;
    const way = { ...base, on: 'route' as const, route: at.route };
    return [
      ...(closed || open ? [{ ...way, figure: 'closed' as const, value: closed === true }] : []),
      ...(leadPeriods === undefined ? [] : [{ ...way, figure: 'leadPeriods' as const, value: leadPeriods }]),
      ...(capacityTonnes === undefined ? [] : [{ ...way, figure: 'capacityTonnes' as const, value: capacityTonnes }]),
    ];
  }
  if ('site' in at) {
    const depot = known.depots.get(at.site);
    const index = depot ?? known.hubs.get(at.site)!;
    const list = depot === undefined ? 'hubs' : 'depots';
    return [{ ...base, on: 'size', list, index, figure: 'handlingTonnes', value: report.handlingTonnes! }];
  }
  if (!('fleet' in at)) throw new Error('an obstacle is on a route, at a site or in a fleet');
  const figure = report.vehicles === undefined ? 'tonneKm' : 'vehicles';
  return [{ ...base, on: 'size', list: 'fleets', index: known.fleets.get(at.fleet)!, figure, value: report[figure]! }];
}

function stock(
  report: string,
  { from, change, resource, quantity }: ReportOf<'stock'>,
  depot: string,
  known: Known,
): Effect {
  const periods = [momentNumber(known, from)];
  return { report, periods, on: 'stock', depot: known.depots.get(depot)!, change, resource, quantity };
}

/** Consumables are due in every period of the span, durables once in its first: what fell due stays due. */
function need(report: string, said: ReportOf<'need'>, at: string, known: Known): Effect[] {
  const region = known.regions.get(at)!;
  const span = periodsOf(known, said);
  const first = span.slice(0, 1);
  const durable = (id: string) => known.resources.get(id)!.kind === 'durable';
  const lot = (id: string) => known.resources.get(id)!.lot ?? 1;
  const base = { report, on: 'need' as const, region, all: false };
  const { people, resource, more, to } = said;
  if (resource !== undefined && to !== undefined) {
    const set = { ...base, resource, field: 'to', set: lotsOf(to, lot(resource)) };
    if (!durable(resource)) return [{ ...set, periods: span }];
    return [
      { ...set, periods: first },
      { ...set, periods: span.slice(1), set: 0 },
    ];
  }
  const periods = (id: string) => (durable(id) ? first : span);
  if (resource !== undefined)
    return [{ ...base, resource, field: 'more', periods: periods(resource), add: lotsOf(more!, lot(resource)) }];
  const all = said.resources === undefined;
  const wanted = said.resources ?? Object.keys(known.scenario.regions[region]!.demand);
  const effects: Effect[] = wanted.map((id) => {
    const add = lotsFor(people!, known.resources.get(id)!.peoplePerUnit ?? 1, lot(id));
    return { ...base, resource: id, field: 'people', periods: periods(id), add, all };
  });
  // People who stay for some periods only are not counted among those of the region.
  if (said.until === undefined) effects.push({ report, on: 'people', region, add: people!, periods: first });
  return effects;
}

/** ⌈people ÷ (peoplePerUnit × lot)⌉, exactly: of people who go, no more need goes than is theirs. */
function lotsFor(people: number, peoplePerUnit: number, lot: number): number {
  const [p, l] = [decimalOf(peoplePerUnit), decimalOf(lot)];
  const exponent = p.exponent + l.exponent;
  const scale = 10n ** BigInt(Math.abs(exponent));
  const over = BigInt(people) * (exponent < 0 ? scale : 1n);
  const under = p.digits * l.digits * (exponent > 0 ? scale : 1n);
  const quotient = over / under; // towards zero
  return Number(over > 0n && over % under !== 0n ? quotient + 1n : quotient);
}
