/** Finished plans as the files that coordinators ask for: tables, maps, a page. No files are touched here. */
export { activitiesTable, NOT_STATED } from './activities.js';
export { type Book, openBook } from './book.js';
export { readBoundaries } from './boundaries.js';
export { BRIEF_POLICY, BRIEF_STYLE_SOURCE, type BriefReceipt, brief } from './brief.js';
export { type DecisionRecord, decisionPieces } from './decision.js';
export {
  MEDIA,
  REPORTS,
  type ReportFormat,
  type ReportName,
  type ReportOptions,
  reportNotes,
  reportPieces,
} from './files.js';
export type { Feature, Geometry, Position } from './geojson.js';
export { coverageGeoJson, flowsGeoJson } from './maps.js';
export { type Nothing, whoGetsNothing } from './nothing.js';
export { provenInWords } from './proven.js';
export { shipmentsTable, waybillsTable } from './shipments.js';
export { whyShort } from './short.js';
export { smallestCoverage } from './smallest.js';
export { type Column, isoText, type Table, tableCsv, tableSheet, type Value } from './table.js';
export { tellReasons, tightLimits, unmetPairs, unmetTable } from './unmet.js';
