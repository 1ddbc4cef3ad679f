/** Finished plans as the files that coordinators ask for: tables, maps, a page, an archive. No files are touched here. */
export { activitiesTable } from './activities.js';
export { type Book, openBook } from './book.js';
export { shipmentsTable, waybillsTable } from './shipments.js';
export { type Column, isoText, type Table, tableCsv, tableSheet, type Value } from './table.js';
export { type Tight, tellReasons, tightLimits, unmetPairs, unmetTable } from './unmet.js';
