/** From tables to the value of a scenario file. What is wrong between its parts is for the scenario's own checks to say. */
import { show } from '../faults.js';
import { beginOf, periodOf } from '../field/calendar.js';
import { wording } from '../wording.js';
import { fillDepots, fillRegions } from './bags.js';
import { Book, type Fields, type Line, place, type Trace } from './book.js';
import type { Findings } from './findings.js';
import { columnOf } from './headings.js';
import { LAYOUTS, NONE, POLICIES, SCENARIO_FIELDS, type SheetName } from './layout.js';
import type { Table } from './table.js';
import { cellValue } from './values.js';

export interface Assembled {
  value: Fields;
  /** Regions that are said to be cut off. */
  cutOff: Set<string>;
  /** The item of the standards that a resource is said to be, by the resource's id. */
  standards: Map<string, string>;
}

const NOTHING: Fields = {};

/** For its places alone (`keep` false) routes, of which there are most, are counted and not made. */
export function assemble(
  tables: ReadonlyMap<SheetName, Table>,
  findings: Findings,
  trace: Trace,
  keep = true,
): Assembled {
  const book = new Book(tables, findings, trace);
  for (const { name, optional, about } of LAYOUTS)
    if (!optional && !tables.has(name))
      findings.fault(
        { sheet: name, row: 0, column: -1 },
        wording`nothing`,
        wording`is no sheet of this file`,
        wording`add a sheet ${name}: ${about}`,
      );
  const value = scenarioFields(book);
  const each = (key: string) => (i: number) => `/${key}/${i}`;
  const sites = (line: Line, at: string) => sited(book, line, at);
  const cutOff = new Set<string>();
  const standards = new Map<string, string>();
  value.resources = book.list('Resources', each('resources'), ({ values: { standard, ...resource } }) => {
    if (standard !== undefined) standards.set(String(resource.id), String(standard));
    return resource;
  });
  const depots = book.list('Depots', each('depots'), sites);
  value.depots = depots;
  if (tables.has('Hubs')) value.hubs = book.list('Hubs', each('hubs'), sites);
  const regions = book.list('Regions', each('regions'), (line, at) => {
    const { cutOff: cut, ...region } = sites(line, at);
    if (cut === true) cutOff.add(String(region.id));
    return region;
  });
  value.regions = regions;
  book.known = idsOf(value.resources);
  fillDepots(book, depots);
  fillRegions(book, regions);
  book.known = idsOf(depots, value.hubs, regions);
  const shape = keep ? undefined : () => NOTHING;
  value.routes = book.list('Routes', each('routes'), shape, ({ from, to }) => book.beyond(from, to));
  if (tables.has('Fleets')) value.fleets = book.list('Fleets', each('fleets'));
  const tiers = book.list('Tiers', each('tiers'), (line, at) => withHours(book, line, at));
  if (tiers.length > 0) value.tiers = tiers;
  const budgets = book.list('Budget', () => '/budget');
  if (budgets.length > 0) value.budget = budgets[0];
  if (budgets.length > 1) onlyOne(book, 'Budget');
  const policy = policyOf(book);
  if (policy !== undefined) value.policy = policy;
  const past = pastOf(book, value.after as Fields | undefined); // made by scenarioFields
  if (past !== undefined) value.after = past;
  return { value, cutOff, standards };
}

const idsOf = (...lists: unknown[]): ReadonlySet<unknown> =>
  new Set(lists.flatMap((list) => (list as Fields[] | undefined)?.map((fields) => fields.id) ?? [])); // made by book.list

const PLACES: Readonly<Record<string, string>> = {
  count: '/periods/count',
  length: '/periods/length',
  start: '/periods/start',
  quorum: '/adoption/quorum',
  after: '/after/period',
  base: '/after/base',
  allocation: '/after/allocation',
  amendments: '/after/amendments',
};

/** What the Scenario sheet has, a row for each field. */
function scenarioFields(book: Book): Fields {
  const table = book.tables.get('Scenario');
  const found = new Map<string, unknown>();
  if (table !== undefined) readFields(book, table, found);
  const pick = (...keys: string[]): Fields =>
    Object.fromEntries(keys.flatMap((key) => (found.get(key) === undefined ? [] : [[key, found.get(key)]])));
  const periods = pick('count', 'length', 'start');
  const value: Fields = { evenhand: 1, ...pick('evenhand', 'id', 'title', 'source', '$schema'), periods };
  if (found.has('quorum')) value.adoption = pick('quorum');
  const { after: period, amendments, ...rest } = pick('after', 'base', 'allocation', 'amendments');
  if (period !== undefined || Object.keys(rest).length > 0)
    value.after = { ...(period === undefined ? {} : { period }), ...rest };
  if (typeof amendments === 'string')
    value.after = {
      ...(value.after as object),
      amendments: amendments === NONE ? [] : amendments.split(';').map((d) => d.trim()),
    };
  const { count, start, length } = periods;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0 && count <= 3660) book.count = count;
  if (book.count !== undefined && typeof start === 'string') {
    const calendar = { count: book.count, start, ...(typeof length === 'string' ? { length } : {}) };
    if (!Number.isNaN(beginOf(calendar, 0))) book.periodOf = (iso) => periodOf(calendar, iso, false);
  }
  return value;
}

function readFields(book: Book, table: Table, found: Map<string, unknown>): void {
  const { findings } = book;
  const sheet = table.grid.name;
  const headed = table.columns.has('field');
  const [labels, values] = [table.columns.get('field') ?? 0, table.columns.get('value') ?? 1];
  for (const row of headed ? table.rows : table.grid.rows) {
    if (findings.ruined) return;
    const label = row.cells[labels];
    const [cell, field] = [
      { sheet, row: row.number, column: values },
      typeof label === 'string' ? columnOf(SCENARIO_FIELDS, label) : undefined,
    ];
    const named = { ...cell, column: labels };
    if (label === undefined) continue;
    if (field === undefined) {
      const known = SCENARIO_FIELDS.slice(1, 7).map((f) => f.heading);
      findings.fault(
        named,
        show(label),
        wording`is ${show(label)}, which is no field of a scenario`,
        wording`delete the row, or use one of ${known.join(', ')}`,
      );
    } else if (found.has(field.key))
      findings.fault(named, show(label), wording`is ${field.heading} a second time`, wording`keep one of the two rows`);
    else {
      const value = cellValue(row.cells[values], field, cell, book.reading(table));
      if (value === undefined && field.required)
        findings.fault(
          cell,
          wording`nothing`,
          wording`is empty, and ${field.heading} has to be there`,
          wording`write it: ${field.note}`,
        );
      if (value !== undefined || field.required) found.set(field.key, value);
      book.trace(PLACES[field.key] ?? `/${field.key}`, cell);
    }
  }
  const absent = SCENARIO_FIELDS.filter((f) => f.required && !found.has(f.key)).map((f) => f.heading);
  if (absent.length > 0)
    findings.fault(
      { sheet, row: table.headed || 1, column: -1 },
      wording`nothing`,
      wording`has no row ${absent.map((heading) => show(heading)).join(', ')} below it`,
      wording`add it: the field, then its value`,
    );
}

/** Longitude and latitude as one place. */
function sited(book: Book, line: Line, at: string): Fields {
  const { lon, lat, ...rest } = line.values;
  book.trace(`${at}/at`, place(line, 'lon'));
  book.trace(`${at}/at/0`, place(line, 'lon'));
  book.trace(`${at}/at/1`, place(line, 'lat'));
  if (lon === undefined && lat === undefined) return rest;
  if (lon !== undefined && lat !== undefined) return { ...rest, at: [lon, lat] };
  const [absent, there] = lon === undefined ? (['lon', 'Latitude'] as const) : (['lat', 'Longitude'] as const);
  book.findings.fault(
    place(line, absent),
    wording`nothing`,
    wording`is empty, and ${there} is there`,
    wording`write both or neither`,
  );
  return rest;
}

const HOURS = ['verify', 'amend', 'resolve'] as const;

function withHours(book: Book, line: Line, at: string): Fields {
  const { verify, amend, resolve, ...rest } = line.values;
  for (const key of HOURS) book.trace(`${at}/dueHours/${key}`, place(line, key));
  const hours = {
    ...(verify === undefined ? {} : { verify }),
    ...(amend === undefined ? {} : { amend }),
    ...(resolve === undefined ? {} : { resolve }),
  };
  return Object.keys(hours).length > 0 ? { ...rest, dueHours: hours } : rest;
}

function onlyOne(book: Book, name: SheetName): void {
  for (const line of [...book.lines(name)].slice(1))
    book.findings.fault(
      place(line),
      wording`a row`,
      wording`is one row too many`,
      wording`${name} has one row: keep one`,
    );
}

/** A name alone, or stages; rows without a stage go on with the bands of the one above. */
function policyOf(book: Book): unknown {
  const lines = [...book.lines('Policy')];
  const [first] = lines;
  if (first === undefined) return undefined;
  const names: readonly string[] = POLICIES;
  if (lines.length === 1 && names.includes(String(first.values.stage))) {
    book.trace('/policy', place(first, 'stage'));
    for (const key of Object.keys(first.values))
      if (key !== 'stage')
        book.findings.fault(
          place(first, key),
          show(first.values[key]),
          wording`is beside a policy by name`,
          wording`clear it, or write the stages one by one`,
        );
    return first.values.stage;
  }
  const stages: Fields[] = [];
  for (const line of lines) {
    const { upTo, value, ...rest } = line.values;
    let stage = stages.at(-1);
    if (rest.stage !== undefined || stage === undefined) {
      book.traceLine(line, `/policy/${stages.length}`);
      if (names.includes(String(rest.stage)))
        book.findings.fault(
          place(line, 'stage'),
          show(rest.stage),
          wording`is the policy ${show(rest.stage)} among stages`,
          wording`have it in one row alone, or write its stages`,
        );
      stage = rest;
      stages.push(stage);
    } else if (Object.keys(rest).length > 0)
      book.findings.fault(
        place(line, 'stage'),
        wording`nothing`,
        wording`is empty, and the row has more than a band`,
        wording`name the stage, or keep only Band up to and Band value`,
      );
    if (upTo === undefined && value === undefined) continue;
    if (stage.bands !== undefined && !Array.isArray(stage.bands)) {
      book.findings.fault(
        place(line, 'upTo'),
        show(upTo),
        wording`is a band of its own beside a number of bands`,
        wording`keep one or the other`,
      );
      continue;
    }
    stage.bands ??= [];
    const bands = stage.bands as Fields[]; // made above
    book.traceLine(line, `/policy/${stages.length - 1}/bands/${bands.length}`);
    bands.push({ ...(upTo === undefined ? {} : { upTo }), ...(value === undefined ? {} : { value }) });
  }
  return stages;
}

/** What was done before, where the Scenario sheet or a sheet of its own says so. */
function pastOf(book: Book, stated: Fields | undefined): Fields | undefined {
  const past: Fields = { ...stated };
  for (const [name, key] of [
    ['Shipped', 'shipped'],
    ['Used', 'used'],
    ['Planned', 'planned'],
  ] as const)
    if (book.tables.has(name)) past[key] = book.list(name, (i) => `/after/${key}/${i}`);
  if (Object.keys(past).length === 0) return undefined;
  const scenario = book.tables.get('Scenario');
  if (past.period === undefined && scenario !== undefined)
    book.findings.fault(
      { sheet: scenario.grid.name, row: scenario.headed || 1, column: -1 },
      wording`nothing`,
      wording`has no row "Now in period" below it, and there is a past`,
      wording`add it: the first period in which anything can still depart`,
    );
  return past;
}
