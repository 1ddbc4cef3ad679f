/** What stays unmet, and why, in words that name the limits of the scenario file. */
import { listed, periodsInWords } from '../../scenarios/index.js';
import { type Binding, bindingsOf } from '../explain/index.js';
import { readPlan } from '../shipments.js';
import type { Coverage } from '../types.js';
import type { Book } from './book.js';
import { type Limit, openReasons, type Reason } from './reasons.js';
import { type Table, tidy } from './table.js';

/** Limits named in one cell; a cell holds 32,767 characters, and a reader far less. */
const NAMED = 6;

export interface Told {
  kind: Reason['kind'];
  text: string;
  /** Of `limits`, those that block most ways first. */
  limits: { kind: Limit['kind']; name: string }[];
}

/** Reasons of one plan in words. Throws a RangeError where shipments are not the scenario's. */
export function tellReasons(book: Book): (c: Coverage) => Told {
  const network = book.network();
  const { plan, faults } = readPlan(network, book.allocation.shipments, book.allocation.use);
  if (faults.length) throw new RangeError(`the plan cannot be read: ${faults[0]}`);
  const reasons = openReasons(network, plan);
  const regions = new Map(book.complete.regions.map((r, j) => [r.id, j]));
  const resources = new Map(book.complete.resources.map((r, k) => [r.id, k]));
  const { sites, K, scenario } = network;

  const nameOf = (limit: Limit): string => {
    const { kind, row } = limit;
    if (kind === 'stock') return `stock of ${scenario.resources[row % K]!.id} at ${sites[Math.floor(row / K)]}`;
    const periods = reasons.periods(limit);
    const when = periods.length > 0 ? ` in ${periodsInWords(book.scenario.periods, periods)}` : '';
    if (kind === 'route') {
      const { from, to, mode } = scenario.routes[row]!;
      return `route ${from} → ${to} by ${mode}${when}`;
    }
    if (kind === 'fleet') return `fleet ${scenario.fleets[row]!.mode}${when}`;
    if (kind === 'budget') return 'budget';
    return `${kind} at ${sites[row]}${when}`;
  };

  return (c) => {
    const { kind, limits } = reasons.why(regions.get(c.region)!, resources.get(c.resource)!);
    const told = (text: string): Told => ({
      kind,
      text,
      limits: limits.map((l) => ({ kind: l.kind, name: nameOf(l) })),
    });
    if (kind === 'no-way') return told('no open route arrives in time');
    if (kind === 'no-stock') return told(`no ${c.resource} is anywhere from where it could come in time`);
    if (kind === 'policy')
      return told(`a way is open: policy '${book.allocation.policy.name}' or the accepted gap leaves it`);
    // of one resource at many depots, the number says more than their names
    const stocks = limits.filter((l) => l.kind === 'stock').map(({ row }) => sites[Math.floor(row / K)]!);
    const others = limits.filter((l) => l.kind !== 'stock');
    const words: string[] = [];
    if (stocks.length > NAMED) words.push(`stock of ${c.resource} at all ${stocks.length} sites that had it`);
    else if (stocks.length > 0) words.push(`stock of ${c.resource} at ${listed(stocks)}`);
    words.push(...others.slice(0, NAMED).map(nameOf));
    if (others.length > NAMED) words.push(`${others.length - NAMED} more`);
    return told(`used up: ${words.join('; ')}`);
  };
}

/** Pairs of region and resource whose need is not all met, in the order of the coverage. */
export const unmetPairs = (book: Book): Coverage[] => book.allocation.coverage.filter((c) => c.met < c.needed);

export function unmetTable(book: Book): Table {
  const amount = '#,##0.###';
  return {
    name: 'Unmet needs',
    columns: [
      { title: 'Region', tag: '#region+code', width: 18 },
      { title: 'Region name', tag: '#region+name', width: 22 },
      { title: 'Resource', tag: '#item+code', width: 18 },
      { title: 'Resource name', tag: '#item+name', width: 24 },
      { title: 'Unit', tag: '#item+unit', width: 8 },
      { title: 'Due', tag: '#need+due', width: 12, format: amount },
      { title: 'Delivered', tag: '#output+delivered', width: 12, format: amount },
      { title: 'Missing at the end', tag: '#need+missing', width: 12, format: amount },
      { title: 'Needed, unit-periods', tag: '#need+periods', width: 14, format: amount },
      { title: 'Met, unit-periods', tag: '#need+met+periods', width: 14, format: amount },
      { title: 'Unmet, unit-periods', tag: '#need+unmet+periods', width: 14, format: amount },
      { title: 'Unmet, people-periods', tag: '#inneed+unmet+periods', width: 14, format: amount },
      { title: 'Coverage', tag: '#indicator+coverage', width: 9, format: '0.0%' },
      { title: 'Reason', tag: '#cause+code', width: 10 },
      { title: 'What is full or used up', tag: '#cause+description', width: 80 },
    ],
    *rows() {
      const tell = tellReasons(book);
      for (const c of unmetPairs(book)) {
        const resource = book.resource(c.resource);
        const { kind, text } = tell(c);
        yield [
          c.region,
          book.site(c.region).name,
          ...[c.resource, resource.name, resource.unit],
          ...[c.due, c.delivered, tidy(c.due - c.delivered)],
          ...[c.needed, c.met, tidy(c.needed - c.met), tidy(c.peoplePeriodsNeeded - c.peoplePeriodsMet), c.ratio],
          ...[kind, text],
        ];
      }
    },
  };
}

export interface Tight {
  kind: Binding['kind'];
  what: string;
  periods: number[];
  used: number;
  limit: number;
  unit: string;
}

/** Limits that have a price in the proof, the dearest first; of one limit all periods together, stocks of one resource as well. */
export function tightLimits(book: Book): Tight[] {
  const list = new Map<string, Tight & { sites: number }>();
  for (const b of bindingsOf(book.allocation, book.scenario)) {
    const what = b.kind === 'stock' ? stockOf(b) : b.what;
    const tight = list.get(what) ?? { kind: b.kind, what, periods: [], used: 0, limit: 0, unit: b.unit, sites: 0 };
    list.set(what, tight);
    tight.used += b.used;
    tight.limit += b.limit;
    tight.sites++;
    if (b.period !== null && b.kind !== 'stock') tight.periods.push(b.period);
  }
  return [...list.values()].map(({ sites: _sites, ...tight }) => ({
    ...tight,
    periods: tight.periods.sort((a, b) => a - b),
  }));
}

const stockOf = ({ what }: Binding): string => what.slice(0, what.lastIndexOf(' at '));
