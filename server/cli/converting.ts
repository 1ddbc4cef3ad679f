/** `evenhand convert PLAN OUT`: a plan as the files that coordinators ask for. What the target does not hold is said. */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import {
  AllocateError,
  type Allocation,
  type Book,
  decisionPieces,
  lpPieces,
  mpsPieces,
  openBook,
  REPORTS,
  type ReportFormat,
  type ReportName,
  readBoundaries,
  reportNotes,
  reportPieces,
} from '../../engine/index.js';
import { decisionRecord } from '../decision.js';
import { recordIn } from './comparing.js';
import { InputError, loadAllocation, scenarioOf } from './input.js';

export interface ConvertFlags {
  /** Which of the plan's files; by the extension of OUT where absent. */
  as?: string;
  stage: string;
  scenario?: string;
  /** GeoJSON with polygons of the regions, for `coverage`; and the property that names them. */
  boundaries?: string;
  key?: string;
  data: string;
}

/** What an extension stands for where nobody says more. */
const USUAL: Readonly<Record<string, string>> = {
  '.csv': 'shipments',
  '.xlsx': 'tables',
  '.geojson': 'flows',
  '.html': 'brief',
  '.htm': 'brief',
  '.zip': 'bundle',
  '.lp': 'lp',
  '.mps': 'mps',
};
const EXTENSIONS: Readonly<Record<string, ReportFormat>> = {
  '.csv': 'csv',
  '.xlsx': 'xlsx',
  '.geojson': 'geojson',
  '.json': 'geojson',
  '.html': 'html',
  '.htm': 'html',
};
const PROGRAMS = 'It is the linear program of one stage alone: numbers in place of names, no units, lots or places.';

export const targets = (): string[] => [...Object.keys(REPORTS), 'bundle', 'lp', 'mps'];

/** The plan in a file, or null where it holds something else, for its own reader to judge. */
export async function planFile(name: string): Promise<Allocation | null> {
  if (extname(name).toLowerCase() !== '.json' || !existsSync(name)) return null;
  // a plan says so early: its keys are in order, or as `allocate` writes them
  const value: unknown = await readFile(name, 'utf8')
    .then(JSON.parse)
    .catch(() => null);
  return Array.isArray(Object(value).shipments) && 'certificate' in Object(value) ? await loadAllocation(name) : null;
}

export async function convertPlan(
  allocation: Allocation,
  from: string,
  to: string,
  flags: ConvertFlags,
): Promise<number> {
  const extension = extname(to).toLowerCase();
  const asked = flags.as ?? USUAL[extension];
  if (asked === undefined || !targets().includes(asked))
    throw new InputError(
      `convert ${from} ${to}: ${asked === undefined ? `a plan has no usual form in '${extension}'` : `there is no --as ${asked}`}; --as one of ${targets().join(', ')}`,
    );
  const scenario = await scenarioOf(allocation, flags.scenario, flags.data);
  try {
    const { pieces, notes } = await target(asked, openBook(allocation, scenario), to, flags);
    await emit(pieces, to);
    for (const note of notes) console.error(`Note: ${note}`);
    return 0;
  } catch (error) {
    if (error instanceof RangeError || (error instanceof AllocateError && error.kind === 'unsupported'))
      throw new InputError(`convert ${from} ${to}: ${error.message}`);
    throw error;
  }
}

async function target(
  asked: string,
  book: Book,
  to: string,
  flags: ConvertFlags,
): Promise<{ pieces: Iterable<string | Uint8Array>; notes: string[] }> {
  const { allocation, scenario } = book;
  const extension = extname(to).toLowerCase();
  if (asked === 'lp' || asked === 'mps') {
    const stage = stageOf(flags.stage);
    const pieces = (asked === 'lp' ? lpPieces : mpsPieces)(scenario, { stage, plan: allocation });
    return { pieces, notes: [PROGRAMS, ...(stage > 0 ? ['Stages before it do as well as the plan does.'] : [])] };
  }
  if (asked === 'bundle' || asked === 'brief') {
    const { record, note } = await recordOf(book.digest, flags.data);
    const none = record ? [] : [note];
    if (asked === 'bundle') return { pieces: decisionPieces(book, record), notes: none };
    const receipt = record?.receipt ?? null;
    return {
      pieces: reportPieces(book, 'brief', 'html', { receipt }),
      notes: [...reportNotes(book, 'brief', 'html'), ...none],
    };
  }
  const name = asked as ReportName; // one of the targets that are left
  const format = EXTENSIONS[extension] ?? REPORTS[name][0];
  const more = flags.boundaries === undefined ? {} : { polygons: await polygonsOf(book, flags.boundaries, flags.key) };
  const notes = reportNotes(book, name, format);
  if (more.polygons) {
    const without = scenario.regions.filter((r) => !more.polygons?.has(r.id));
    if (without.length > 0)
      notes.push(
        `${without.length} regions have no polygon in ${basename(flags.boundaries ?? '')}: ${without
          .slice(0, 10)
          .map((r) => r.id)
          .join(', ')}${without.length > 10 ? ', …' : ''}.`,
      );
  }
  return { pieces: reportPieces(book, name, format, more), notes };
}

export function stageOf(text: string): number {
  const stage = Number(text);
  if (!(/^\d+$/.test(text) && Number.isInteger(stage)))
    throw new InputError(`--stage ${text}: stages are counted from 0`);
  return stage;
}

async function polygonsOf(book: Book, file: string, key: string | undefined) {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`--boundaries ${file}: ${error instanceof Error ? error.message : error}`);
  }
  return readBoundaries(
    value,
    book.complete.regions.map((r) => r.id),
    key,
  );
}

/** What the data directory's record has of the plan; null, and why, where it has nothing or is held. */
async function recordOf(digest: string, data: string) {
  const record = recordIn(data);
  try {
    const ledger = await record.ledger();
    const found = ledger && (await decisionRecord(ledger, digest));
    return {
      record: found ?? null,
      note: `The plan is not on the record in ${data}: there is no receipt (--data DIR names another).`,
    };
  } finally {
    await record.close();
  }
}

/** Under its name only when it is whole. */
export async function emit(pieces: string | Iterable<string | Uint8Array>, out: string): Promise<void> {
  const part = `${out}.part`;
  try {
    await writeFile(part, pieces);
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException; // of fs
    throw code === undefined ? error : new InputError(`${out} cannot be written: ${code}`);
  }
}
