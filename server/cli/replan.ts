/** `evenhand replan`, `evenhand trace` and `evenhand variance`: plans that follow events, on a ledger at rest. */
import { existsSync } from 'node:fs';
import {
  type Allocation,
  allocationDigest,
  closePool,
  compare,
  type MovedOn,
  type VarianceRow,
} from '../../engine/index.js';
import { type Scenario, scenarioDigest } from '../../scenarios/index.js';
import { type LocalLedger, openLedger } from '../ledger/index.js';
import { ProblemError } from '../problem.js';
import { amendmentsTo, moveOnRecord } from '../replanning.js';
import { varianceOfPlan } from '../reports/course.js';
import { traceReport } from '../reports/tracing.js';
import { type SolveFlags, solveOnRecord } from './allocate.js';
import { printComparison } from './comparison.js';
import { builtIn, InputError, isDigest, loadAllocation, loadScenario, planOnRecord } from './input.js';
import { progressLine } from './progress.js';
import { num, table } from './text.js';

export interface ReplanFlags extends SolveFlags {
  /** First period that is still to be decided. */
  period?: string;
  /** File or digest of the scenario as it is known now; the plan's own where absent. */
  scenario?: string;
  /** File of the plan's own scenario, where it is neither built in nor on the record. */
  before?: string;
}

/** Rows of each list of the comparison. */
const ROWS = 5;

export async function replanCommand(word: string, flags: ReplanFlags): Promise<number> {
  const period = wholePeriod('replan', flags.period);
  return solveOnRecord(flags, async (ledger) => {
    const allocation = await planNamed(word, ledger, flags.data);
    const before = { allocation, scenario: await scenarioOfPlan(allocation, flags.before, ledger) };
    const scenario = flags.scenario === undefined ? before.scenario : await scenarioNamed(flags.scenario, ledger);
    const { after: _, ...base } = scenario;
    const because = await reasons(ledger, before.scenario, base);
    const moved = await readable(() =>
      moveOnRecord(ledger, { scenario: base, digest: scenarioDigest(base), before, period }),
    );
    return {
      ...{ scenario: moved.scenario, base, warm: before },
      after: (plan) => [...because, ...changes(before, { allocation: plan, scenario: moved.scenario }, moved)],
    };
  });
}

/** What verified reports have changed since the plan before, in words. */
async function reasons(ledger: LocalLedger, before: Scenario, now: Scenario): Promise<string[]> {
  const { after, ...past } = before;
  const held = await amendmentsTo(ledger, after?.base ?? scenarioDigest(past));
  const known = new Set(held.map(({ seq }) => seq));
  const since = (await amendmentsTo(ledger, scenarioDigest(now))).filter(({ seq }) => !known.has(seq));
  if (since.length === 0) return [];
  return [
    '',
    'Because',
    ...since.flatMap(({ seq, amendment }) => amendment.words.map((said) => `- ${said} (entry ${seq})`)),
  ];
}

/** What changed against the plan before, and what was taken for granted. */
function changes(
  before: { allocation: Allocation; scenario: Scenario },
  now: { allocation: Allocation; scenario: Scenario },
  { assumed }: MovedOn,
): string[] {
  const comparison = compare([before.allocation, now.allocation], {
    scenarios: (digest) => [before.scenario, now.scenario].find((s) => scenarioDigest(s) === digest),
  });
  return [
    '',
    'Against the plan before',
    printComparison(comparison, ['before', 'now'], ROWS),
    ...(assumed.length ? ['', 'Cannot have left as planned, and nobody has reported on it:'] : []),
    ...assumed.map(
      (a) =>
        `- ${a.resource} from ${a.from} to ${a.to} in period ${a.depart}: ${num(a.left)} of ${num(a.planned)} are taken to have left`,
    ),
  ];
}

export async function traceCommand(digest: string, { data, json }: { data: string; json: boolean }): Promise<number> {
  const line = progressLine();
  const ledger = await openLedger(data);
  try {
    const trace = await readable(() => traceReport(ledger, digest, { onProgress: line.show }));
    line.clear();
    if (json) console.log(JSON.stringify(trace));
    else {
      console.log([`Report ${trace.report} (${trace.kind})`, ...trace.told].join('\n'));
      for (const { words } of trace.amendments) for (const said of words) console.log(`  ${said}`);
      const regions = trace.effect?.planned.regions ?? [];
      if (regions.length)
        console.log(
          table(
            ['region', 'people-periods with it', 'without it', 'moved'],
            regions.map((r) => [r.region, num(r.with), num(r.without), num(r.peoplePeriods)]),
          ),
        );
    }
    return 0;
  } finally {
    line.clear();
    await ledger.close();
    await closePool();
  }
}

export interface VarianceFlags {
  period?: string;
  scenario?: string;
  data: string;
  json: boolean;
}

export async function varianceCommand(word: string, flags: VarianceFlags): Promise<number> {
  const ledger = await openLedger(flags.data);
  try {
    const allocation = allocationDigest(await planNamed(word, ledger, flags.data));
    const variance = await readable(() =>
      varianceOfPlan(ledger, allocation, {
        period: flags.period === undefined ? undefined : wholePeriod('variance', flags.period),
        scenario: flags.scenario,
      }),
    );
    if (flags.json) console.log(JSON.stringify(variance));
    else
      console.log(
        [
          `What should have left before period ${variance.period}; allocated = shipped + held + returned, shipped = delivered + on the road + lost`,
          varianceTable(variance.rows),
          '',
          'In all',
          varianceTable(variance.totals),
        ].join('\n'),
      );
    return 0;
  } finally {
    await ledger.close();
  }
}

export function varianceTable(rows: readonly VarianceRow[]): string {
  return table(
    [
      'to',
      'resource',
      'unit',
      'allocated',
      'shipped',
      'held',
      'returned',
      'delivered',
      'on the road',
      'lost',
      'unreported',
    ],
    rows.map((r) => [
      ...[r.to ?? 'all', r.resource, r.unit],
      ...[r.allocated, r.shipped, r.held, r.returned, r.delivered, r.onTheRoad, r.lost].map(num),
      `${r.unreported} of ${r.lines}`,
    ]),
  );
}

function wholePeriod(command: string, text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text))
    throw new InputError(
      `${command} --period ${text ?? ''}: expected the first period that is still to be decided, from 0`,
    );
  return Number(text);
}

/** An allocation by the name of its file, or by its digest on the record or the first digits of it. */
const planNamed = (word: string, ledger: LocalLedger, data: string): Promise<Allocation> =>
  isDigest(word) && !existsSync(word) ? planOnRecord(word, ledger, data) : loadAllocation(word);

async function scenarioNamed(word: string, ledger: LocalLedger): Promise<Scenario> {
  if (!/^[0-9a-f]{64}$/.test(word)) return loadScenario(word);
  const scenario = await ledger.scenario(word);
  if (scenario) return scenario;
  throw new InputError(`--scenario ${word}: no such scenario is on the record`);
}

async function scenarioOfPlan(
  allocation: Allocation,
  file: string | undefined,
  ledger: LocalLedger,
): Promise<Scenario> {
  const scenario =
    file === undefined
      ? (builtIn(allocation) ?? (await ledger.scenario(allocation.scenario.digest)))
      : await loadScenario(file);
  if (!scenario)
    throw new InputError(
      `scenario '${allocation.scenario.id}' of the plan is neither built in nor on the record: name its file with --before`,
    );
  if (scenarioDigest(scenario) === allocation.scenario.digest) return scenario;
  throw new InputError(`--before ${file}: the plan was made for another scenario, ${allocation.scenario.digest}`);
}

/** What the record or the reports cannot bear is the input's fault. */
async function readable<X>(work: () => Promise<X>): Promise<X> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new InputError([error.message, ...error.errors.map(({ detail }) => `  ${detail}`)].join('\n'));
  }
}
