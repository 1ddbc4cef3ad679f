/** What the commands read: scenarios by file, built-in name or standard input, allocations by file. */
import { readFile } from 'node:fs/promises';
import type { Allocation } from '../../engine/index.js';
import {
  caseNames,
  readCase,
  readScenario,
  type Scenario,
  ScenarioError,
  scenarioDigest,
} from '../../scenarios/index.js';
import { type LocalLedger, openLedger } from '../ledger/index.js';
import { InputError } from './input-error.js';
import { openTables, scenarioOfTables } from './sources.js';

export { InputError } from './input-error.js';

/**
 * A scenario from a file (JSON, a workbook, a zip of CSV files), a folder of CSV files, standard input (`-`) or the library.
 * Throws InputError with every fault.
 */
export async function loadScenario(name: string): Promise<Scenario> {
  if (caseNames().includes(name)) return readCase(name);
  const tables = await openTables(name);
  if (tables !== undefined) return scenarioOfTables(name, tables);
  const text = await readText(name);
  const read = readScenario(text);
  if (read.ok) return read.scenario;
  throw new InputError(`${name}: ${new ScenarioError(read.faults, read.more).message}`);
}

/** An allocation as `allocate --json` or `--out` wrote it. */
export async function loadAllocation(file: string): Promise<Allocation> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const allocation = value as Allocation; // what is really there is checked by whoever uses it: `check` refuses the rest
  if (allocation?.evenhand !== 1 || !Array.isArray(allocation.shipments))
    throw new InputError(`${file} is no allocation: expected the JSON that 'evenhand allocate --json' prints`);
  return allocation;
}

/** Whether a word can be a digest on the record, or the first digits of one. */
export const isDigest = (word: string): boolean => /^[0-9a-f]{4,64}$/.test(word);

/** An allocation by its digest on the record or the first digits of it. Throws InputError where there is none, or several. */
export async function planOnRecord(word: string, ledger: LocalLedger, data: string): Promise<Allocation> {
  const [digest, ...others] = await ledger.allocationsLike(word);
  if (digest === undefined)
    throw new InputError(`${word}: there is no such file, and no such allocation on the record in ${data}`);
  if (others.length)
    throw new InputError(`${word}: several allocations begin so: ${[digest, ...others].join(', ')}; give more digits`);
  const allocation = await ledger.allocation(digest);
  if (!allocation) throw new InputError(`${word}: allocation ${digest} was forgotten`);
  return allocation;
}

/** The built-in case that an allocation is of. */
export function builtIn({ scenario }: Allocation): Scenario | undefined {
  return caseNames()
    .map(readCase)
    .find((s) => scenarioDigest(s) === scenario.digest);
}

/** The scenario of an allocation: as named, else the built-in case or the ledger's entry with that digest. */
export async function scenarioOf(allocation: Allocation, name: string | undefined, data: string): Promise<Scenario> {
  if (name !== undefined) return loadScenario(name);
  const { id, digest } = allocation.scenario;
  const known = builtIn(allocation);
  if (known) return known;
  const ledger = await openLedger(data);
  try {
    const recorded = await ledger.scenario(digest);
    if (recorded) return recorded;
  } finally {
    await ledger.close();
  }
  throw new InputError(`scenario '${id}' (${digest}) is neither built in nor in the ledger at ${data}: name its file`);
}

export async function readText(name: string): Promise<string> {
  try {
    if (name !== '-') return await readFile(name, 'utf8');
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array); // no encoding was set: bytes
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error); // of fs
    throw new InputError(`${name}: ${why}. Built-in cases: ${caseNames().join(', ')}`);
  }
}
