/** The coefficients of a network: exact, as the decimals that were written, and as the doubles nearest to them. */
import { atPeriod, type CompleteScenario, type PerPeriod } from '../scenarios/index.js';
import { type Decimal, decimal, type Fixed, fixed, times, toNumber } from './proof/exact.js';

/** Unlimited is null. */
export interface ExactData {
  /** Tonnes a lot, by resource. */
  weight: Fixed;
  /** Weight of one lot met: priority × importance × peoplePerUnit × lot, by region·K + resource. */
  points: Fixed;
  /** People-periods of one lot met, by resource. */
  people: Fixed;
  lot: Decimal[];
  km: Fixed;
  costPerTonne: Fixed;
  /** By route. */
  capacity: (Decimal | null)[];
  /** By node (site·T + period); null also for regions, which nothing leaves. */
  handling: (Decimal | null)[];
  /** By site; depots hold any stock (null). */
  storage: (Decimal | null)[];
  /** Tonne-km by row (fleet·T + period). */
  fleet: Decimal[];
  /** What may still be spent. */
  budget: Decimal | null;
  /** Share of need that comes first, by region. */
  floor: Fixed;
}

export interface ApproxData {
  weight: Float64Array;
  points: Float64Array;
  km: Float64Array;
  costPerTonne: Float64Array;
  capacity: Float64Array;
  handling: Float64Array;
  storage: Float64Array;
  fleet: Float64Array;
  budget: number;
  floor: Float64Array;
}

export function exactData(scenario: CompleteScenario): ExactData {
  const { resources, depots, hubs, regions, routes } = scenario;
  const optional = (value: number | null) => (value === null ? null : written(value));
  const lot = resources.map((r) => decimal(r.lot));
  const people = resources.map((r, k) => times(decimal(r.peoplePerUnit), lot[k]!));
  const worth = fixed(resources.map((r, k) => times(decimal(r.importance), people[k]!)));
  const thousandth = decimal(0.001);
  const T = scenario.periods.count;
  const sites = [...depots, ...hubs].map((s) => s.handlingTonnes);
  return {
    weight: fixed(resources.map((r, k) => times(times(decimal(r.weightKg), lot[k]!), thousandth))),
    points: outer(fixed(regions.map((j) => written(j.priority))), worth),
    people: fixed(people),
    lot,
    km: fixed(routes.map((r) => written(r.km))),
    costPerTonne: fixed(routes.map((r) => written(r.costPerTonne))),
    capacity: routes.map((r) => optional(r.capacityTonnes)),
    handling: [...sites, ...regions.map(() => null)].flatMap((limit) =>
      limit === null ? new Array<null>(T).fill(null) : everyPeriod(limit, T, written),
    ),
    storage: [...depots.map(() => null), ...[...hubs, ...regions].map((s) => written(s.storageTonnes))],
    fleet: scenario.fleets.flatMap(({ factors }) =>
      factors.every((f) => typeof f === 'number')
        ? new Array<Decimal>(T).fill(factors.map(decimal).reduce(times))
        : Array.from({ length: T }, (_, t) => factors.map((f) => decimal(atPeriod(f, t))).reduce(times)),
    ),
    budget: scenario.budget ? decimal(scenario.budget.amount) : null,
    floor: fixed(regions.map((j) => written(j.floor))),
  };
}

/** A figure once for each period; one number is read once. */
function everyPeriod(value: PerPeriod, T: number, read: (x: number) => Decimal): Decimal[] {
  return typeof value === 'number' ? new Array<Decimal>(T).fill(read(value)) : value.map(read);
}

/** All products a_i·b_j, by i·length of b + j, without an object for each. */
function outer(a: Fixed, b: Fixed): Fixed {
  const units: bigint[] = [];
  for (const x of a.units) for (const y of b.units) units.push(x * y);
  return { units, scale: a.scale + b.scale };
}

/** 10^0 … 10^22 are doubles. */
const TENS = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
/** Decimals of up to 15 digits have different nearest doubles, so the double tells the decimal (DBL_DIG of C). */
const APART = 1e15;

/**
 * `decimal`, without text where few places were written: N ÷ 10^s is rounded once, so where it is the value, the value is
 * the double nearest to that decimal; of fewer than 16 digits, it is the one that was written.
 */
function written(value: number): Decimal {
  for (let scale = 0; scale <= 9; scale++) {
    const units = Math.round(value * TENS[scale]!);
    if (!(Math.abs(units) < APART)) break;
    if (units / TENS[scale]! === value) return { units: BigInt(units), scale };
  }
  return decimal(value);
}

/** The double nearest to a decimal: one division where both sides are doubles. */
function nearestDouble(units: bigint, scale: number): number {
  const whole = Number(units);
  return Number.isSafeInteger(whole) && scale < TENS.length ? whole / TENS[scale]! : toNumber({ units, scale });
}

export function approximate(exact: ExactData): ApproxData {
  const all = (f: Fixed) => Float64Array.from(f.units, (units) => nearestDouble(units, f.scale));
  const limits = (list: (Decimal | null)[]) => {
    let [last, value]: [Decimal | null, number] = [null, Infinity];
    return Float64Array.from(list, (d) => {
      if (d !== last) [last, value] = [d, d ? nearestDouble(d.units, d.scale) : Infinity];
      return value;
    });
  };
  return {
    weight: all(exact.weight),
    points: all(exact.points),
    km: all(exact.km),
    costPerTonne: all(exact.costPerTonne),
    capacity: limits(exact.capacity),
    handling: limits(exact.handling),
    storage: limits(exact.storage),
    fleet: limits(exact.fleet),
    budget: exact.budget ? toNumber(exact.budget) : Infinity,
    floor: all(exact.floor),
  };
}
