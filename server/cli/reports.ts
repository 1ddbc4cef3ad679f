/** `evenhand report`, `evenhand reports` and `evenhand amend`: reports from the field at a terminal. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkReport } from '../../scenarios/field/check.js';
import { compileAmendment } from '../../scenarios/field/compile.js';
import { type PlaceName, scenarioDigest, writeScenario } from '../../scenarios/index.js';
import { syntaxFaults } from '../../scenarios/syntax.js';
import { LedgerRefusal, openLedger } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { fileReport, mustFit, ReportError } from '../reports/filing.js';
import { openPhotos } from '../reports/photos.js';
import { openRegister, type ReportView } from '../reports/register.js';
import { InputError, loadScenario } from './input.js';
import { table } from './text.js';

/** Puts a report on the record of a stopped server; a running one takes it over HTTP. */
export async function reportCommand(
  file: string,
  { data, photo, json }: { data: string; photo?: string; json: boolean },
): Promise<number> {
  const value = await jsonOf(file);
  const photos = openPhotos(join(data, 'photos'), Date.now);
  const ledger = await openLedger(data);
  try {
    const named = photo === undefined ? value : { ...Object(value), photo: await received(photos, photo) };
    const { receipt, proposals } = await fileReport(ledger, photos, named);
    if (json) {
      console.log(JSON.stringify({ digest: receipt.digest, proposals, receipt }));
      return 0;
    }
    console.log(`Report ${receipt.digest} is on the record: entry ${receipt.seq} of ${receipt.size}.`);
    if (proposals.length > 0) {
      console.log('It names no place; whoever verifies it names one. Nearest are:');
      for (const { place, km } of proposals) console.log(`  ${km} km  ${JSON.stringify(place)}`);
    }
    return 0;
  } catch (error) {
    if (error instanceof ReportError) throw new InputError(`${file}:\n${indented(error.faults)}`);
    if (error instanceof LedgerRefusal && error.detail === 'unknown')
      throw new InputError(`${file}: ${error.message} in ${data}: allocate the scenario with --data ${data} first`);
    throw error;
  } finally {
    await ledger.close();
  }
}

async function received(photos: ReturnType<typeof openPhotos>, file: string): Promise<string> {
  try {
    return (await photos.receive(await readFile(file))).digest;
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof ProblemError ? error.message : `cannot be read (${error})`}`);
  }
}

/** All reports in a ledger at rest, or those whose time is up. */
export async function reportsCommand({ data, overdue, json }: { data: string; overdue: boolean; json: boolean }) {
  const ledger = await openLedger(data);
  try {
    const register = openRegister(ledger, Date.now);
    const reports: ReportView[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page = await register.list({ from, limit: 200, ...(overdue ? { overdue } : {}) });
      reports.push(...page.reports);
      from = page.next;
    }
    if (json) console.log(JSON.stringify({ reports }));
    else if (reports.length === 0) console.log(overdue ? 'No report is overdue.' : `There are no reports in ${data}.`);
    else console.log(table(['entry', 'report', 'kind', 'state', 'waits for', 'with', 'until'], reports.map(row)));
    return 0;
  } finally {
    await ledger.close();
  }
}

function row({ seq, digest, report, state, step, owner, due, overdue }: ReportView) {
  const who = owner === null ? '' : owner.organisation === null ? owner.tier : `${owner.tier} (${owner.organisation})`;
  const until = due === null ? '' : `${due.slice(0, 16).replace('T', ' ')}${overdue ? ', overdue' : ''}`;
  return [seq, digest?.slice(0, 12) ?? 'forgotten', report?.kind ?? '', state, step ?? '', who, until];
}

/**
 * Compiles files onto a scenario file; nothing is recorded. A file holds a report, or `{ "report": …, "place": … }` where
 * the report names no place. The words go to standard error where the scenario goes to standard output.
 */
export async function amendCommand(name: string, files: readonly string[], out: string | undefined): Promise<number> {
  const scenario = await loadScenario(name);
  const verified = [];
  for (const file of files) {
    const value = await jsonOf(file);
    const { report: inner, place } = Object(value);
    const wrapped = typeof inner === 'object' && inner !== null;
    const checked = checkReport(wrapped ? inner : value, scenario);
    if (!checked.ok) throw new InputError(`${file}:\n${indented(checked.faults)}`);
    try {
      mustFit(checked.report, scenario, 'verified', wrapped ? place : undefined);
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      throw new InputError(`${file}: write { "report": …, "place": … }\n${indented(error.faults)}`);
    }
    // `mustFit` has read it.
    verified.push({ report: checked.report, ...(wrapped && place !== undefined ? { place: place as PlaceName } : {}) });
  }
  const compiled = compileAmendment(scenario, verified);
  if (!compiled.ok) throw new InputError(`amend ${name}:\n${indented([...compiled.conflicts, ...compiled.faults])}`);
  const { amendment, scenario: amended } = compiled;
  const words = [...amendment.words, `${amended.id}: ${scenarioDigest(scenario)} → ${amendment.scenario}`];
  const text = `${[...writeScenario(amended)].join('')}\n`;
  if (out === undefined || out === '-') {
    console.error(words.join('\n'));
    process.stdout.write(text);
  } else {
    console.log(words.join('\n'));
    await writeFile(out, text);
  }
  return 0;
}

async function jsonOf(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const { fatal, ambiguous } = syntaxFaults(text);
  const faults = fatal === undefined ? ambiguous : [fatal];
  if (faults.length > 0) throw new InputError(`${file} is no JSON to rely on:\n${indented(faults)}`);
  return JSON.parse(text);
}

const indented = (faults: readonly { message: string }[]): string =>
  faults.map(({ message }) => `  ${message}`).join('\n');
