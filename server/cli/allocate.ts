/** `evenhand allocate`: solves, proves, commits, prints. */
import { readFile, writeFile } from 'node:fs/promises';
import {
  type AllocateOptions,
  type Allocation,
  allocate,
  allocateTwins,
  closePool,
  type PolicyName,
  setThreads,
} from '../../engine/index.js';
import type { Scenario, Stage } from '../../scenarios/index.js';
import { english } from '../../scenarios/wording.js';
import { type Ledger, type LocalLedger, openLedger } from '../ledger/index.js';
import { movedFaultsOnRecord } from '../replanning.js';
import { builtIn, InputError, loadAllocation, loadScenario } from './input.js';
import { progressLine } from './progress.js';
import { gapNotReached } from './proven.js';
import { printAllocation } from './result.js';

export interface SolveFlags {
  policy?: string;
  gap?: string;
  solver?: string;
  twins?: boolean;
  threads?: string;
  out?: string;
  data: string;
  json: boolean;
}

export interface AllocateFlags extends SolveFlags {
  warm?: string;
}

/** As a shell states it for a process that SIGINT ended. */
const STATUS_INTERRUPTED = 130;

const POLICIES: PolicyName[] = ['efficient', 'balanced', 'proportional', 'equal'];
const SOLVERS = ['auto', 'structured', 'highs', 'jslp'] as const;

export async function allocateCommand(file: string, flags: AllocateFlags): Promise<number> {
  const scenario = await loadScenario(file);
  return solveOnRecord(flags, async (ledger) => ({
    ...{ scenario, file },
    ...(flags.warm === undefined ? {} : { warm: await readWarm(flags.warm, ledger) }),
  }));
}

/** What is to be solved, and how people call it. */
export interface Prepared extends Pick<AllocateOptions, 'warm'> {
  scenario: Scenario;
  /** Absent where it is on the record alone. */
  file?: string;
  /** Recorded before the plan, where it is not on the record. */
  base?: Scenario;
  /** Printed after the result. */
  after?: (allocation: Allocation) => string[];
}

/** Solves, proves, commits and prints. Exit status 0, or 3 where the asked gap was not reached (the plan is committed and printed all the same). */
export async function solveOnRecord(
  flags: SolveFlags,
  prepare: (ledger: LocalLedger) => Promise<Prepared>,
): Promise<number> {
  const options: AllocateOptions = await readOptions(flags);
  // opened first: a ledger that is held or read-only should not cost anybody a solve
  const ledger = await openLedger(flags.data);
  const line = progressLine();
  const control = new AbortController();
  const cancel = () => {
    if (control.signal.aborted) process.exit(STATUS_INTERRUPTED);
    console.error('\nStopping: the best plan so far is rounded and proven, if there is one. Ctrl-C again gives up.');
    control.abort();
  };
  process.on('SIGINT', cancel);
  try {
    if (ledger.readOnly) throw new InputError(`the ledger in ${flags.data} is read-only: ${ledger.readOnly}`);
    const { scenario, file, warm, base, after } = await prepare(ledger);
    for (const fault of await movedFaultsOnRecord(ledger, scenario))
      throw new InputError(`${file ?? 'the scenario'}: /after: ${english(fault)}`);
    if (warm !== undefined) options.warm = warm;
    const run = { ...options, signal: control.signal, onProgress: line.show };
    const solved = flags.twins ? await allocateTwins(scenario, run) : { allocation: await allocate(scenario, run) };
    const { allocation } = solved;
    line.clear();
    if (base) await ledger.recordScenario(base);
    if ('twin' in solved && solved.twin) await ledger.recordAllocation(solved.twin, scenario);
    const receipt = await ledger.recordAllocation(allocation, scenario);
    await print({ ...allocation, receipt }, scenario, flags, file);
    if (after && !flags.json) console.log(after(allocation).join('\n'));
    for (const warning of ledger.warnings) console.error(`Note: ${warning}`);
    if ('missing' in solved && solved.missing) {
      console.error(`The efficient twin was not solved, so no price of fairness is stated: ${solved.missing.message}`);
      return 3;
    }
    const { asked, proven } = allocation.gap;
    if (proven <= asked) return 0;
    console.error(gapNotReached(allocation));
    return 3;
  } finally {
    process.off('SIGINT', cancel);
    line.clear();
    await ledger.close();
    await closePool();
  }
}

async function print(
  allocation: Allocation,
  scenario: Scenario,
  flags: SolveFlags,
  file: string | undefined,
): Promise<void> {
  const text = `${JSON.stringify(allocation)}\n`;
  if (flags.out) await writeFile(flags.out, text);
  if (flags.json) process.stdout.write(text);
  else
    console.log(
      printAllocation(allocation, scenario, { file, data: flags.data, ...(flags.out ? { out: flags.out } : {}) }),
    );
}

/** An earlier allocation to start from, with its scenario where that is built in or on the record. */
async function readWarm(file: string, ledger: Ledger): Promise<NonNullable<AllocateOptions['warm']>> {
  const allocation = await loadAllocation(file);
  const scenario = builtIn(allocation) ?? (await ledger.scenario(allocation.scenario.digest));
  if (scenario) return { allocation, scenario };
  console.error(
    `Note: the scenario of ${file} is neither built in nor in the ledger, so prices of routes are not taken over.`,
  );
  return { allocation };
}

/** Options of a solve as typed. Throws InputError. */
export async function readOptions(
  flags: Pick<AllocateFlags, 'policy' | 'gap' | 'solver' | 'threads'>,
): Promise<Pick<AllocateOptions, 'policy' | 'gap' | 'solver'>> {
  const options: Pick<AllocateOptions, 'policy' | 'gap' | 'solver'> = {};
  if (flags.policy !== undefined) options.policy = await readPolicy(flags.policy);
  if (flags.gap !== undefined) {
    options.gap = Number(flags.gap);
    if (!(flags.gap.trim() !== '' && options.gap >= 0 && options.gap <= 1))
      throw new InputError(`--gap ${flags.gap}: expected a relative gap from 0 to 1, for example 1e-4`);
  }
  if (flags.solver !== undefined) {
    const solver = SOLVERS.find((s) => s === flags.solver);
    if (!solver) throw new InputError(`--solver ${flags.solver}: expected ${SOLVERS.join(', ')}`);
    options.solver = solver;
  }
  if (flags.threads !== undefined) {
    const threads = Number(flags.threads);
    if (!(Number.isInteger(threads) && threads >= 1 && threads <= 1024))
      throw new InputError(`--threads ${flags.threads}: expected a whole number from 1`);
    setThreads(threads);
  }
  return options;
}

/** A named policy, or a file with a list of stages as in the scenario; the schema checks it with the scenario. */
async function readPolicy(policy: string): Promise<PolicyName | Stage[]> {
  const name = POLICIES.find((p) => p === policy);
  if (name) return name;
  let text: string;
  try {
    text = await readFile(policy, 'utf8');
  } catch {
    throw new InputError(`--policy ${policy}: neither a file nor one of ${POLICIES.join(', ')}`);
  }
  try {
    return JSON.parse(text) as Stage[]; // `allocate` checks it against the schema
  } catch (error) {
    throw new InputError(`--policy ${policy}: no JSON: ${error instanceof Error ? error.message : error}`);
  }
}
