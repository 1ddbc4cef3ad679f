/** Places from GeoJSON onto the rows of a table, by the code that both have; who has no partner is listed. */
import { show } from '../faults.js';
import { wording } from '../wording.js';
import type { Findings, Place } from './findings.js';
import type { Cell, Grid } from './grid.js';
import { columnOf } from './headings.js';
import type { Table } from './table.js';

const LISTED = 12;

/** Gives the rows of a table the place and outline of the feature that has their id, where they have none of their own. */
export function joinFeatures(table: Table, grid: Grid, findings: Findings): void {
  const properties = grid.features?.properties ?? [];
  const idAt = table.columns.get('id');
  const whole: Place = { sheet: grid.name, row: 0, column: -1 };
  if (idAt === undefined) return;
  const rows = new Map(
    table.rows.flatMap((row) =>
      row.cells[idAt] === undefined ? [] : [[String(row.cells[idAt]).trim(), row] as const],
    ),
  );
  const features = grid.rows.slice(1);
  const matches = properties.map((_, at) => features.filter((f) => rows.has(codeOf(f.cells[at]))).length);
  const by = matches.indexOf(Math.max(0, ...matches));
  if (by < 0 || matches[by] === 0) {
    const [example] = rows.keys();
    findings.fault(
      whole,
      wording`no code`,
      wording`has no property that names one of ${table.grid.name}, such as ${show(example)}`,
      wording`give both the same codes (P-codes)`,
    );
    return;
  }
  const found = new Set<string>();
  const orphans: string[] = [];
  for (const feature of features) {
    const code = codeOf(feature.cells[by]);
    const row = rows.get(code);
    if (row === undefined) orphans.push(code);
    else if (found.has(code))
      findings.fault(
        { sheet: grid.name, row: feature.number, column: by },
        show(code),
        wording`is ${show(code)} a second time`,
        wording`join the two features to one (a MultiPolygon)`,
      );
    else {
      found.add(code);
      take(table, row.cells, feature.cells, properties);
    }
  }
  const alone = [...rows.keys()].filter((id) => !found.has(id));
  const join = wording`joined by ${show(properties[by])}`;
  if (orphans.length > 0)
    findings.notice(
      whole,
      wording`${orphans.length} features`,
      wording`has ${orphans.length} features that no row of ${table.grid.name} is (${join}): ${listed(orphans)}`,
      wording`they were not read`,
    );
  if (alone.length > 0)
    findings.notice(
      { ...whole, sheet: table.grid.name },
      wording`${alone.length} rows`,
      wording`has ${alone.length} rows that no feature of ${grid.name} is (${join}): ${listed(alone)}`,
      wording`they have no place or outline from there`,
    );
}

const codeOf = (cell: Cell | undefined): string =>
  typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '';

const listed = (codes: readonly string[]): string =>
  `${codes
    .slice(0, LISTED)
    .map((c) => show(c))
    .join(', ')}${codes.length > LISTED ? ', …' : ''}`;

/** Both of longitude and latitude, or neither: half of a place of its own stays a fault. */
function take(
  table: Table,
  cells: (Cell | undefined)[],
  from: readonly (Cell | undefined)[],
  properties: readonly string[],
): void {
  const { columns } = table.layout;
  const placed = empty(table, cells, 'lon') && empty(table, cells, 'lat');
  for (const key of placed ? ['lon', 'lat', 'polygon'] : ['polygon']) {
    const value = from[properties.findIndex((p) => columnOf(columns, p)?.key === key)];
    if (value === undefined || !columns.some((c) => c.key === key)) continue;
    let at = table.columns.get(key);
    if (at === undefined) {
      at = 1 + Math.max(...table.columns.values(), table.widest);
      table.columns.set(key, at);
    }
    for (let c = cells.length; c < at; c++) cells[c] = undefined;
    cells[at] ??= value;
  }
}

function empty(table: Table, cells: readonly (Cell | undefined)[], key: string): boolean {
  const at = table.columns.get(key);
  return at === undefined || cells[at] === undefined;
}
