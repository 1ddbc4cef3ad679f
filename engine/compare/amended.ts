/** Which parts of two scenarios differ, in words. What is information only (names, sources, places, donors) is left out. */
import { type CompleteRoute, type CompleteScenario, complete, type Scenario, sameJson } from '../../scenarios/index.js';
import { listed, moves, number, only } from './words.js';

/**
 * One phrase for each thing that differs, for example "need of water in all: 10,000 → 12,000 L, in 2 regions: upper 5,000 →
 * 6,000, …". Empty where the two ask for the same plan. Defaults are filled in first, so writing one out is no difference.
 */
export function scenarioDifferences(before: Scenario, after: Scenario): string[] {
  const [b, a] = [complete(before), complete(after)];
  const id = (x: { id: string }) => x.id;
  const route = (r: CompleteRoute) => `${r.from} → ${r.to} by ${r.mode}`;
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
    ...fields('depot', b.depots, a.depots, id, { 'handling limit in t': (d) => d.handlingTonnes }),
    ...fields('hub', b.hubs, a.hubs, id, {
      'handling limit in t': (h) => h.handlingTonnes,
      'storage in t': (h) => h.storageTonnes,
    }),
    ...fields('region', b.regions, a.regions, id, {
      priority: (r) => r.priority,
      floor: (r) => r.floor,
      'storage in t': (r) => r.storageTonnes,
    }),
    ...amounts('need', 'region', b, a, needs),
    ...amounts('stock', 'depot', b, a, stocks),
    ...amounts('arrivals', 'depot and period', b, a, arrivals),
    ...fields('route', b.routes, a.routes, route, {
      km: (r) => r.km,
      'periods on the way': (r) => r.leadPeriods,
      'capacity in t': (r) => r.capacityTonnes,
      'cost per t': (r) => r.costPerTonne,
      'closed periods': (r) => r.closed.join(' ') || 'none',
    }),
    ...fields('fleet', b.fleets, a.fleets, (f) => f.mode, {
      'tonne-km a period': (f) => f.factors.reduce((x, y) => x * y, 1),
    }),
  );
  if (!sameJson(b.budget, a.budget)) phrases.push(`budget: ${budget(b)} → ${budget(a)}`);
  if (!sameJson(b.policy, a.policy)) phrases.push(`policy of the scenario: ${policy(b)} → ${policy(a)}`);
  return phrases;
}

const periods = ({ periods: p }: CompleteScenario) => `${p.count} of ${p.length}${p.start ? ` from ${p.start}` : ''}`;
const budget = ({ budget: b }: CompleteScenario) => (b ? `${number(b.amount)} ${b.currency ?? ''}`.trim() : 'none');
const policy = ({ policy: p }: CompleteScenario) =>
  p.name === 'custom' ? p.stages.map((s) => s.stage).join(', then ') : p.name;

type Value = string | number | null;

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

/** Amounts by resource and by place. */
type Amounts = Map<string, Map<string, number>>;

function add(amounts: Amounts, resource: string, place: string, amount: number): void {
  const places = amounts.get(resource) ?? new Map<string, number>();
  amounts.set(resource, places.set(place, (places.get(place) ?? 0) + amount));
}

function needs({ regions }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  // a number a period, so that a need that comes at another time differs
  for (const { id, demand } of regions)
    for (const [resource, list] of Object.entries(demand))
      list.forEach((amount, t) => {
        if (amount !== 0) add(amounts, resource, list.length > 1 ? `${id} in period ${t}` : id, amount);
      });
  return amounts;
}

function stocks({ depots }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  for (const { id, stock } of depots)
    for (const [resource, amount] of Object.entries(stock)) add(amounts, resource, id, amount);
  return amounts;
}

function arrivals({ depots }: CompleteScenario): Amounts {
  const amounts: Amounts = new Map();
  for (const { id, arrivals: list } of depots)
    for (const { period, resource, quantity } of list) add(amounts, resource, `${id} in period ${period}`, quantity);
  return amounts;
}

function amounts(
  what: string,
  place: string,
  before: CompleteScenario,
  after: CompleteScenario,
  of: (scenario: CompleteScenario) => Amounts,
): string[] {
  const [b, a] = [of(before), of(after)];
  const none = new Map<string, number>();
  return [...new Set([...b.keys(), ...a.keys()])].flatMap((resource) => {
    const [x, y] = [b.get(resource) ?? none, a.get(resource) ?? none];
    const changed = [...new Set([...x.keys(), ...y.keys()])]
      .map((id): [string, number, number] => [id, x.get(id) ?? 0, y.get(id) ?? 0])
      .filter(([, from, to]) => from !== to)
      .sort((one, other) => Math.abs(other[2] - other[1]) - Math.abs(one[2] - one[1]));
    if (changed.length === 0) return [];
    const unit = (after.resources.find((r) => r.id === resource) ?? before.resources.find((r) => r.id === resource))
      ?.unit;
    const sum = (m: Map<string, number>) => number([...m.values()].reduce((total, n) => total + n, 0));
    const all = sum(x) === sum(y) ? `${sum(x)} as before` : `${sum(x)} → ${sum(y)}`;
    return [`${what} of ${resource}: ${all} ${unit ?? ''} in all, differs in ${listed(place, changed.map(moves))}`];
  });
}
