/** Tables in: workbooks, CSV files, GeoJSON, to a scenario and back. Bytes in, values out; nothing here opens a file. */

export type { Finding, Fix } from './findings.js';
export { fixCsv, fixWorkbook } from './fix.js';
export type { StandardItem } from './form.js';
export type { Grid } from './grid.js';
export { LAYOUTS, type SheetName } from './layout.js';
export { FormatError, LIMITS } from './limits.js';
export { type MappingFile, proposeMapping, readMapping } from './mapping.js';
export { type Mapping, type ReadFor, readGrids, type TablesRead } from './read.js';
export {
  type Files,
  gridsOfBytes,
  gridsOfFiles,
  isMapping,
  isTable,
  isZip,
  mappingOfBytes,
  readTableFiles,
  readTables,
} from './source.js';
export { templateCsv, templateWorkbook } from './template.js';
export { type Form, type Held, scenarioToCsv, scenarioToWorkbook, scenarioToZip } from './workbook.js';
