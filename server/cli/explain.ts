/** `evenhand explain` and `evenhand bottlenecks`: solved again, said in words, kept beside the allocation. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Allocation, allocationDigest, bottlenecks, closePool, explain } from '../../engine/index.js';
import type { Scenario } from '../../scenarios/index.js';
import { keyOf, type Question } from '../explanations.js';
import { type ExplanationDocument, LedgerHeld, type LocalLedger, openLedger } from '../ledger/index.js';
import { InputError, loadAllocation, scenarioOf } from './input.js';
import { withNames } from './text.js';

export interface ExplainFlags {
  region?: string;
  resource?: string;
  top?: string;
  scenario?: string;
  data: string;
  json: boolean;
}

/** As a shell states it for a process that SIGINT ended. */
const STATUS_INTERRUPTED = 130;

export async function explainCommand(file: string, flags: ExplainFlags): Promise<number> {
  const query = {
    ...(flags.region ? { region: flags.region } : {}),
    ...(flags.resource ? { resource: flags.resource } : {}),
  };
  const ask = (digest: string): Question => ({ about: 'explanation', allocation: digest, query });
  return answer(file, flags, ask, (allocation, scenario, options) => explain(allocation, scenario, query, options));
}

export async function bottlenecksCommand(file: string, flags: ExplainFlags): Promise<number> {
  const top = Number(flags.top ?? 10);
  if (!(Number.isInteger(top) && top >= 1 && top <= 30))
    throw new InputError(`--top ${flags.top}: expected a whole number from 1 to 30`);
  const ask = (digest: string): Question => ({ about: 'bottlenecks', allocation: digest, top });
  return answer(file, flags, ask, (allocation, scenario, options) =>
    bottlenecks(allocation, scenario, { ...options, top }),
  );
}

type Options = NonNullable<Parameters<typeof explain>[3]>;

/** From the record where it was asked before, else solved and recorded where the allocation is. */
async function answer(
  file: string,
  flags: ExplainFlags,
  ask: (digest: string) => Question,
  solve: (allocation: Allocation, scenario: Scenario, options: Options) => Promise<ExplanationDocument>,
): Promise<number> {
  const allocation = await loadAllocation(file);
  const scenario = await scenarioOf(allocation, flags.scenario, flags.data);
  const digest = allocationDigest(allocation);
  const key = keyOf(ask(digest));
  const { ledger, why } = await recordOf(flags.data, digest);
  const control = new AbortController();
  const cancel = () => {
    if (control.signal.aborted) process.exit(STATUS_INTERRUPTED);
    control.abort();
  };
  process.on('SIGINT', cancel);
  try {
    let document = await ledger?.explanation(key);
    if (document === undefined) {
      document = await solve(allocation, scenario, { signal: control.signal, onProgress: showProgress });
      const receipt = await ledger?.recordExplanation(document, key);
      if (receipt) console.error(`On the record: entry ${receipt.seq} of ${receipt.size}.`);
    }
    if (why !== null) console.error(`Note: not recorded, as ${why}.`);
    console.log(flags.json ? JSON.stringify(document) : withNames(scenario.regions, document.sentences).join('\n'));
    return 0;
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  } finally {
    process.off('SIGINT', cancel);
    await ledger?.close();
    await closePool();
  }
}

/** The ledger with the allocation on it, or why there is none to write to. Makes no directory. */
async function recordOf(
  data: string,
  digest: string,
): Promise<{ ledger: LocalLedger | undefined; why: string | null }> {
  try {
    await access(join(data, 'store'));
  } catch {
    return { ledger: undefined, why: `there is no ledger at ${data}` };
  }
  let ledger: LocalLedger;
  try {
    ledger = await openLedger(data);
  } catch (error) {
    if (error instanceof LedgerHeld) return { ledger: undefined, why: error.message };
    throw error;
  }
  const why =
    ledger.readOnly ?? ((await ledger.receipt(digest)) ? null : `the allocation is not on the ledger at ${data}`);
  if (why === null) return { ledger, why };
  await ledger.close();
  return { ledger: undefined, why };
}

function showProgress({ done, of }: { done: number; of: number }): void {
  if (process.stderr.isTTY) process.stderr.write(done < of ? `\r\x1b[2Ksolved again: ${done} of ${of}` : '\r\x1b[2K');
}
