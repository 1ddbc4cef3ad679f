/** `evenhand compare`: finds the allocations and their scenarios, compares, and prints text, JSON or CSV. */
import { existsSync } from 'node:fs';
import { type Allocation, compare, csvHead, csvReference, csvRows } from '../../engine/index.js';
import { caseNames, readCase, type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { LedgerHeld, type LocalLedger, openLedger } from '../ledger/index.js';
import { printComparison } from './comparison.js';
import { InputError, isDigest, loadAllocation, loadScenario, planOnRecord } from './input.js';

export interface CompareFlags {
  /** Position of the reference, from 1 as the output counts. */
  against?: string;
  top?: string;
  /** Files of scenarios that are neither built in nor on the record. */
  scenarios: string[];
  data: string;
  json: boolean;
  csv: boolean;
}

/** Rows of each list in the text, where nobody says otherwise. */
const ROWS = 10;

export async function compareCommand(words: string[], flags: CompareFlags): Promise<number> {
  if (flags.json && flags.csv) throw new InputError('compare: --json or --csv, not both');
  const against = flags.against === undefined ? 0 : whole('--against', flags.against, words.length) - 1;
  const top = flags.top === undefined ? undefined : whole('--top', flags.top, 1_000_000);
  const record = recordIn(flags.data);
  try {
    const allocations: Allocation[] = [];
    for (const word of words) allocations.push(await found(word, record));
    if (flags.csv) return writeCsv(allocations, against);
    const { scenarios, held } = await scenariosOf(allocations, flags.scenarios, record);
    const options = {
      against,
      scenarios: (digest: string) => scenarios.get(digest),
      ...(top === undefined ? {} : { top }),
    };
    const comparison = readable(() => compare(allocations, options));
    if (held !== null) comparison.notes.push(held);
    console.log(
      flags.json ? JSON.stringify(comparison) : printComparison(comparison, words.map(shortened), top ?? ROWS),
    );
    return 0;
  } finally {
    await record.close();
  }
}

function writeCsv(allocations: readonly Allocation[], against: number): number {
  readable(() => {
    const reference = csvReference(allocations[against]!, against);
    process.stdout.write(csvHead());
    allocations.forEach((allocation, i) => {
      process.stdout.write([...csvRows(reference, allocation, i)].join(''));
    });
  });
  return 0;
}

/** What the engine cannot read is the input's fault. */
function readable<X>(work: () => X): X {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
}

function whole(flag: string, text: string, most: number): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n < 1 || n > most)
    throw new InputError(`${flag} ${text}: expected a whole number from 1 to ${most}`);
  return n;
}

const shortened = (word: string): string => (/^[0-9a-f]{64}$/.test(word) ? `${word.slice(0, 12)}…` : word);

/** The ledger of a data directory, opened when first asked for, never made. */
export function recordIn(data: string) {
  let open: LocalLedger | undefined;
  return {
    data,
    async ledger(): Promise<LocalLedger | undefined> {
      if (!open && existsSync(data)) open = await openLedger(data);
      return open;
    },
    close: async () => open?.close(),
  };
}

type Record = ReturnType<typeof recordIn>;

/** An allocation by the name of its file, or by its digest on the record or the first digits of it. */
async function found(word: string, record: Record): Promise<Allocation> {
  if (!isDigest(word) || existsSync(word)) return loadAllocation(word);
  const ledger = await record.ledger();
  if (!ledger) throw new InputError(`${word}: there is no such file, and no ledger in ${record.data}`);
  return planOnRecord(word, ledger, record.data);
}

/** The scenarios that are at hand: as named, built in, or on the record where the ledger is free. */
async function scenariosOf(
  allocations: readonly Allocation[],
  files: readonly string[],
  record: Record,
): Promise<{ scenarios: Map<string, Scenario>; held: string | null }> {
  const scenarios = new Map<string, Scenario>();
  const keep = (scenario: Scenario) => scenarios.set(scenarioDigest(scenario), scenario);
  for (const file of files) keep(await loadScenario(file));
  for (const name of caseNames()) keep(readCase(name));
  const missing = new Set(allocations.map((a) => a.scenario?.digest).filter((digest) => !scenarios.has(digest)));
  if (missing.size === 0) return { scenarios, held: null };
  try {
    const ledger = await record.ledger();
    for (const digest of missing) {
      const scenario = await ledger?.scenario(digest);
      if (scenario) scenarios.set(digest, scenario);
    }
  } catch (error) {
    // they only tell weights and amendments: the comparison goes on without
    if (!(error instanceof LedgerHeld)) throw error;
    return { scenarios, held: `${error.message} Its scenarios were not read; --scenario FILE names one.` };
  }
  return { scenarios, held: null };
}
