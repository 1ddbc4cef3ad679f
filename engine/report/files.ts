/** Every report of a plan by name and format, in pieces; and what each of them does not hold. */
import { isFormulaLike, writeXlsx } from '../../scenarios/index.js';
import { activitiesTable, NOT_STATED } from './activities.js';
import type { Book } from './book.js';
import { type BriefReceipt, briefPieces } from './brief.js';
import type { Geometry } from './geojson.js';
import { coverageGeoJson, flowsGeoJson } from './maps.js';
import { shipmentsTable, waybillsTable } from './shipments.js';
import { type Table, tableCsv, tableSheet } from './table.js';
import { unmetTable } from './unmet.js';
import { WHO_GETS_MOST } from './whogets.js';

/** Reports and the formats that each comes in, the usual one first. `tables` are all tables in one workbook. */
export const REPORTS = {
  shipments: ['csv', 'xlsx'],
  waybills: ['csv', 'xlsx'],
  '4w': ['csv', 'xlsx'],
  unmet: ['csv', 'xlsx'],
  tables: ['xlsx'],
  flows: ['geojson'],
  coverage: ['geojson'],
  brief: ['html'],
} as const;
export type ReportName = keyof typeof REPORTS;
export type ReportFormat = (typeof REPORTS)[ReportName][number];

/** Media types of the formats; a CSV has a row of headings, then the row of HXL tags. */
export const MEDIA: Record<ReportFormat, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geojson: 'application/geo+json',
  html: 'text/html',
};

export interface ReportOptions {
  /** Of `brief`. */
  receipt?: BriefReceipt | null;
  /** Of `coverage`: polygons by region, from `readBoundaries`. */
  polygons?: ReadonlyMap<string, Geometry>;
}

const TABLES: Record<Exclude<ReportName, 'tables' | 'flows' | 'coverage' | 'brief'>, (book: Book) => Table> = {
  shipments: shipmentsTable,
  waybills: waybillsTable,
  '4w': activitiesTable,
  unmet: unmetTable,
};

/**
 * A report piece by piece. Throws a RangeError for a format in which it does not come, and where plan and scenario do not
 * go together.
 */
export function* reportPieces(
  book: Book,
  name: ReportName,
  format: ReportFormat,
  { receipt = null, polygons }: ReportOptions = {},
): Generator<string | Uint8Array> {
  if (!REPORTS[name].some((f) => f === format))
    throw new RangeError(`${name} comes as ${REPORTS[name].join(' or ')}, not as ${format}`);
  if (name === 'flows') yield* flowsGeoJson(book);
  else if (name === 'coverage') yield* coverageGeoJson(book, polygons);
  else if (name === 'brief') yield* briefPieces(book, receipt);
  else if (name === 'tables') yield* writeXlsx(Object.values(TABLES).map((table) => tableSheet(table(book))));
  else if (format === 'xlsx') yield* writeXlsx([tableSheet(TABLES[name](book))]);
  else yield* tableCsv(TABLES[name](book));
}

/** What a report leaves out of the plan and its scenario, a sentence each. */
export function reportNotes(book: Book, name: ReportName, format: ReportFormat): string[] {
  const { allocation, scenario, complete } = book;
  const notes: string[] = [];
  const some = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const sites = [...complete.depots, ...complete.hubs, ...complete.regions];
  const unplaced = sites.filter((s) => s.at === null).length;
  const reports = name === 'tables' ? (['shipments', 'waybills', '4w', 'unmet'] as const) : [name];
  const tabular = format === 'csv' || format === 'xlsx';
  const has = (...names: ReportName[]) => reports.some((r) => names.includes(r));

  if (name !== 'brief')
    notes.push('The proof is not in it: the certificate stays with the plan (--as bundle holds all).');
  if (has('shipments', 'waybills', 'flows') && allocation.use.length > 0)
    notes.push(`${some(allocation.use.length, 'use', 'uses')} of goods kept in regions' stores are not in it.`);
  if (scenario.periods.start === undefined && name !== 'brief')
    notes.push('It has no dates, as the scenario does not say when it starts: periods are counted from 0.');
  if (scenario.after)
    notes.push(`What left before period ${scenario.after.period} is not in it; needs met by it are counted as met.`);
  if (has('4w')) {
    const without = scenario.depots.filter((d) => d.owner === undefined).length;
    if (without > 0)
      notes.push(`${some(without, 'depot has', 'depots have')} no owner: there the organisation is ${NOT_STATED}.`);
    notes.push(
      'In 4W consignments of an organisation, resource and region are added up; transfers between depots and hubs are left out.',
    );
  }
  if (name === 'flows') notes.push('Consignments of a way and resource are added up over all periods.');
  if ((name === 'flows' || name === 'coverage' || name === 'brief') && unplaced > 0)
    notes.push(
      `${some(unplaced, 'site has', 'sites have')} no coordinates (at): ${name === 'brief' ? 'they are not on the map' : 'their features have no geometry'}.`,
    );
  if (name === 'brief')
    notes.push(
      `Who gets what is of ${WHO_GETS_MOST.resources} resources and the ${WHO_GETS_MOST.regions} least covered regions at most (of fewer regions where resources are many); shipments are summed up.`,
    );
  const names = [...sites, ...complete.resources].flatMap((s) => [s.id, s.name]);
  if (format === 'csv' && tabular && names.some(isFormulaLike))
    notes.push('Texts that a spreadsheet would take for formulas have an apostrophe in front.');
  return notes;
}
