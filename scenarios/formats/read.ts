/** Tables, whatever they came in, to a scenario or to all that is wrong with them, each at its cell. */
import { checkScenario } from '../check.js';
import { EMPTY_LIST, type Fault, NOTHING, show } from '../faults.js';
import type { Scenario } from '../schema.js';
import { type Part, type Standing, standingOf } from '../standing.js';
import { mapText, type Text, wording } from '../wording.js';
import { assemble } from './assemble.js';
import { placesAstray } from './astray.js';
import { type Finding, Findings, type Fix, type Place } from './findings.js';
import type { Grid } from './grid.js';
import { layoutNamed } from './headings.js';
import { joinFeatures } from './join.js';
import type { SheetName } from './layout.js';
import { LIMITS } from './limits.js';
import { unreached } from './reach.js';
import { type SheetMapping, type Table, tableOf } from './table.js';
import { folded } from './units.js';

/** By the name of a sheet or file. */
export type Mapping = Readonly<Record<string, SheetMapping>>;

/**
 * What tables are read for. For a `plan` all has to be there. Of a `draft` routes may still be missing, and so they may where tables are
 * `inspected`; but where there are some, a region that they leave out is at fault.
 */
export type ReadFor = 'plan' | 'inspection' | 'draft';

export type TablesRead =
  | {
      ok: true;
      scenario: Scenario;
      findings: Finding[];
      /** What resources are said to be of the standards, by their ids: it is no part of a scenario. */
      standards: ReadonlyMap<string, string>;
      /** Regions that are said to be cut off, which is no part of a scenario either. */
      cutOff: ReadonlySet<string>;
    }
  /** `faults` counts those that are not listed too; `more` where it looked no further; `fixes` are what is safe to write. */
  | {
      ok: false;
      findings: Finding[];
      faults: number;
      more: boolean;
      fixes: Fix[];
      /** How far the scenario has come, its faults aside; not of a ruin. */
      standing: Standing | undefined;
    };

/**
 * Reads grids as the sheets of a scenario. `findings` has notices where it is ok, else all faults at once. Throws FormatError where rows come
 * to more than is read.
 */
export function readGrids(grids: readonly Grid[], mapping: Mapping = {}, purpose: ReadFor = 'plan'): TablesRead {
  const findings = new Findings();
  const tables = tablesOf(grids, mapping, findings);
  const { cutOff, standards, checked, standing } = assembledAndChecked(tables, findings, purpose !== 'plan');
  if (checked === undefined) return refused(findings, true, undefined);
  if (!checked.ok) {
    const places = placesBehind(pointersOf(checked.faults), tables);
    for (const fault of checked.faults) say(fault, places, tables, findings);
  } else if (findings.faults === 0) {
    noteAstray(checked.scenario, tables, findings);
    const routed = checked.scenario.routes.length > 0;
    if (purpose === 'plan' || (purpose === 'inspection' && routed))
      noteUnreached(checked.scenario, cutOff, tables, findings);
  }
  if (findings.faults > 0 || !checked.ok) {
    const so = checked.ok ? standingOf(checked.scenario) : undefined;
    return refused(findings, !checked.ok && checked.more === true, standing ?? so);
  }
  return { ok: true, scenario: checked.scenario, findings: findings.list, standards, cutOff };
}

const refused = ({ list, faults, fixes }: Findings, more: boolean, standing: Standing | undefined): TablesRead => ({
  ok: false,
  ...{ findings: list, faults, more, fixes, standing },
});

/** By itself, so that the value is garbage once it has faults: a second one is made to find their places. Of a ruin nothing is checked. */
function assembledAndChecked(tables: ReadonlyMap<SheetName, Table>, findings: Findings, draft: boolean) {
  const { value, ...rest } = assemble(tables, findings, () => {});
  if (findings.ruined) return { ...rest, checked: undefined, standing: undefined };
  const checked = checkScenario(value, LIMITS.relations, draft);
  // assemble makes the lists, whatever is wrong with what they hold
  const standing =
    checked.ok && findings.faults === 0 ? undefined : standingOf(value as Scenario, faulty(tables, findings));
  return { ...rest, checked, standing };
}

const PARTS: readonly [SheetName, Part][] = [
  ['Demand', 'needed'],
  ['Stock', 'stocked'],
  ['Arrivals', 'stocked'],
  ['Routes', 'routes'],
];

/** Parts whose own sheet is at fault: what is missing there is said by its faults. */
function faulty(tables: ReadonlyMap<SheetName, Table>, { list, faults }: Findings): Set<Part> {
  const listed = list.filter((f) => f.severity === 'fault');
  // of those that are not listed nobody knows the sheet
  if (listed.length < faults) return new Set(PARTS.map(([, part]) => part));
  const sheets = new Set(listed.map((f) => f.sheet));
  return new Set(PARTS.flatMap(([name, part]) => (sheets.has(tables.get(name)?.grid.name ?? name) ? [part] : [])));
}

function tablesOf(grids: readonly Grid[], mapping: Mapping, findings: Findings): Map<SheetName, Table> {
  const tables = new Map<SheetName, Table>();
  // tables first, so that features find what they are joined to
  for (const grid of grids.toSorted((a, b) => Number(a.features !== undefined) - Number(b.features !== undefined))) {
    if (grid.features !== undefined) findings.properties.set(grid.name, grid.features.properties);
    const joined = grid.features && tables.get((layoutNamed(grid.name)?.name ?? grid.features.like) as SheetName);
    if (joined !== undefined && joined.layout.name !== 'Routes') {
      joinFeatures(joined, grid, findings);
      continue;
    }
    const table = tableOf(grid, mapping[grid.name], findings);
    if (table === undefined) continue;
    const { name } = table.layout;
    const before = tables.get(name);
    if (before === undefined) tables.set(name, table);
    else
      findings.fault(
        { sheet: grid.name, row: 0, column: -1 },
        show(grid.name),
        wording`is ${name} a second time, as ${before.grid.name} is`,
        wording`join the two, or give one another name`,
      );
  }
  return tables;
}

/** Pointers that faults are at, within or mention. */
function pointersOf(faults: readonly Fault[]): Set<string> {
  const pointers = new Set<string>();
  for (const { pointer, message } of faults) {
    pointers.add(`${pointer} name`);
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) pointers.add(at);
    for (const [mentioned] of message.matchAll(MENTIONED)) pointers.add(mentioned);
  }
  return pointers;
}

/** A fault of the scenario as a fault of the cell that it came from, or of the nearest thing around it. */
function say(
  fault: Fault,
  places: ReadonlyMap<string, Place>,
  tables: ReadonlyMap<SheetName, Table>,
  findings: Findings,
): void {
  const { found, what, mend } = fault.said;
  const unknown = typeof what === 'object' && 'pattern' in what && what.pattern.startsWith('names {0}, which is no');
  const names = unknown ? places.get(`${fault.pointer} name`) : undefined;
  const place = names ?? placeOf(fault.pointer, places, tables);
  if (found === EMPTY_LIST && place.row === 0) {
    findings.fault(place, wording`no rows`, wording`has no rows`, wording`fill in one at least, below the headings`);
    return;
  }
  // a cell that a column should have had, which was reported once for the column
  if (found === NOTHING && place.column < 0 && findings.faults > 0) return;
  const cells = (text: Text) => inCells(text, places, findings);
  findings.fault(place, found, cells(what), cells(mend), sameButCase(fault));
}

/** The name that was meant where the one that stands there differs in case alone: no two ids of a sheet do. */
function sameButCase({ found, mend }: Fault): string | undefined {
  const [, near] = /^did you mean ("(?:[^"\\]|\\.)*")\?$/.exec(mend) ?? [];
  const meant: unknown = near === undefined ? undefined : JSON.parse(near);
  return typeof meant === 'string' && folded(meant) === folded(found.replace(/^"|"$/g, '')) ? meant : undefined;
}

function placeOf(pointer: string, places: ReadonlyMap<string, Place>, tables: ReadonlyMap<SheetName, Table>): Place {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  const sheet = SHEETS[pointer.split('/')[1] ?? ''] ?? 'Scenario';
  return { sheet: tables.get(sheet)?.grid.name ?? sheet, row: 0, column: -1 };
}

const SHEETS: Readonly<Record<string, SheetName>> = {
  resources: 'Resources',
  depots: 'Depots',
  hubs: 'Hubs',
  regions: 'Regions',
  routes: 'Routes',
  fleets: 'Fleets',
  budget: 'Budget',
  policy: 'Policy',
  tiers: 'Tiers',
};

const MENTIONED = /(?<![\w"])\/[a-z]+\/\d+(?:\/[A-Za-z]+\/\d+)?/g;

/** Pointers within a sentence as the rows that they are. */
const inCells = (sentence: Text, places: ReadonlyMap<string, Place>, findings: Findings): Text =>
  mapText(sentence, (text) => {
    const place = places.get(text);
    return place === undefined ? text : findings.name(place);
  });

/** Cells that values came from. Asked for late, and of a few: of all it would be a map of all cells. */
function placesBehind(wanted: ReadonlySet<string>, tables: ReadonlyMap<SheetName, Table>): Map<string, Place> {
  const places = new Map<string, Place>();
  assemble(
    tables,
    new Findings(),
    (pointer, place) => {
      if (wanted.has(pointer)) places.set(pointer, place);
    },
    false,
  );
  return places;
}

/** Places that a person has probably mistyped; a depot may be in another continent all the same. */
function noteAstray(scenario: Scenario, tables: ReadonlyMap<SheetName, Table>, findings: Findings): void {
  const astray = placesAstray(scenario);
  if (astray.length === 0) return;
  const places = placesBehind(new Set(astray.map((a) => `${a.pointer}/at`)), tables);
  for (const { pointer, id, km, mend } of astray)
    findings.notice(
      places.get(`${pointer}/at`) ?? placeOf(pointer, places, tables),
      show(id),
      wording`puts ${show(id)} ${km} km from the middle of all places`,
      wording`${mend}, if that is what happened`,
    );
}

function noteUnreached(
  scenario: Scenario,
  cutOff: ReadonlySet<string>,
  tables: ReadonlyMap<SheetName, Table>,
  findings: Findings,
): void {
  const lost = unreached(scenario);
  const table = tables.get('Regions');
  const column = table?.columns.get('id') ?? -1;
  if (table === undefined || lost.size === 0) return;
  if (scenario.routes.length === 0 && cutOff.size === 0) {
    findings.fault(
      { sheet: tables.get('Routes')?.grid.name ?? 'Routes', row: 0, column: -1 },
      wording`no rows`,
      wording`has no rows, and regions need something`,
      wording`fill it in, or let 'evenhand routes' propose routes from coordinates`,
    );
    return;
  }
  for (const row of table.rows) {
    const id = row.cells[column];
    if (!(lost.has(String(id)) && !cutOff.has(String(id)))) continue;
    findings.fault(
      { sheet: table.grid.name, row: row.number, column },
      show(id),
      wording`is ${show(id)}, which no route reaches from any depot`,
      wording`add a route to it ('evenhand routes' proposes some), or write "yes" in the column "Cut off" where that is so`,
    );
  }
}
