/** `evenhand frontier`: plans along the dial, each proven and committed as soon as it is there; a table of what evenness costs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AllocateError,
  closePool,
  DIALS,
  type DialResult,
  type FrontierDocument,
  readDials,
  solveFrontier,
} from '../../engine/index.js';
import type { Dial } from '../../scenarios/index.js';
import { openLedger, type Receipt } from '../ledger/index.js';
import { type AllocateFlags, readOptions } from './allocate.js';
import { InputError, loadScenario } from './input.js';
import { share } from './price.js';
import { progressLine } from './progress.js';
import { gapText, num, percent, table } from './text.js';

export interface FrontierFlags extends Pick<AllocateFlags, 'policy' | 'gap' | 'solver' | 'threads' | 'data' | 'json'> {
  dials?: string;
  /** A directory for the allocations and the frontier. */
  out?: string;
  csv: boolean;
}

/** As a shell states it for a process that SIGINT ended. */
const STATUS_INTERRUPTED = 130;

/** Exit status 0, or 3 where some gap was not reached or some dial has no plan; all plans there are, are committed. */
export async function frontierCommand(file: string, flags: FrontierFlags): Promise<number> {
  if (flags.json && flags.csv) throw new InputError('frontier: --json and --csv exclude each other');
  const scenario = await loadScenario(file);
  const options = { ...(await readOptions(flags)), dials: parseDials(flags.dials) };
  const ledger = await openLedger(flags.data);
  const line = progressLine();
  const control = new AbortController();
  const cancel = () => {
    if (control.signal.aborted) process.exit(STATUS_INTERRUPTED);
    console.error('\nStopping: plans that are done are committed and stay. Ctrl-C again gives up.');
    control.abort();
  };
  process.on('SIGINT', cancel);
  try {
    if (ledger.readOnly) throw new InputError(`the ledger in ${flags.data} is read-only: ${ledger.readOnly}`);
    if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
    const receipts = new Map<Dial, Receipt>();
    const { allocations: _, ...frontier } = await solveFrontier(scenario, {
      ...options,
      signal: control.signal,
      onProgress: line.showDials,
      async onSolved(dial, allocation) {
        const receipt = await ledger.recordAllocation(allocation, scenario);
        receipts.set(dial, receipt);
        if (flags.out !== undefined)
          await writeFile(join(flags.out, `${nameOf(dial)}.json`), `${JSON.stringify({ ...allocation, receipt })}\n`);
      },
    });
    line.clear();
    const stated = { ...frontier, receipts: Object.fromEntries(receipts) };
    if (flags.out !== undefined) await writeFile(join(flags.out, 'frontier.json'), `${JSON.stringify(stated)}\n`);
    if (flags.json) console.log(JSON.stringify(stated));
    else if (flags.csv) process.stdout.write(csv(frontier));
    else
      console.log([scenario.title ?? scenario.id, frontierTable(frontier), ...notes(frontier, ledger.dir)].join('\n'));
    for (const warning of ledger.warnings) console.error(`Note: ${warning}`);
    return statusOf(frontier);
  } finally {
    process.off('SIGINT', cancel);
    line.clear();
    await ledger.close();
    await closePool();
  }
}

const nameOf = (dial: Dial): string => (dial === 'leximin' ? dial : `alpha-${dial}`);

/** `0,0.5,leximin`. Throws InputError. */
function parseDials(text: string | undefined): Dial[] {
  if (text === undefined) return [...DIALS];
  const dials = text.split(',').map((word): Dial => {
    const trimmed = word.trim();
    if (trimmed === 'leximin') return trimmed;
    const alpha = trimmed === '' ? Number.NaN : Number(trimmed);
    if (!(alpha >= 0))
      throw new InputError(`--dials ${text}: '${trimmed}' is no dial; expected numbers from 0 and 'leximin'`);
    return alpha;
  });
  try {
    return readDials(dials);
  } catch (error) {
    throw new InputError(`--dials ${text}: ${error instanceof Error ? error.message : error}`);
  }
}

function statusOf(frontier: FrontierDocument): number {
  const failed = frontier.dials.filter((d) => d.error);
  for (const { dial, error } of failed) console.error(`Dial ${dial} has no plan: ${error!.message}`);
  if (failed.length === frontier.dials.length) throw new AllocateError(failed[0]!.error!.kind, 'no dial has a plan');
  const { asked } = frontier.gap;
  const wide = frontier.dials.filter((d) => d.plan && d.plan.gap.proven > asked);
  if (wide.length)
    console.error(
      `A gap of ${asked.toExponential(2)} was asked, and not reached at ${wide.map((d) => d.dial).join(', ')} (whole lots may allow no less).`,
    );
  return wide.length || failed.length ? 3 : 0;
}

function frontierTable({ dials }: FrontierDocument): string {
  const head = ['dial', 'smallest coverage', 'Gini', 'people-periods unmet', 'cost', 'price: people-periods'];
  const more = ['weighted', 'proven at most', 'price: money', 'proven gap'];
  return table(
    [...head, ...more],
    dials.map(({ dial, plan }) => {
      if (!plan) return [String(dial), ...Array.from({ length: head.length + more.length - 1 }, () => '–')];
      const { priceOfFairness: price } = plan;
      const cells = price
        ? [num(price.peoplePeriods), share(price.share), share(price.atMost.share), num(price.money)]
        : ['–', '–', '–', '–'];
      return [
        ...[String(dial), percent(plan.smallestCoverage), num(plan.gini), num(plan.peoplePeriodsUnmet), num(plan.cost)],
        ...[...cells, gapText(plan.gap.proven)],
      ];
    }),
  );
}

function notes({ dials }: FrontierDocument, data: string): string[] {
  const plans = dials.flatMap(({ plan }) => (plan ? [plan] : []));
  const currency = plans[0]?.currency;
  return [
    '',
    `Prices are beside the plan at 0: people-periods it meets beyond, the same weighted by priority × importance as a share of its own,`,
    `and money that it spends less${currency ? `, in ${currency}` : ''}. Proven at most: what anybody could meet beyond the plan for the dearer one's money.`,
    `${plans.length === 1 ? '1 plan is' : `${plans.length} plans are`} on the record in ${data}; 'evenhand verify ${data}' checks all of them.`,
  ];
}

const COLUMNS: [string, (d: DialResult) => string | number | null | undefined][] = [
  ['dial', (d) => d.dial],
  ['allocation', (d) => d.plan?.allocation],
  ['smallestCoverage', (d) => d.plan?.smallestCoverage],
  ['meanCoverage', (d) => d.plan?.meanCoverage],
  ['gini', (d) => d.plan?.gini],
  ['peoplePeriodsMet', (d) => d.plan?.peoplePeriodsMet],
  ['peoplePeriodsUnmet', (d) => d.plan?.peoplePeriodsUnmet],
  ['weightedPeoplePeriodsMet', (d) => d.plan?.weightedPeoplePeriodsMet],
  ['cost', (d) => d.plan?.cost],
  ['currency', (d) => d.plan?.currency],
  ['pricePeoplePeriods', (d) => d.plan?.priceOfFairness?.peoplePeriods],
  ['priceWeightedPeoplePeriods', (d) => d.plan?.priceOfFairness?.weightedPeoplePeriods],
  ['priceShare', (d) => d.plan?.priceOfFairness?.share],
  ['priceShareAtMost', (d) => d.plan?.priceOfFairness?.atMost.share],
  ['priceMoney', (d) => d.plan?.priceOfFairness?.money],
  ['provenGap', (d) => d.plan?.gap.proven],
  ['error', (d) => d.error?.message],
];

/** RFC 4180, a line a dial. */
function csv({ dials }: FrontierDocument): string {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [COLUMNS.map(([name]) => name), ...dials.map((d) => COLUMNS.map(([, of]) => cell(of(d))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
