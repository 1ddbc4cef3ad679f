/** What tables may come in: a workbook, a zip of CSV files, or the files of a folder. */
import { wording } from '../wording.js';
import { readCsv } from './csv-read.js';
import { readGeoJson } from './geojson.js';
import type { Grid } from './grid.js';
import { type Budget, FormatError, inThousands, LIMITS, newBudget } from './limits.js';
import { MappingError, readMapping } from './mapping.js';
import { type Mapping, type ReadFor, readGrids, type TablesRead } from './read.js';
import { openZip } from './unzip.js';
import { readXlsx } from './xlsx-read.js';

/** Files by name; of a folder those that end in .csv, .tsv or .geojson are read. */
export type Files = ReadonlyMap<string, Uint8Array>;

const MAPPING = 'mapping.json';
/** Bytes of a mapping file. */
const LONGEST_MAPPING = 1 << 20;

/** Whether bytes begin as a zip archive does, and so as a workbook. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

/** The grids of a workbook (XLSX) or of a zip of CSV files. Throws FormatError where it is not read at all. */
export function gridsOfBytes(bytes: Uint8Array): Grid[] {
  if (bytes.length > LIMITS.fileBytes) throw tooLarge(bytes.length);
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
    throw new FormatError(
      wording`The file is an old workbook (.xls), or has a password: save it as .xlsx without one.`,
    );
  if (!isZip(bytes))
    throw new FormatError(wording`The file is no workbook (.xlsx) and no zip of CSV files: save it as .xlsx.`);
  const archive = openZip(bytes);
  if (!archive.entries.some((e) => isTable(e.name)) || archive.entries.some((e) => e.name === '[Content_Types].xml'))
    return readXlsx(bytes);
  const tables = archive.entries.filter((e) => isTable(e.name) && !isHidden(e.name));
  const size = tables.reduce((sum, e) => sum + e.unpacked, 0);
  if (size > LIMITS.fileBytes) throw tooLargeTogether(size);
  const budget = newBudget();
  return tables.map((e) => gridOf(e.name, archive.bytes(e), budget));
}

/** The mapping that a zip of CSV files has in it, if any. Throws a RangeError where it is at fault. */
export function mappingOfBytes(bytes: Uint8Array): Mapping {
  const archive = openZip(bytes);
  const entry = archive.entries.find((e) => isMapping(e.name) && !isHidden(e.name));
  return entry === undefined ? {} : readMapping(new TextDecoder().decode(archive.bytes(entry, LONGEST_MAPPING)));
}

/** The grids of the files of a folder, named after the files. */
export function gridsOfFiles(files: Files): Grid[] {
  if (files.size > LIMITS.entries)
    throw new FormatError(wording`The folder has over ${LIMITS.entries} files: keep the tables alone in it.`);
  const tables = [...files].filter(([name]) => isTable(name));
  if (tables.length === 0)
    throw new FormatError(
      wording`There are no tables (.csv) in it: save each sheet as CSV UTF-8, named Routes.csv and so on.`,
    );
  const size = tables.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  if (size > LIMITS.fileBytes) throw tooLargeTogether(size);
  const budget = newBudget();
  return tables.map(([name, bytes]) => gridOf(name, bytes, budget));
}

const gridOf = (name: string, bytes: Uint8Array, budget: Budget): Grid =>
  /json$/i.test(name) ? readGeoJson(name, bytes, budget) : readCsv(name, bytes, budget);

/** A workbook or zip as a scenario, or all its faults. Throws FormatError where it is not read at all. */
export function readTables(bytes: Uint8Array, mapping: Mapping = {}, purpose: ReadFor = 'plan'): TablesRead {
  const grids = gridsOfBytes(bytes);
  try {
    return readGrids(grids, { ...mappingOfBytes(bytes), ...mapping }, purpose);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(wording`In the archive, ${error instanceof MappingError ? error.said : error.message}.`);
  }
}

export const readTableFiles = (files: Files, mapping?: Mapping, purpose?: ReadFor): TablesRead =>
  readGrids(gridsOfFiles(files), mapping, purpose);

export const isTable = (name: string): boolean => /\.(csv|tsv|geojson)$/i.test(name);
/** What systems put beside the files that a person packs. */
const isHidden = (name: string): boolean => /(^|\/)(\.|__MACOSX\/)/.test(name);

export const isMapping = (name: string): boolean => name.replace(/^.*\//, '') === MAPPING;

const tooLarge = (size: number) =>
  new FormatError(wording`The file has ${inThousands(size)} bytes; at most ${inThousands(LIMITS.fileBytes)} are read.`);
const tooLargeTogether = (size: number) =>
  new FormatError(
    wording`All tables together have ${inThousands(size)} bytes; at most ${inThousands(LIMITS.fileBytes)} are read.`,
  );
