/** `evenhand template`, `inspect`, `map`, and `convert` between scenarios and tables. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import {
  type Fix,
  type Form,
  fixCsv,
  fixWorkbook,
  isTable,
  isZip,
  proposeMapping,
  readTableFiles,
  readTables,
  scenarioToCsv,
  scenarioToWorkbook,
  scenarioToZip,
  type TablesRead,
  templateCsv,
  templateWorkbook,
} from '../../scenarios/formats/index.js';
import {
  builtInStandards,
  caseNames,
  readScenario,
  type Scenario,
  type Standing,
  scenarioDigest,
  standingOf,
  writeScenario,
} from '../../scenarios/index.js';
import { loadScenario } from './input.js';
import { InputError } from './input-error.js';
import { openTables, readOpened, type Tables, told } from './sources.js';
import { stillToDo } from './todo.js';

/** Writes to a file piece by piece, so that little waits in memory. */
export async function writePieces(file: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const out = createWriteStream(file);
  const failed = once(out, 'error').then(([error]) => {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : error}`);
  });
  failed.catch(() => {});
  for (const piece of pieces) if (!out.write(piece)) await Promise.race([once(out, 'drain'), failed]);
  out.end();
  await Promise.race([once(out, 'finish'), failed]);
}

export async function templateCommand({ out, csv }: { out?: string; csv?: string }): Promise<number> {
  const { items } = builtInStandards();
  if (csv !== undefined) {
    await mkdir(csv, { recursive: true });
    for (const [name, text] of templateCsv(items)) await writeFile(join(csv, name), text);
    console.log(`${csv}: a CSV file for each sheet, and Notes.txt`);
    if (out === undefined) return 0;
  }
  const file = out ?? 'scenario.xlsx';
  if (extname(file).toLowerCase() !== '.xlsx')
    throw new InputError(`--out ${file}: a template is a workbook, .xlsx (or --csv DIR)`);
  await writePieces(file, templateWorkbook(items));
  console.log(
    `${file}: fill it (its first sheet says how), then 'evenhand inspect ${file}' says what is wrong and what is still to be done`,
  );
  return 0;
}

export interface InspectFlags {
  with: string[];
  map?: string;
  fix?: string;
  out?: string;
  json: boolean;
}

/** Exit status 0 where the scenario can be used, 2 where it has faults, whether or not a mended copy was written. */
export async function inspectCommand(file: string, flags: InspectFlags): Promise<number> {
  const tables = await openTables(file, flags.map);
  if (tables === undefined) return inspectJson(file, flags);
  for (const more of flags.with) await addTables(tables, more);
  const read = readOpened(tables, 'inspection');
  if (flags.json)
    console.log(
      JSON.stringify(
        read.ok
          ? { ok: true, ...named(read.scenario), findings: read.findings.map(inWords) }
          : {
              ok: false,
              faults: read.faults,
              ...(read.more ? { more: true } : {}),
              findings: read.findings.map(inWords),
            },
      ),
    );
  else report(file, read);
  if (read.ok) return saved(read.scenario, flags.out);
  if (flags.fix !== undefined) await writeFixed(file, tables, read.fixes, flags.fix, flags.json);
  return 2;
}

/** What was found, without the parts that other languages are made of. */
const inWords = <F extends { said: unknown }>({ said: _, ...words }: F): Omit<F, 'said'> => words;

/** Further tables, such as the boundaries of regions that a workbook names. */
async function addTables(tables: Tables, name: string): Promise<void> {
  const more = await openTables(name);
  if (more === undefined) throw new InputError(`${name}: no such file with tables`);
  tables.grids.push(...more.grids);
}

async function inspectJson(file: string, { fix, out, json }: InspectFlags): Promise<number> {
  if (fix !== undefined)
    throw new InputError('--fix mends workbooks and CSV files; a scenario in JSON is mended where its faults say');
  if (!json || caseNames().includes(file)) {
    const scenario = await loadScenario(file);
    console.log(
      json
        ? JSON.stringify({ ok: true, digest: scenarioDigest(scenario), findings: [] })
        : `${file}: no faults; scenario ${scenario.id}, digest ${scenarioDigest(scenario)}`,
    );
    return saved(scenario, out);
  }
  const text = await readFile(file, 'utf8').catch(() => {
    throw new InputError(`${file}: there is no such file. Built-in cases: ${caseNames().join(', ')}`);
  });
  const read = readScenario(text);
  console.log(
    JSON.stringify(
      read.ok
        ? { ok: true, digest: scenarioDigest(read.scenario), findings: [] }
        : {
            ok: false,
            faults: read.faults.length,
            ...(read.more ? { more: true } : {}),
            findings: read.faults.map(inWords),
          },
    ),
  );
  return read.ok ? saved(read.scenario, out) : 2;
}

async function saved(scenario: Scenario, out: string | undefined): Promise<number> {
  if (out !== undefined) await writePieces(out, [...writeScenario(scenario), '\n']);
  return 0;
}

/** The digest that names a scenario for ever: not while a fleet still waits for its routes, as that is none yet. */
const named = (scenario: Scenario): { digest?: string } =>
  standingOf(scenario).withoutRoute.length > 0 ? {} : { digest: scenarioDigest(scenario) };

function report(file: string, read: TablesRead): void {
  for (const { severity, message, fix } of told(read.findings))
    console.log(`${severity === 'fault' ? '✗' : '·'} ${message}${fix === undefined ? '' : ' [--fix does it]'}`);
  if (read.ok) {
    const { scenario } = read;
    const { digest } = named(scenario);
    console.log(
      `✓ ${file}: scenario ${scenario.id}, ${scenario.depots.length} depots, ${scenario.regions.length} regions, ${scenario.routes.length} routes; ${digest ? `digest ${digest}` : 'routes still to come'}`,
    );
    tellToDo(file, standingOf(scenario));
  } else {
    const more = read.faults - read.findings.filter((f) => f.severity === 'fault').length;
    console.log(
      `✗ ${file}: ${read.faults}${read.more ? ' and more' : ''} fault${read.faults === 1 ? '' : 's'}${more > 0 ? `, ${more} of them not listed` : ''}; ${read.fixes.length} can be mended by --fix OUT`,
    );
    if (read.standing) tellToDo(file, read.standing);
  }
}

function tellToDo(file: string, standing: Standing): void {
  for (const line of stillToDo(file, standing)) console.log(`→ ${line}`);
}

/** A corrected copy beside the file, never in its place; then what is still wrong with it. */
async function writeFixed(
  file: string,
  tables: Tables,
  fixes: readonly Fix[],
  out: string,
  json: boolean,
): Promise<void> {
  if (resolve(out) === resolve(file)) throw new InputError(`--fix ${out}: the corrected copy has to be another file`);
  let count = 0;
  let after: TablesRead | undefined;
  if (tables.bytes !== undefined) {
    if (!isZip(tables.bytes) || /\.zip$/i.test(file))
      throw new InputError('--fix mends workbooks and folders of CSV files: unpack the zip first');
    const fixed = fixWorkbook(tables.bytes, fixes);
    const bytes = Buffer.concat([...fixed.content]);
    count = fixed.count;
    await writeFile(out, bytes);
    after = readTables(bytes, tables.mapping, 'inspection');
  } else if (tables.files !== undefined) {
    const folder = tables.files.size > 1 || !isTable(out);
    if (folder) await mkdir(out, { recursive: true });
    const copies = new Map<string, Uint8Array>();
    for (const [name, bytes] of tables.files) {
      const fixed = fixCsv(name, bytes, fixes);
      count += fixed.count;
      copies.set(name, Buffer.from(fixed.content));
      await writeFile(folder ? join(out, name) : out, fixed.content);
    }
    after = readTableFiles(copies, tables.mapping, 'inspection');
  }
  if (json || after === undefined) return;
  console.log(
    `${out}: a copy with ${count} cell${count === 1 ? '' : 's'} mended; ${after.ok ? 'it has no faults any more' : `${after.faults} fault${after.faults === 1 ? '' : 's'} left`}`,
  );
}

/** The proposal is printed, or written to a file, to be edited and given to `inspect --map` or kept as mapping.json in the folder. */
export async function mapCommand(file: string, out: string | undefined): Promise<number> {
  const tables = await openTables(file);
  if (tables === undefined)
    throw new InputError(`${file}: expected a workbook, a CSV file, or a folder or zip of them`);
  const text = `${JSON.stringify(proposeMapping(tables.grids), null, 2)}\n`;
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
  return 0;
}

/** The tables that a name asks for: a workbook, a zip, or a folder where it has no extension. */
const kindOf = (to: string): '.xlsx' | '.zip' | 'folder' | undefined => {
  const target = extname(to).toLowerCase();
  if (to.endsWith('/') || target === '') return 'folder';
  return target === '.xlsx' || target === '.zip' ? target : undefined;
};

/** Whether a name is that of a workbook or a zip; a folder is only meant where nothing else can be. */
export const isTables = (to: string): boolean => kindOf(to) !== undefined && kindOf(to) !== 'folder';

/** Scenario → .xlsx, .zip or a folder of CSV files; tables → .json. False where neither is asked for. */
export async function convertTables(from: string, to: string): Promise<boolean> {
  if (extname(to).toLowerCase() === '.json') {
    const tables = await openTables(from);
    if (tables === undefined) return false;
    await saved(await loadScenario(from), to);
    return true;
  }
  if (kindOf(to) === undefined) return false;
  await writeTables(await loadScenario(from), to);
  return true;
}

/**
 * Writes a scenario as a workbook, a zip or a folder of CSV files; what these do not hold is said. Of a draft routes are missing; with a
 * form it can be gone on with as with the template.
 */
export async function writeTables(scenario: Scenario, to: string, draft = false, form?: Form): Promise<void> {
  const kind = kindOf(to);
  if (kind === 'folder') {
    const { content, lost } = scenarioToCsv(scenario, draft, form);
    await mkdir(to, { recursive: true });
    for (const [name, text] of content) await writeFile(join(to, name), text);
    say(to, lost);
  } else {
    const { content, lost } =
      kind === '.zip' ? scenarioToZip(scenario, draft, form) : scenarioToWorkbook(scenario, draft, form);
    await writePieces(to, content);
    say(to, lost);
  }
}

function say(to: string, lost: readonly string[]): void {
  for (const what of lost) console.error(`${to} does not hold ${what}`);
}
