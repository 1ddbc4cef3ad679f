/**
 * Demand from people: people affected × standards, by region, resource and period, each number with its reason.
 *
 * Rounding, in this order: people of a group up to whole people; a consumable's need of a period up to whole lots; a durable's need up
 * to and including a period up to whole lots, so that phases add no lot twice. Nothing else is rounded.
 */
import type { Fault } from '../faults.js';
import { fault } from '../faults.js';
import { sameUnit } from '../formats/units.js';
import { unitsOf } from '../losses.js';
import { suggest } from '../nearest.js';
import type { Scenario } from '../schema.js';
import { type Text, wording } from '../wording.js';
import { type Draft, figuresOf, ordered, type PlanningFigure } from './draft.js';
import { ceil, compare, decimals, type Fraction, fraction, over, plus, rounded, times } from './fraction.js';
import { type Counted, countPeople } from './people.js';
import { daysOf, phasesOf } from './phases.js';
import type { Read } from './reading.js';
import { type Item, type Phase, rateIn, type Standards } from './standards.js';

/** Why so many of an item for a region in a phase. */
export interface Why {
  region: string;
  item: string;
  phase: string;
  /** First and last period of the phase within the horizon. */
  periods: [number, number];
  people: number;
  counted: string;
  standard: string;
  /** The arithmetic before rounding, with its result. */
  formula: string;
  /** Units due in the phase, whole lots. */
  quantity: number;
  unit: string;
  tonnes: number;
  source: string;
  note: string;
  /** True where the number of people is a share that stands in for numbers by sex and age. */
  assumed: boolean;
}

export interface Needs {
  /** The draft without its block `needs`: resources and demand filled in. */
  draft: Draft;
  why: Why[];
  unlike: Unlike[];
}

/** A resource whose people per unit are stated otherwise than the standards have them, by which its need was counted. */
export interface Unlike {
  resource: string;
  stated: number;
  standard: number;
  /** The standard's rate in words, of the last phase. */
  rate: string;
}

type Resource = Scenario['resources'][number];
/** A share by which people round what they state: 0.67 for two thirds. */
const ROUNDED = 0.01;

type Wanted = Exclude<NonNullable<Draft['needs']>['items'][number], string>;

/**
 * Works off the block `needs` of a draft. `figure` goes before the draft's own. Faults where it has no such block, an item is not in the
 * standards, or a resource of the same id is counted otherwise.
 */
export function needsOf(draft: Draft, standards: Standards, figure?: PlanningFigure): Read<Needs> {
  const { needs, ...rest } = draft;
  const faults: Fault[] = [];
  const report = (path: (string | number)[], found: Text, what: Text, mend: Text) => {
    faults.push(fault(path, found, what, mend, wording`The draft`));
  };
  if (needs === undefined) {
    report(
      ['needs'],
      wording`nothing`,
      wording`is missing`,
      wording`state which items of the standards people are to have: {"items": ["water", …]}, on the command line --items water,…`,
    );
    return { ok: false, faults };
  }
  const chosen = figure ?? needs.figure ?? 'likely';
  const phases = phasesOf(draft.periods, standards.phases);
  const wanted = needs.items.map((w): Wanted => (typeof w === 'string' ? { item: w } : w));
  const items = wanted.map((w, i) => {
    const item = standards.items.find((s) => s.item === w.item);
    if (item === undefined)
      report(
        ['needs', 'items', i],
        w.item,
        wording`names "${w.item}", which is not in the standards`,
        suggest(
          w.item,
          standards.items.map((s) => s.item),
          wording`an item of the standards`,
        ),
      );
    if (wanted.findIndex((other) => other.item === w.item) < i)
      report(['needs', 'items', i], w.item, wording`is "${w.item}" a second time`, wording`leave it out`);
    return item;
  });
  draft.regions.forEach((r, i) => {
    if (r.people === undefined)
      report(
        ['regions', i, 'people'],
        wording`nothing`,
        wording`is missing`,
        wording`state the people affected, 0 where there are none`,
      );
  });
  const known = new Map(draft.resources?.map((r) => [r.id, r]));
  wanted.forEach(({ resource }, i) => {
    if (resource !== undefined && !known.has(resource))
      report(
        ['needs', 'items', i, 'resource'],
        resource,
        wording`names "${resource}", which is not a resource`,
        suggest(resource, known.keys(), wording`a resource of the draft`),
      );
  });
  const made = items.map((item, i) => item && resourceOf(item, wanted[i]!, phases, draft));
  draft.resources?.forEach((resource, i) => {
    const at = made.findIndex((r) => r?.id === resource.id);
    const [own, item] = [made[at], items[at]];
    if (own && item && (unitsPer(item, resource) === undefined || own.kind !== resource.kind))
      report(
        ['resources', i],
        resource.unit,
        wording`counts "${resource.id}" as ${resource.kind} in ${resource.unit}, the standards as ${own.kind} in ${own.unit}`,
        wording`let unit and kind agree, or let it be another item`,
      );
  });
  if (faults.length > 0) return { ok: false, faults };

  const resources = [
    ...(draft.resources ?? []).map((r) => ({ ...weighed(made.find((m) => m?.id === r.id)), ...r })),
    ...made.flatMap((r) => (r && !known.has(r.id) ? [r] : [])),
  ];
  const unlike = (draft.resources ?? []).flatMap(({ id, peoplePerUnit: stated }): Unlike[] => {
    const at = made.findIndex((r) => r?.id === id);
    const [standard, item] = [made[at]?.peoplePerUnit, items[at]];
    if (stated === undefined || standard === undefined || item === undefined) return [];
    if (Math.abs(stated - standard) <= ROUNDED * standard) return [];
    return [{ resource: id, stated, standard, rate: inWords(item, phases.at(-1)!.id) }];
  });
  const why: Why[] = [];
  const regions = draft.regions.map((region) => {
    const { groups: _, ...others } = region;
    const demand = { ...region.demand };
    items.forEach((item, i) => {
      if (item === undefined) return;
      const resource = resources.find((r) => r.id === made[i]!.id)!;
      const counted = countPeople(region, item, chosen, wanted[i]!.share);
      const due = dueOf(item, resource, counted, draft.periods, phases, standards);
      if (due.units.some((u) => u > 0)) demand[resource.id] = shortest(due.units, resource.kind);
      else delete demand[resource.id];
      why.push(...due.why.map((w) => ({ ...w, region: region.id })));
    });
    return { ...others, people: figuresOf(region)[chosen], demand };
  });
  return { ok: true, value: { draft: ordered({ ...rest, resources, regions }), why, unlike } };
}

/**
 * Units of a resource that one unit of the item is: 1 where both count alike; where the item is counted in kilograms or litres, so
 * many as weigh the same. Undefined where neither holds: a bucket is no number of kits.
 */
export function unitsPer(item: Item, { unit, weightKg }: Pick<Resource, 'unit' | 'weightKg'>): Fraction | undefined {
  if (sameUnit(item.unit, unit)) return fraction(1);
  if (!['kg', 'l'].includes(item.unit.toLowerCase()) || !(weightKg > 0)) return undefined;
  return over(fraction(item.weightKg), fraction(weightKg));
}

/** What a resource of the draft takes from the standards where it does not say it itself. */
const weighed = (made: Resource | undefined): Partial<Resource> =>
  made?.peoplePerUnit === undefined ? {} : { peoplePerUnit: made.peoplePerUnit };

function resourceOf(item: Item, wanted: Wanted, phases: readonly Phase[], draft: Draft): Resource {
  const lot = wanted.lot ?? item.lot;
  const known = draft.resources?.find((r) => r.id === (wanted.resource ?? item.item));
  const per = (known && unitsPer(item, known)) ?? fraction(1);
  const serves = over(fraction(1), times(per, perPersonIn(item, phases.at(-1)!.id, daysOf(draft.periods))));
  return {
    id: wanted.resource ?? item.item,
    name: item.name,
    unit: item.unit,
    weightKg: item.weightKg,
    ...(item.volumeM3 === undefined ? {} : { volumeM3: item.volumeM3 }),
    ...(lot === undefined ? {} : { lot }),
    kind: item.rule === 'daily' ? 'consumable' : 'durable',
    peoplePerUnit: rounded(serves, 6),
    ...(wanted.importance === undefined ? {} : { importance: wanted.importance }),
  };
}

/** Units a person: in a period for what is used up, at each handing out for what is not. */
function perPersonIn(item: Item, phase: string, days: Fraction): Fraction {
  const { by, value } = rateIn(item, phase);
  if (by === 'perPersonDay') return times(fraction(value), days);
  return by === 'unitsPerPerson' ? fraction(value) : over(fraction(1), fraction(value));
}

interface Due {
  /** Units due in each period, whole lots. */
  units: number[];
  why: Omit<Why, 'region'>[];
}

function dueOf(
  item: Item,
  resource: Resource,
  counted: Counted,
  periods: Scenario['periods'],
  phases: readonly Phase[],
  standards: Standards,
): Due {
  const lot = resource.lot ?? 1;
  const days = daysOf(periods);
  const people = fraction(counted.people);
  const per = unitsPer(item, resource) ?? fraction(1);
  const lotsOf = (quantity: Fraction) => ceil(over(quantity, fraction(lot)));
  const exact: Fraction[] = []; // units due in each period, before rounding
  const lots: bigint[] = [];
  let [sum, handed] = [fraction(0), 0n];
  phases.forEach((phase, t) => {
    const each = times(times(people, perPersonIn(item, phase.id, days)), per);
    if (item.rule === 'daily') {
      exact.push(each);
      lots.push(lotsOf(each));
      return;
    }
    const before = sum;
    if (item.rule === 'once') sum = compare(each, sum) > 0 ? each : sum;
    else sum = plus(sum, times(each, fraction(rounds(item.days, days, t))));
    exact.push(plus(sum, { n: -before.n, d: before.d }));
    const all = lotsOf(sum);
    lots.push(all - handed);
    handed = all;
  });
  const units = lots.map((n) => unitsOf(Number(n), lot));
  const why = runs(phases).map(([first, last]): Omit<Why, 'region'> => {
    const phase = phases[first]!.id;
    const total = unitsOf(Number(lots.slice(first, last + 1).reduce((a, b) => a + b, 0n)), lot);
    const before = exact.slice(first, last + 1).reduce(plus, fraction(0));
    return {
      item: resource.id,
      phase,
      periods: [first, last],
      people: Number(counted.people),
      counted: counted.how,
      standard: inWords(item, phase),
      formula: `${counted.people} people ${arithmetic(item, phase)}${howOften(item, days, first, last, phases)}${byWeight(item, resource)} = ${decimals(before, 3)} ${resource.unit}`,
      quantity: total,
      unit: resource.unit,
      tonnes: (total * resource.weightKg) / 1000,
      source: standards.sources[item.source] ?? item.source,
      note: item.note ?? '',
      assumed: counted.assumed,
    };
  });
  return { units, why };
}

/** How often an item that is handed out every so many days falls due in period t. */
function rounds(every: number, days: Fraction, t: number): bigint {
  const until = (n: number) => ceil(over(times(days, fraction(n)), fraction(every)));
  return until(t + 1) - until(t);
}

/** First and last period of each run of one phase. */
function runs(phases: readonly Phase[]): [number, number][] {
  const found: [number, number][] = [];
  phases.forEach((phase, t) => {
    const last = found.at(-1);
    if (last && phases[last[0]] === phase) last[1] = t;
    else found.push([t, t]);
  });
  return found;
}

function inWords(item: Item, phase: string): string {
  const { by, value } = rateIn(item, phase);
  if (by === 'perPersonDay') return `${value} ${item.unit} a person a day`;
  const often = item.rule === 'every' ? ` every ${item.days} days` : '';
  if (by === 'unitsPerPerson' || value === 1) return `${value} ${item.unit} a person${often}`;
  return `1 ${item.unit} for ${value} people${often}`;
}

function arithmetic(item: Item, phase: string): string {
  const { by, value } = rateIn(item, phase);
  return by === 'personsPerUnit' ? `÷ ${value}` : `× ${value}`;
}

function byWeight(item: Item, { unit, weightKg }: Resource): string {
  if (sameUnit(item.unit, unit)) return '';
  const weight = item.weightKg === 1 ? '' : ` × ${item.weightKg} kg`;
  return `${weight} ÷ ${weightKg} kg a ${unit}`;
}

function howOften(item: Item, days: Fraction, first: number, last: number, phases: readonly Phase[]): string {
  if (item.rule === 'daily') return ` × ${decimals(times(days, fraction(last - first + 1)), 2)} days`;
  if (item.rule === 'every') {
    let n = 0n;
    for (let t = first; t <= last; t++) n += rounds(item.days, days, t);
    return n === 1n ? '' : ` × ${n}`;
  }
  return phases[first] === phases[0] ? '' : ', less what was due before,';
}

/** One number where that says the same, else one a period. */
function shortest(units: number[], kind: Resource['kind']): number | number[] {
  const [first = 0, ...later] = units;
  return later.every((u) => u === (kind === 'consumable' ? first : 0)) ? first : units;
}
