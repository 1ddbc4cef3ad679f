/** From a scenario to the sheets of a workbook. What a sheet cannot hold is said, not dropped in silence. */
import type { Scenario } from '../schema.js';
import { english } from '../wording.js';
import { type Column, LAYOUTS, type Layout, layoutOf, NONE, SCENARIO_FIELDS, type SheetName } from './layout.js';
import { unreached } from './reach.js';
import { trimmed } from './units.js';
import { serialOfIso } from './xlsx-dates.js';

/** A cell; `date` is an ISO day. */
export type Written = string | number | { date: string } | null;

export interface SheetOut {
  layout: Layout;
  headings: string[];
  /** For each column the one of the layout; undefined for those of periods. */
  columns: (Column | undefined)[];
  rows: Written[][];
}

export interface TablesOut {
  sheets: SheetOut[];
  /** What the sheets do not hold, in words. */
  lost: string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What a person filled in that is no part of a scenario: the items of the standards that resources are, and regions that are cut off. */
export interface Beside {
  standards: ReadonlyMap<string, string>;
  cutOff: ReadonlySet<string>;
}

/** Sheets that have a use while a scenario is being made, also without a row: read again they say nothing. */
const BLANK: readonly SheetName[] = ['Arrivals', 'Budget', 'Policy'];

/**
 * The sheets of a scenario: read again they give the same scenario, but for what `lost` says. Of a `draft`, whose routes are still to be
 * proposed, no region is said to be cut off but by a person. With what such a person said `beside` it, they can be gone on with.
 */
export function scenarioTables(scenario: Scenario, draft = false, beside?: Beside): TablesOut {
  const lost: string[] = [];
  const out = new Map<SheetName, SheetOut>();
  const rows = (name: SheetName, list: readonly Fields[] | undefined) => {
    if (list !== undefined) out.set(name, sheetOf(name, list));
  };
  out.set('Scenario', fieldsSheet(scenario));
  rows(
    'Resources',
    scenario.resources.map((r) => ({ ...r, standard: beside?.standards.get(r.id) })),
  );
  rows('Depots', scenario.depots.map(placed));
  rows('Stock', bagRows(scenario.depots));
  for (const [name, key] of [
    ['Arrivals', 'arrivals'],
    ['Losses', 'losses'],
  ] as const)
    if (scenario.depots.some((d) => d[key] !== undefined))
      rows(
        name,
        scenario.depots.flatMap((d) =>
          d[key]?.length === 0
            ? [{ depot: d.id, resource: NONE }]
            : (d[key] ?? []).map((line) => ({ depot: d.id, ...line })),
        ),
      );
  rows('Hubs', scenario.hubs?.map(placed));
  const cut = new Set([...(draft ? [] : unreached(scenario)), ...(beside?.cutOff ?? [])]);
  rows(
    'Regions',
    scenario.regions.map((r) => ({ ...placed(r), ...(cut.has(r.id) ? { cutOff: 'yes' } : {}) })),
  );
  out.set('Demand', demandSheet(scenario));
  rows(
    'Routes',
    scenario.routes.map((r) => (r.closed === undefined ? r : { ...r, closed: listText(r.closed) })),
  );
  rows('Fleets', scenario.fleets);
  if (scenario.budget !== undefined) rows('Budget', [scenario.budget]);
  if (scenario.policy !== undefined) rows('Policy', policyRows(scenario.policy));
  if (scenario.tiers !== undefined)
    rows(
      'Tiers',
      scenario.tiers.map(({ dueHours, ...tier }) => ({ ...tier, ...dueHours })),
    );
  rows('Shipped', scenario.after?.shipped);
  rows('Used', scenario.after?.used);
  rows('Planned', scenario.after?.planned);
  if (beside) for (const name of BLANK) if (!out.has(name)) rows(name, []);
  lost.push(...whatIsLost(scenario));
  const sheets = LAYOUTS.flatMap((l) => out.get(l.name) ?? []);
  return { sheets, lost: [...lost, ...tooLong(sheets)] };
}

function placed({ at, ...site }: { at?: readonly [number, number] } & Fields): Fields {
  return at === undefined ? site : { ...site, lon: at[0], lat: at[1] };
}

function sheetOf(name: SheetName, list: readonly Fields[]): SheetOut {
  const layout = layoutOf(name);
  const columns = layout.columns.filter((c) => !c.unwritten);
  return {
    layout,
    headings: columns.map(headingOf),
    columns: [...columns],
    rows: list.map((fields) => columns.map((c) => written(fields[c.key]))),
  };
}

export const headingOf = ({ heading, unit }: Column): string => (unit === undefined ? heading : `${heading} (${unit})`);

function written(value: unknown): Written {
  if (value === undefined) return null;
  if (Array.isArray(value)) return listText(value);
  return typeof value === 'number' ? value : String(value);
}

/** "60; 55; 0"; a list of one is "60;", so that it is not taken for the number. */
const listText = (list: readonly unknown[]): string =>
  list.length === 0 ? NONE : list.length === 1 ? `${list[0]};` : list.join('; ');

function fieldsSheet(scenario: Scenario): SheetOut {
  const { periods, after, adoption } = scenario;
  const values: Fields = {
    ...scenario,
    ...periods,
    quorum: adoption?.quorum,
    after: after?.period,
    base: after?.base,
    allocation: after?.allocation,
    amendments: after?.amendments && (after.amendments.length === 0 ? NONE : after.amendments.join('; ')),
  };
  const layout = layoutOf('Scenario');
  const rows = SCENARIO_FIELDS.filter((f) => values[f.key] !== undefined).map((f): Written[] => {
    const value = values[f.key];
    const day = f.kind === 'date' && serialOfIso(String(value)) !== undefined;
    return [f.heading, day ? { date: String(value) } : written(value), english(f.note)];
  });
  return { layout, headings: layout.columns.map(headingOf), columns: [...layout.columns], rows };
}

function bagRows(depots: Scenario['depots']): Fields[] {
  return depots.flatMap(({ id, stock }) => {
    if (stock === undefined) return [];
    const entries = Object.entries(stock);
    return entries.length === 0
      ? [{ depot: id, resource: NONE }]
      : entries.map(([resource, quantity]) => ({ depot: id, resource, quantity }));
  });
}

/** One row a region and resource; where one has a number a period, a column for each. */
function demandSheet({ regions, periods: { count } }: Scenario): SheetOut {
  const layout = layoutOf('Demand');
  const wide = regions.some((r) => Object.values(r.demand).some((n) => typeof n !== 'number'));
  const columns: (Column | undefined)[] = layout.columns.filter((c) => c.key !== 'period');
  const headings = columns.map((c) => headingOf(c!)); // all of the layout
  for (let t = 0; wide && t < count; t++) {
    columns.push(undefined);
    headings.push(`Period ${t}`);
  }
  const rows: Written[][] = [];
  for (const { id, demand } of regions)
    for (const [resource, need] of Object.entries(demand))
      rows.push(typeof need === 'number' ? [id, resource, need] : [id, resource, null, ...need]);
  return { layout, headings, columns, rows };
}

function policyRows(policy: NonNullable<Scenario['policy']>): Fields[] {
  if (typeof policy === 'string') return [{ stage: policy }];
  return policy.flatMap((stage): Fields[] => {
    if (stage.stage !== 'need' || typeof stage.bands !== 'object') return [{ ...stage }];
    const { bands, ...rest } = stage;
    const [first, ...others] = bands;
    return [{ ...rest, ...first }, ...others];
  });
}

/** What reads back otherwise: no text at all and an empty text are one cell, and so are ids that look alike. */
function whatIsLost(scenario: Scenario): string[] {
  const lost: string[] = [];
  const say = (pointer: string, why: string) => {
    if (lost.length < 100) lost.push(`${pointer}: ${why}`);
  };
  const { start } = scenario.periods;
  if (start !== undefined && serialOfIso(start) === undefined) say('/periods/start', `workbooks have no day ${start}`);
  const ids = new Set<string>();
  const visit = (value: unknown, pointer: string, key: string): void => {
    if (typeof value === 'string') {
      if (value === '') say(pointer, 'an empty text is an empty cell');
      else if (IDS.has(key) && value !== trimmed(value))
        say(pointer, 'has blanks or characters that nobody sees, which are mended on reading');
      else if (IDS.has(key) && value === NONE) say(pointer, `${NONE} stands for an empty list`);
    } else if (Array.isArray(value)) for (const [i, v] of value.entries()) visit(v, `${pointer}/${i}`, key);
    else if (typeof value === 'object' && value !== null)
      for (const [k, v] of Object.entries(value)) visit(v, `${pointer}/${k}`, k);
  };
  visit(scenario, '', '');
  for (const list of ['resources', 'depots', 'hubs', 'regions', 'tiers'] as const) {
    ids.clear();
    for (const { id } of scenario[list] ?? []) {
      const look = trimmed(id).normalize('NFKC').toLowerCase();
      if (ids.has(look))
        say(
          `/${list}`,
          `${JSON.stringify(id)} differs from another id only in case or width, which is a fault in tables`,
        );
      ids.add(look);
    }
  }
  for (const [i, tier] of (scenario.tiers ?? []).entries())
    if (tier.dueHours && Object.keys(tier.dueHours).length === 0)
      say(`/tiers/${i}/dueHours`, 'hours without any are as none');
  if (scenario.after !== undefined && Object.keys(scenario.after).length === 0)
    say('/after', 'a past without a period is none');
  return lost;
}

const IDS = new Set(['id', 'resource', 'from', 'to', 'mode', 'region']);

const LONGEST = 32_767;

function tooLong(sheets: readonly SheetOut[]): string[] {
  return sheets.flatMap(({ layout, rows }) =>
    rows.some((row) => row.some((cell) => typeof cell === 'string' && cell.length > LONGEST))
      ? [`${layout.name}: a cell holds ${LONGEST} characters, and a list is longer`]
      : [],
  );
}
