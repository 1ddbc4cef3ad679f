/** Which parts of two scenarios differ, in words. What is information only (names, sources, places, donors) is left out. */
import { type CompleteScenario, complete, type Scenario, sameJson } from '../../scenarios/index.js';
import { byPeriod, product, type Value, ways } from './figures.js';
import { listed, moves, number, only } from './words.js';

/**
 * One phrase for each thing that differs, for example "need of water in all: 10,000 → 12,000 L, in 2 regions: upper 5,000 →
 * 6,000, …". Empty where the two ask for the same plan. Defaults are filled in first, so writing one out is no difference.
 */
export function scenarioDifferences(before: Scenario, after: Scenario): string[] {
  const [b, a] = [complete(before), complete(after)];
  const id = (x: { id: string }) => x.id;
  const phrases: string[] = [];
  if (!sameJson(b.periods, a.periods)) phrases.push(`periods: ${periods(b)} → ${periods(a)}`);
  phrases.push(
    ...fields('resource', b.resources, a.resources, id, {
      unit: (r) => r.unit,
      'weight in kg': (r) => r.weightKg,
      lot: (r) => r.lot,
      kind: (r) => r.kind,
      'people per unit': (r) => r.peoplePerUnit,
      importance: (r) => r.importance,
    }),
    ...fields('depot', b.depots, a.depots, id, { 'handling limit in t': (d) => byPeriod(d.handlingTonnes) }),
    ...fields('hub', b.hubs, a.hubs, id, {
      'handling limit in t': (h) => byPeriod(h.handlingTonnes),
      'storage in t': (h) => h.storageTonnes,
    }),
    ...fields('region', b.regions, a.regions, id, {
      priority: (r) => r.priority,
      floor: (r) => r.floor,
      'storage in t': (r) => r.storageTonnes,
    }),
    ...amounts('need', 'region', b, a, needs),
    ...amounts('stock', 'depot', b, a, stocks),
    ...amounts('arrivals', 'depot', b, a, arrivals),
    ...fields('route', ways(b), ways(a), (w) => w.name, {
      km: (w) => w.figure((r) => r.km),
      'periods on the way': (w) => w.figure((r) => r.leadPeriods),
      'capacity in t': (w) => w.figure((r) => r.capacityTonnes),
      'cost per t': (w) => w.figure((r) => r.costPerTonne),
      'closed periods': (w) => w.closed.join(' ') || 'none',
    }),
    ...fields('fleet', b.fleets, a.fleets, (f) => f.mode, {
      'tonne-km a period': (f) => byPeriod(product(f.factors)),
    }),
  );
  if (!sameJson(b.budget, a.budget)) phrases.push(`budget: ${budget(b)} → ${budget(a)}`);
  if (!sameJson(b.policy, a.policy)) phrases.push(`policy of the scenario: ${policy(b)} → ${policy(a)}`);
  phrases.push(...levels(b, a), ...pasts(b, a));
  return phrases;
}

/** The level, and whose depots give by it; what that does to the stock that there is to give stands under stock. */
function levels({ response: b }: CompleteScenario, { response: a }: CompleteScenario): string[] {
  const named = (r: typeof a) => (r ? (r.level ?? 'none declared') : 'none needed');
  const keeps = (r: typeof a) => {
    const tiers = (r?.locked ?? []).map(({ tier }) => tier);
    return tiers.length > 0 ? `depots of ${tiers.join(', ')} give nothing` : 'all depots give';
  };
  if (named(b) === named(a) && keeps(b) === keeps(a)) return [];
  return [`response level: ${named(b)} (${keeps(b)}) → ${named(a)} (${keeps(a)})`];
}

function pasts({ after: b }: CompleteScenario, { after: a }: CompleteScenario): string[] {
  const first = (past: typeof a) => (past ? `period ${past.period}` : 'the start');
  const lines = (list: readonly unknown[] = []) => (list.length === 0 ? 'nothing' : `${number(list.length)} lines`);
  const lists = [
    ['sent before', b?.shipped, a?.shipped],
    ['used before', b?.used, a?.used],
    ['the plan before', b?.planned, a?.planned],
  ] as const;
  return [
    ...((b?.period ?? 0) === (a?.period ?? 0) ? [] : [`time: from ${first(b)} → from ${first(a)}`]),
    ...lists.flatMap(([what, x = [], y = []]) =>
      sameJson(x, y) ? [] : [`${what}: ${lines(x)} → ${x.length === y.length ? 'as many others' : lines(y)}`],
    ),
  ];
}

const periods = ({ periods: p }: CompleteScenario) => `${p.count} of ${p.length}${p.start ? ` from ${p.start}` : ''}`;
const budget = ({ budget: b }: CompleteScenario) => (b ? `${number(b.amount)} ${b.currency ?? ''}`.trim() : 'none');
const policy = ({ policy: p }: CompleteScenario) =>
  p.name === 'custom' ? p.stages.map((s) => s.stage).join(', then ') : p.name;

/** Which things of one kind there are in one scenario only, and which fields of the others differ. */
function fields<X>(
  kind: string,
  before: readonly X[],
  after: readonly X[],
  name: (x: X) => string,
  of: Record<string, (x: X) => Value>,
): string[] {
  const [b, a] = [new Map(before.map((x) => [name(x), x])), new Map(after.map((x) => [name(x), x]))];
  const phrases = only(kind, [...b.keys()], [...a.keys()]);
  for (const [field, value] of Object.entries(of)) {
    const changed = [...b].flatMap(([id, x]): [string, Value, Value][] => {
      const y = a.get(id);
      return y !== undefined && value(x) !== value(y) ? [[id, value(x), value(y)]] : [];
    });
    if (changed.length) phrases.push(`${field} of ${listed(kind, changed.map(moves))}`);
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
  what: string,
  place: string,
  before: CompleteScenario,
  after: CompleteScenario,
  of: (scenario: CompleteScenario) => Amounts,
): string[] {
  const [b, a] = [of(before), of(after)];
  const none = new Map<string, readonly number[]>();
  return [...new Set([...b.keys(), ...a.keys()])].flatMap((resource) => {
    const [x, y] = [b.get(resource) ?? none, a.get(resource) ?? none];
    const changed = [...new Set([...x.keys(), ...y.keys()])]
      .filter((id) => !sameAmounts(x.get(id), y.get(id)))
      .map((id): [string, number, number] => [id, total(x.get(id)), total(y.get(id))])
      .sort((one, other) => Math.abs(other[2] - other[1]) - Math.abs(one[2] - one[1]));
    if (changed.length === 0) return [];
    const found = [after, before].map(({ resources }) => resources.find((r) => r.id === resource)?.unit);
    const sum = (places: typeof none) => number([...places.values()].reduce((all, list) => all + total(list), 0));
    const all = sum(x) === sum(y) ? `${sum(x)} as before` : `${sum(x)} → ${sum(y)}`;
    const named = changed.map((change) =>
      number(change[1]) === number(change[2]) ? `${change[0]} in other periods` : moves(change),
    );
    return [`${what} of ${resource}: ${all} ${found[0] ?? found[1] ?? ''} in all, differs in ${listed(place, named)}`];
  });
}
