/** Which parts of two scenarios differ. What is information only (names, sources, places, donors) is left out. */
import { type CompleteScenario, complete, type Scenario, sameJson } from '../../scenarios/index.js';
import { byPeriod, product, ways } from './figures.js';
import { type ComparisonSaid, english, type Value } from './said.js';
import { type Kind, listed, number, only } from './words.js';

type Said = ComparisonSaid;

/** `differencesSaid` in words: "need of water: 10,000 → 12,000 L in all, differs in 2 regions: upper 5,000 → 6,000, …". */
export const scenarioDifferences = (before: Scenario, after: Scenario): string[] =>
  differencesSaid(before, after).map(english);

/**
 * One phrase for each thing that differs. Empty where the two ask for the same plan. Defaults are filled in first, so writing one out is
 * no difference.
 */
export function differencesSaid(before: Scenario, after: Scenario): Said[] {
  const [b, a] = [complete(before), complete(after)];
  const id = (x: { id: string }) => x.id;
  const place = (x: { id: string }): Said => ({ say: 'place', site: x.id });
  const phrases: Said[] = [];
  if (!sameJson(b.periods, a.periods)) phrases.push({ say: 'horizon', before: periods(b), after: periods(a) });
  phrases.push(
    ...fields('resource', b.resources, a.resources, id, (r) => ({ say: 'good', resource: r.id }), {
      unit: (r) => r.unit,
      weight: (r) => r.weightKg,
      lot: (r) => r.lot,
      kind: (r) => ({ say: r.kind }),
      peoplePerUnit: (r) => r.peoplePerUnit,
      importance: (r) => r.importance,
    }),
    ...fields('depot', b.depots, a.depots, id, place, { handling: (d) => byPeriod(d.handlingTonnes) }),
    ...fields('hub', b.hubs, a.hubs, id, place, {
      handling: (h) => byPeriod(h.handlingTonnes),
      storage: (h) => h.storageTonnes,
    }),
    ...fields('region', b.regions, a.regions, id, place, {
      priority: (r) => r.priority,
      floor: (r) => r.floor,
      storage: (r) => r.storageTonnes,
    }),
    ...amounts('need', 'region', b, a, needs),
    ...amounts('stock', 'depot', b, a, stocks),
    ...amounts('arrivals', 'depot', b, a, arrivals),
    ...fields(
      'route',
      ways(b),
      ways(a),
      (w) => w.name,
      (w) => w.said,
      {
        km: (w) => w.figure((r) => r.km),
        lead: (w) => w.figure((r) => r.leadPeriods),
        capacity: (w) => w.figure((r) => r.capacityTonnes),
        cost: (w) => w.figure((r) => r.costPerTonne),
        closed: (w) => (w.closed.length > 0 ? { say: 'closed', periods: w.closed } : NONE),
      },
    ),
    ...fields(
      'fleet',
      b.fleets,
      a.fleets,
      (f) => f.mode,
      ({ mode }) => ({ say: 'by.mode', mode }),
      {
        tonneKm: (f) => byPeriod(product(f.factors)),
      },
    ),
  );
  if (!sameJson(b.budget, a.budget)) phrases.push({ say: 'budget', before: budget(b), after: budget(a) });
  if (!sameJson(b.policy, a.policy)) phrases.push({ say: 'policy', before: policy(b), after: policy(a) });
  phrases.push(...levels(b, a), ...pasts(b, a));
  return phrases;
}

const NONE: Said = { say: 'none' };

/** The level, and whose depots give by it; what that does to the stock that there is to give stands under stock. */
function levels({ response: b }: CompleteScenario, { response: a }: CompleteScenario): Said[] {
  const of = (r: typeof a): Said => {
    const level = r?.level;
    const what: Said = level ? { say: 'level', level } : { say: r ? 'level.none' : 'level.unneeded' };
    const names = (r?.locked ?? []).map(({ tier }) => tier);
    return names.length > 0 ? { say: 'some.give', what, names } : { say: 'all.give', what };
  };
  const [before, after] = [of(b), of(a)];
  return sameJson(before, after) ? [] : [{ say: 'response', before, after }];
}

function pasts({ after: b }: CompleteScenario, { after: a }: CompleteScenario): Said[] {
  const first = (past: typeof a): Said => (past ? { say: 'from.period', period: past.period } : { say: 'from.start' });
  const lines = ({ length: n }: readonly unknown[]): Said => (n === 0 ? { say: 'nothing' } : { say: 'lines', n });
  const lists = [
    ['past.sent', b?.shipped, a?.shipped],
    ['past.used', b?.used, a?.used],
    ['past.planned', b?.planned, a?.planned],
  ] as const;
  return [
    ...((b?.period ?? 0) === (a?.period ?? 0) ? [] : [{ say: 'time', before: first(b), after: first(a) } as const]),
    ...lists.flatMap(([say, x = [], y = []]): Said[] => {
      const after: Said = x.length === y.length ? { say: 'as.many' } : lines(y);
      return sameJson(x, y) ? [] : [{ say, before: lines(x), after }];
    }),
  ];
}

const periods = ({ periods: { count: n, length: text, start: day } }: CompleteScenario): Said =>
  day ? { say: 'periods.from', n, text, day } : { say: 'periods', n, text };
const budget = ({ budget: b }: CompleteScenario): Said =>
  b ? { say: 'money', amount: b.amount, unit: b.currency ?? 'money' } : NONE;
const policy = ({ policy: p }: CompleteScenario): Said =>
  p.name === 'custom'
    ? { say: 'policy.stages', stages: p.stages.map((s) => s.stage) }
    : { say: 'policy.named', policy: p.name };

/** Which things of one kind there are in one scenario only, and which fields of the others differ. */
function fields<X>(
  kind: Kind,
  before: readonly X[],
  after: readonly X[],
  key: (x: X) => string,
  named: (x: X) => Said,
  of: Partial<Record<Extract<Said, { say: 'figure' }>['field'], (x: X) => Value>>,
): Said[] {
  const [b, a] = [new Map(before.map((x) => [key(x), x])), new Map(after.map((x) => [key(x), x]))];
  const phrases = only(kind, b, a, (_, x) => named(x));
  for (const [field, value] of Object.entries(of) as [keyof typeof of, (x: X) => Value][]) {
    const changed = [...b].flatMap(([id, x]): Said[] => {
      const y = a.get(id);
      if (y === undefined || sameJson(value(x), value(y))) return [];
      return [{ say: 'moves', what: named(x), before: value(x), after: value(y) }];
    });
    if (changed.length) phrases.push({ say: 'figure', field, what: listed(kind, changed) });
  }
  return phrases;
}

/** Amounts a period, by resource and by place. */
type Amounts = Map<string, Map<string, readonly number[]>>;

function put(amounts: Amounts, resource: string, place: string, list: readonly number[]): void {
  const places = amounts.get(resource) ?? new Map<string, readonly number[]>();
  amounts.set(resource, places.set(place, list));
}

function needs({ regions }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  for (const { id, demand } of regions)
    for (const [resource, list] of Object.entries(demand)) put(amounts, resource, id, list);
  return amounts;
}

function stocks({ depots }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  for (const { id, stock } of depots)
    for (const [resource, amount] of Object.entries(stock)) put(amounts, resource, id, [amount]);
  return amounts;
}

function arrivals({ depots, periods }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  for (const { id, arrivals: list } of depots) {
    const byResource = new Map<string, number[]>();
    for (const { period, resource, quantity } of list) {
      const days = byResource.get(resource) ?? new Array<number>(periods.count).fill(0);
      days[period]! += quantity;
      byResource.set(resource, days);
    }
    for (const [resource, days] of byResource) put(amounts, resource, id, days);
  }
  return amounts;
}

const total = (list: readonly number[] = []): number => list.reduce((sum, amount) => sum + amount, 0);

/** Whether two lists say the same, periods beyond the end of one counting as nothing. */
function sameAmounts(a: readonly number[] = [], b: readonly number[] = []): boolean {
  for (let t = 0; t < Math.max(a.length, b.length); t++) if ((a[t] ?? 0) !== (b[t] ?? 0)) return false;
  return true;
}

function amounts(
  say: 'need' | 'stock' | 'arrivals',
  kind: Kind,
  before: CompleteScenario,
  after: CompleteScenario,
  of: (scenario: CompleteScenario) => Amounts,
): Said[] {
  const [b, a] = [of(before), of(after)];
  const none = new Map<string, readonly number[]>();
  return [...new Set([...b.keys(), ...a.keys()])].flatMap((resource): Said[] => {
    const [x, y] = [b.get(resource) ?? none, a.get(resource) ?? none];
    const changed = [...new Set([...x.keys(), ...y.keys()])]
      .filter((id) => !sameAmounts(x.get(id), y.get(id)))
      .map((id): [string, number, number] => [id, total(x.get(id)), total(y.get(id))])
      .sort((one, other) => Math.abs(other[2] - other[1]) - Math.abs(one[2] - one[1]));
    if (changed.length === 0) return [];
    const found = [after, before].map(({ resources }) => resources.find((r) => r.id === resource)?.unit);
    const sum = (places: typeof none) => [...places.values()].reduce((all, list) => all + total(list), 0);
    const [was, amount] = [sum(x), sum(y)];
    const limit: Said =
      number(was) === number(amount) ? { say: 'as.before', amount: was } : { say: 'from.to', was, amount };
    const named = changed.map(([site, from, to]): Said => {
      const what: Said = { say: 'place', site };
      return number(from) === number(to) ? { say: 'elsewhen', what } : { say: 'moves', what, before: from, after: to };
    });
    return [{ say, resource, limit, unit: found[0] ?? found[1] ?? '', what: listed(kind, named) }];
  });
}
