/** Reports that cannot both hold: the same figure in the same period set to two values, or set by one and added to by another. */
import { unitsOf } from '../losses.js';
import type { Scenario } from '../schema.js';
import { english, type Text, wording } from '../wording.js';
import { periodsSaid } from './calendar.js';
import type { Effect, NeedEffect, RouteEffect } from './effects.js';
import { type Known, routeKey } from './known.js';

export interface Conflict {
  /** Digests of both, in ascending order. */
  reports: [string, string];
  /** What both speak of, in words. */
  place: string;
  periods: number[];
  /** What each of the two says, in the same order. */
  values: [string, string];
  mend: string;
  /** All of the above in one sentence. */
  message: string;
  /** The words above, for readers of other languages. */
  said: { place: Text; values: [Text, Text]; mend: Text; message: Text };
}

interface Claim {
  report: string;
  /** undefined: adds to whatever it is. */
  value: string | undefined;
  says: Text;
}

const MEND = wording`reject one of them, or file one that supersedes both`;

/** Two reports that exclude each other; `when` names the periods. */
export function conflictOf(
  reports: [string, string],
  place: Text,
  periods: number[],
  when: Text,
  values: [Text, Text],
): Conflict {
  const [a, b] = reports.map((r) => r.slice(0, 12)) as [string, string];
  const message = wording`${place}, ${when}: report ${a} says ${values[0]}, report ${b} says ${values[1]}: ${MEND}.`;
  return {
    reports,
    place: english(place),
    periods,
    values: [english(values[0]), english(values[1])],
    mend: english(MEND),
    message: english(message),
    said: { place, values, mend: MEND, message },
  };
}

/** All pairs of reports in conflict, whatever the order of the effects. */
export function conflictsOf(effects: readonly Effect[], known: Known): Conflict[] {
  const cells = new Map<string, { place: Text; t: number; claims: Claim[] }>();
  const claim = (key: string, place: Text, t: number, made: Claim) => {
    const cell = cells.get(`${key}\0${t}`);
    if (cell) cell.claims.push(made);
    else cells.set(`${key}\0${t}`, { place, t, claims: [made] });
  };
  for (const effect of effects)
    for (const made of claimsOf(effect, known.scenario)) {
      for (const t of effect.periods) claim(made.key, made.place, t, { ...made, report: effect.report });
    }
  const found = new Map<string, { place: Text; periods: number[]; x: Claim; y: Claim }>();
  const add = (place: Text, t: number, a: Claim, b: Claim) => {
    const [x, y] = a.report < b.report ? [a, b] : [b, a];
    const key = [x.report, y.report, ...[place, x.says, y.says].map(english)].join(' ');
    const earlier = found.get(key);
    if (earlier) earlier.periods.push(t);
    else found.set(key, { place, periods: [t], x, y });
  };
  for (const { place, t, claims } of cells.values()) {
    if (claims.every((c) => c.value === undefined)) continue;
    for (let i = 0; i < claims.length; i++)
      for (let j = 0; j < i; j++) if (excludes(claims[i]!, claims[j]!)) add(place, t, claims[i]!, claims[j]!);
  }
  for (const { place, t, a, b } of [...reopenings(effects, known), ...newNeeds(effects, known)]) add(place, t, a, b);
  return [...found.values()]
    .map(({ place, periods: named, x, y }) => {
      const periods = [...new Set(named)].sort((a, b) => a - b);
      const when = periodsSaid(known.scenario.periods, periods);
      return conflictOf([x.report, y.report], place, periods, when, [x.says, y.says]);
    })
    .sort((a, b) => (a.message < b.message ? -1 : 1));
}

/** One report says one thing, so what it says in several fields of one figure is meant together. */
const excludes = (a: Claim, b: Claim): boolean =>
  a.report !== b.report && a.value !== b.value && !(a.value === undefined && b.value === undefined);

const routeInWords = ({ from, to, mode }: { from: string; to: string; mode: string }): Text =>
  wording`Route ${from} → ${to} by ${mode}`;

function claimsOf(
  effect: Effect,
  scenario: Scenario,
): { key: string; place: Text; value: string | undefined; says: Text }[] {
  switch (effect.on) {
    case 'route':
      return [
        { key: `route ${routeKey(effect.route)} ${effect.figure}`, place: routeInWords(effect.route), ...said(effect) },
      ];
    case 'size': {
      const { list, index, figure, value } = effect;
      const place =
        list === 'fleets'
          ? wording`Fleet ${scenario.fleets![index]!.mode}`
          : wording`Site ${scenario[list]![index]!.id}`;
      return [{ key: `size ${list} ${index} ${figure}`, place, value: String(value), says: `${figure} ${value}` }];
    }
    case 'need': {
      const { region, resource, set, add } = effect;
      const place = wording`Need of ${resource} in region ${scenario.regions[region]!.id}`;
      const { unit, lot } = scenario.resources.find((r) => r.id === resource)!;
      const says =
        set === undefined ? `${add! > 0 ? '+' : ''}${unitsOf(add!, lot)} ${unit}` : `${unitsOf(set, lot)} ${unit}`;
      return [{ key: `need ${region} ${resource}`, place, value: set === undefined ? undefined : String(set), says }];
    }
    default:
      return []; // people and stock only add up
  }
}

function said(effect: RouteEffect): { value: string; says: Text } {
  const says =
    effect.figure === 'closed' ? (effect.value ? wording`closed` : wording`open`) : `${effect.figure} ${effect.value}`;
  return { value: String(effect.value), says };
}

type Found = { place: Text; t: number; a: Claim; b: Claim };
const asClaim = (report: string, says: Text): Claim => ({ report, says, value: english(says) });

/**
 * A closed period has no figures of its own (it opens with those of the route as first written), so that one report opens it
 * and another states a figure for it only agree where that other speaks of all periods.
 */
function* reopenings(effects: readonly Effect[], { scenario, routes }: Known): Generator<Found> {
  const all = scenario.periods.count;
  const ways = effects.filter((e): e is RouteEffect => e.on === 'route');
  // a report that opens a period itself states its figures whether another opens it too or not
  const opens = new Set(ways.flatMap((e) => (e.figure === 'closed' && !e.value ? [e.report] : [])));
  for (const open of ways) {
    if (open.figure !== 'closed' || open.value) continue;
    const key = routeKey(open.route);
    const [base] = routes.get(key)!.map((r) => scenario.routes[r]!);
    const twins = routes.get(key)!.map((r) => new Set(scenario.routes[r]!.closed));
    for (const other of ways) {
      if (other.figure === 'closed' || opens.has(other.report) || routeKey(other.route) !== key) continue;
      if (other.periods.length === all) continue;
      if (other.value === (other.figure === 'leadPeriods' ? (base!.leadPeriods ?? 0) : base!.capacityTonnes)) continue;
      const spoken = new Set(other.periods);
      for (const t of open.periods)
        if (spoken.has(t) && twins.every((closed) => closed.has(t)))
          yield {
            place: routeInWords(open.route),
            t,
            a: asClaim(open.report, wording`open`),
            b: asClaim(other.report, said(other).says),
          };
    }
  }
}

/** "All that the region demands" is not the same before and after another report has it demand something new. */
function* newNeeds(effects: readonly Effect[], { scenario }: Known): Generator<Found> {
  const needs = effects.filter((e): e is NeedEffect => e.on === 'need');
  for (const one of needs) {
    const { id, demand } = scenario.regions[one.region]!;
    // a durable that falls due in the last period has none after it in which nothing more does
    if (Object.hasOwn(demand, one.resource) || one.periods.length === 0) continue;
    for (const people of needs) {
      if (!people.all || people.region !== one.region || people.report === one.report) continue;
      const place = wording`Region ${id}`;
      const a = asClaim(one.report, wording`a need of ${one.resource}, which is new`);
      yield {
        place,
        t: one.periods[0]!,
        a,
        b: asClaim(people.report, wording`people who need all that the region demands`),
      };
    }
  }
}
