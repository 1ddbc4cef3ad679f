/** Stock and demand: a row for each place and resource becomes an entry of the place's bag of quantities. */
import { show } from '../faults.js';
import { type Text, wording } from '../wording.js';
import { type Book, escaped, type Fields, type Line, place } from './book.js';
import type { Row } from './grid.js';
import { NONE } from './layout.js';
import type { Table } from './table.js';
import { cellValue } from './values.js';

interface Site {
  fields: Fields;
  at: string;
}

const byId = (list: readonly Fields[], pointer: string): Map<unknown, Site> =>
  new Map(list.map((fields, i) => [fields.id, { fields, at: `${pointer}/${i}` }]));

/** Stock, arrivals and losses into their depots. */
export function fillDepots(book: Book, depots: readonly Fields[]): void {
  const sites = byId(depots, '/depots');
  for (const [name, key] of [
    ['Stock', 'stock'],
    ['Arrivals', 'arrivals'],
    ['Losses', 'losses'],
  ] as const)
    for (const line of book.lines(name)) {
      const site = ownerOf(book, line, 'depot', sites, wording`a depot`);
      if (site === undefined) continue;
      const { depot: _, ...rest } = line.values;
      if (key === 'stock') {
        site.fields.stock ??= {};
        if (rest.resource === NONE || book.beyond(rest.resource)) continue;
        book.complete(line);
        put(book, line, site, 'stock', rest.quantity);
      } else {
        site.fields[key] ??= [];
        if (rest.resource === NONE || book.beyond(rest.resource)) continue;
        book.complete(line);
        const entries = site.fields[key] as Fields[]; // made above
        book.traceLine(line, `${site.at}/${key}/${entries.length}`);
        entries.push(rest);
      }
    }
}

/** What a row says of one period, without the line around it: there may be as many as rows. */
interface Part {
  site: Site;
  row: Row;
  resource: string;
  period: number;
  quantity: unknown;
}

/** Demand into the regions: one number, a column for each period, or a row for each period. */
export function fillRegions(book: Book, regions: readonly Fields[]): void {
  const sites = byId(regions, '/regions');
  // mostly one row, which is held without a map
  const byPeriod = new Map<string, Part | Map<number, Part>>();
  for (const region of regions) region.demand = {};
  for (const line of book.lines('Demand')) {
    const site = ownerOf(book, line, 'region', sites, wording`a region`);
    if (site === undefined || book.beyond(line.values.resource)) continue;
    book.complete(line);
    const { resource, period } = line.values;
    // a period that is at fault has been reported; without it the row would stand for all periods
    if (period === undefined && line.row.cells[line.table.columns.get('period') ?? -1] !== undefined) continue;
    const cells = line.table.periods.filter(([at]) => line.row.cells[at] !== undefined);
    if (cells.length > 0) put(book, line, site, 'demand', wide(book, line), line.table.periods);
    else if (period === undefined || typeof resource !== 'string') put(book, line, site, 'demand', needed(book, line));
    else {
      const part = { site, row: line.row, resource, period: Number(period), quantity: needed(book, line) };
      const before = joined(byPeriod, part);
      if (before !== undefined)
        book.findings.fault(
          place(line, 'period'),
          show(period),
          wording`is period ${part.period} a second time for ${show(resource)} in this region (row ${before.row.number})`,
          wording`add the two up in one row`,
        );
    }
  }
  const table = book.tables.get('Demand');
  for (const group of byPeriod.values()) {
    if (book.findings.ruined || table === undefined) return;
    const parts = group instanceof Map ? [...group.values()] : [group];
    const { site, row, resource } = parts[0]!; // a group begins with one
    put(book, { table, row, values: { resource } }, site, 'demand', spread(book, table, parts));
    for (const part of parts)
      book.trace(`${site.at}/demand/${escaped(resource)}/${part.period}`, place({ table, row: part.row }, 'quantity'));
  }
}

/** Puts a row with those of the same place and resource; gives the one that has its period already. */
function joined(groups: Map<string, Part | Map<number, Part>>, part: Part): Part | undefined {
  const key = `${part.site.at} ${part.resource}`;
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, part);
    return undefined;
  }
  const byPeriod = group instanceof Map ? group : new Map([[group.period, group]]);
  if (group !== byPeriod) groups.set(key, byPeriod);
  const before = byPeriod.get(part.period);
  if (before === undefined) byPeriod.set(part.period, part);
  return before;
}

/** The place that a row is of, by its id. An id that no place has is a fault. */
function ownerOf(book: Book, line: Line, key: string, sites: ReadonlyMap<unknown, Site>, kind: Text): Site | undefined {
  const id = line.values[key];
  if (id === undefined) {
    book.missing(line, line.table.layout.columns.find((c) => c.key === key)!);
    return undefined;
  }
  const site = sites.get(id);
  if (site === undefined) {
    const known = () => [...sites.keys()].filter((k) => typeof k === 'string');
    book.findings.fault(
      place(line, key),
      show(id),
      wording`names ${show(id)}, which is not ${kind}`,
      book.suggest(String(id), known, kind),
    );
  }
  return site;
}

function put(
  book: Book,
  line: Line,
  site: Site,
  key: string,
  quantity: unknown,
  periods: readonly [number, number][] = [],
): void {
  const { resource } = line.values;
  if (typeof resource !== 'string') return;
  const cell = place(line, 'resource');
  const bag = site.fields[key] as Fields; // made by whoever calls
  if (resource === '__proto__')
    book.findings.fault(
      cell,
      show(resource),
      wording`is ${show(resource)}, which no id can be`,
      wording`use the id of a resource`,
    );
  else if (Object.hasOwn(bag, resource))
    book.findings.fault(
      cell,
      show(resource),
      wording`is ${show(resource)} a second time for ${show(site.fields.id)}`,
      wording`add the two up in one row`,
    );
  else {
    const at = `${site.at}/${key}/${escaped(resource)}`;
    bag[resource] = quantity;
    book.trace(at, periods.length > 0 ? cell : place(line, 'quantity'));
    book.trace(`${at} name`, cell);
    for (const [column, t] of periods) book.trace(`${at}/${t}`, { ...cell, column });
  }
}

/** The quantity of a row, which has to be there. */
function needed(book: Book, line: Line): unknown {
  const { quantity } = line.values;
  if (quantity === undefined)
    book.findings.fault(
      place(line, 'quantity'),
      wording`nothing`,
      wording`is empty, and Quantity has to be there`,
      wording`write the units needed, 0 where none are`,
    );
  return quantity;
}

/** The columns "Period 0", "Period 1", … of a row, of which none may be empty then. */
function wide(book: Book, line: Line): number[] {
  const { table, row, values } = line;
  for (const key of ['quantity', 'period'])
    if (values[key] !== undefined)
      book.findings.fault(
        place(line, key),
        show(values[key]),
        wording`is there beside the columns of the periods`,
        wording`clear one or the other`,
      );
  const column = { ...table.layout.columns.find((c) => c.key === 'quantity')!, required: true };
  const list: number[] = [];
  for (const [at, period] of table.periods) {
    const cell = { sheet: table.grid.name, row: row.number, column: at };
    const value = cellValue(row.cells[at], column, cell, book.reading(table));
    if (value === undefined)
      book.findings.fault(
        cell,
        wording`nothing`,
        wording`is empty, and other periods are not`,
        wording`write 0 where nothing is needed`,
      );
    list[period] = typeof value === 'number' ? value : 0;
  }
  book.spendNumbers(list.length, table.grid.name);
  return Array.from(list, (n) => n ?? 0);
}

/** A row for each period as a list; a period that has none needs nothing. */
function spread(book: Book, table: Table, parts: readonly Part[]): number[] {
  const list = Array.from({ length: Math.min(book.count ?? 1, 3660) }, () => 0);
  book.spendNumbers(list.length, table.grid.name);
  for (const { period, row, quantity } of parts)
    if (Number.isInteger(period) && period >= 0 && period < list.length) list[period] = Number(quantity ?? 0);
    else
      book.findings.fault(
        place({ table, row }, 'period'),
        show(period),
        wording`is ${period}, which is no period`,
        wording`periods are counted from 0 to ${list.length - 1}`,
      );
  return list;
}
