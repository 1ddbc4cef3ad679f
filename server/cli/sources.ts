/** Files that a person names, opened: a workbook, a zip, a folder of CSV files, or something else. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type Finding,
  FormatError,
  type Grid,
  gridsOfBytes,
  gridsOfFiles,
  isMapping,
  isTable,
  isZip,
  LIMITS,
  type Mapping,
  mappingOfBytes,
  type ReadFor,
  readGrids,
  readMapping,
  type TablesRead,
} from '../../scenarios/formats/index.js';
import type { Scenario } from '../../scenarios/index.js';
import { InputError } from './input-error.js';

/** Tables as they were opened; `bytes` of a workbook or zip, `files` of a folder or of one CSV file. */
export interface Tables {
  /** The file or folder. */
  name: string;
  grids: Grid[];
  mapping: Mapping;
  bytes?: Uint8Array;
  files?: Map<string, Uint8Array>;
}

/** The tables that a name leads to; undefined where it is no file with tables. Throws InputError where they are refused. */
export async function openTables(name: string, mappingFile?: string): Promise<Tables | undefined> {
  if (name === '-') return undefined;
  const found = await stat(name).catch(() => undefined);
  if (found === undefined) return undefined;
  const mapping = mappingFile === undefined ? {} : await mappingOf(mappingFile);
  try {
    if (found.isDirectory()) return await openFolder(name, mapping);
    if (isTable(name)) {
      const files = new Map([[basename(name), await readBounded(name, found.size)]]);
      return { name, grids: gridsOfFiles(files), mapping, files };
    }
    if (!/\.(xlsx|xlsm|xls|ods|zip)$/i.test(name) && !(await beginsAsZip(name))) return undefined;
    const bytes = await readBounded(name, found.size);
    const grids = gridsOfBytes(bytes);
    return { name, grids, mapping: { ...mappingOfBytes(bytes), ...mapping }, bytes };
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError) throw new InputError(`${name}: ${error.message}`);
    throw error;
  }
}

async function openFolder(name: string, given: Mapping): Promise<Tables> {
  const names = (await readdir(name)).filter((n) => isTable(n) && !n.startsWith('.')).sort();
  const files = new Map<string, Uint8Array>();
  let room: number = LIMITS.fileBytes;
  for (const n of names.slice(0, LIMITS.entries + 1)) {
    const { size } = await stat(join(name, n));
    room -= size;
    if (room < 0)
      throw new InputError(
        `${name}: the tables in it have over ${LIMITS.fileBytes} bytes: a scenario has no use for so many`,
      );
    files.set(n, await readBounded(join(name, n), size));
  }
  const own = (await readdir(name)).find(isMapping);
  const mapping = { ...(own === undefined ? {} : await mappingOf(join(name, own))), ...given };
  return { name, grids: gridsOfFiles(files), mapping, files };
}

async function mappingOf(file: string): Promise<Mapping> {
  try {
    return readMapping(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

async function readBounded(name: string, size: number): Promise<Uint8Array> {
  if (size > LIMITS.fileBytes)
    throw new InputError(`${name}: The file has ${size} bytes; at most ${LIMITS.fileBytes} are read.`);
  return readFile(name);
}

async function beginsAsZip(name: string): Promise<boolean> {
  const { open } = await import('node:fs/promises');
  const file = await open(name);
  try {
    const { buffer } = await file.read(new Uint8Array(4), 0, 4, 0);
    return isZip(buffer);
  } finally {
    await file.close();
  }
}

/** Throws InputError where there is more in the tables than is read. */
export function readOpened({ name, grids, mapping }: Tables, purpose: ReadFor): TablesRead {
  try {
    return readGrids(grids, mapping, purpose);
  } catch (error) {
    throw error instanceof FormatError ? new InputError(`${name}: ${error.message}`) : error;
  }
}

/** What is told to a person: faults first, and in one line which sheets have the template's example alone. */
export function told(findings: readonly Finding[]): Pick<Finding, 'severity' | 'message' | 'fix'>[] {
  const [examples, others] = [findings.filter(isExample), findings.filter((f) => !isExample(f))];
  const faults = others.filter((f) => f.severity === 'fault');
  const notices = others.filter((f) => f.severity !== 'fault');
  if (examples.length === 0) return [...faults, ...notices];
  const sheets = [...new Set(examples.map((f) => f.sheet))].join(', ');
  const message = `${sheets}: the template's example row is still there and was not read.`;
  return [...faults, ...notices, { severity: 'notice', message }];
}

const isExample = ({ severity, found }: Finding): boolean => severity === 'notice' && found === 'an example';

const LISTED = 40;

/** The scenario of tables. Notices go to standard error; throws InputError with every fault, by cell. */
export function scenarioOfTables(name: string, tables: Tables): Scenario {
  return draftOfTables(name, tables, 'plan').scenario;
}

/** The same with what its resources are said to be of the standards; of a draft routes may still be missing. */
export function draftOfTables(name: string, tables: Tables, purpose: ReadFor = 'draft'): TablesRead & { ok: true } {
  const read = readOpened(tables, purpose);
  if (!read.ok)
    throw new InputError(
      `${name} has ${inWords(read.faults)}; 'evenhand inspect' lists all, and mends what is safe\n${listed(read.findings)}`,
    );
  for (const { message } of told(read.findings).slice(0, LISTED)) console.error(`${name}: ${message}`);
  return read;
}

const inWords = (faults: number): string => (faults === 1 ? 'a fault' : `${faults} faults`);

function listed(findings: readonly Finding[]): string {
  const faults = findings.filter((f) => f.severity === 'fault');
  const rest = faults.length - LISTED;
  return [...faults.slice(0, LISTED).map((f) => `  ${f.message}`), ...(rest > 0 ? [`  … and ${rest} more`] : [])].join(
    '\n',
  );
}
