/** The readable result of an allocation: who gets what, what is short and why, what is proven, the receipt. */
import {
  type Allocation,
  type Book,
  type Nothing,
  openBook,
  smallestCoverage,
  tellReasons,
  tightLimits,
  unmetPairs,
  whoGetsNothing,
  whyShort,
} from '../../engine/index.js';
import { type PolicyName, periodsInWords, type Scenario } from '../../scenarios/index.js';
import type { Receipt } from '../ledger/index.js';
import { lockedLines } from './locked.js';
import { priceLines } from './price.js';
import { idWithName, num, percent, stageTable, table } from './text.js';

/** Resources and regions shown before the rest is summed up. */
const ROWS = 20;

/** `file` is what people call the scenario; absent where it is on the record alone. */
export interface Where {
  file?: string | undefined;
  data: string;
  out?: string;
}

export function printAllocation(a: Allocation, scenario: Scenario, where: Where): string {
  const m = a.measures;
  const book = openBook(a, scenario);
  const { cell, said } = namesOf(book);
  const nothing = whoGetsNothing(book, said);
  const currency = m.currency ?? '(no currency given)';
  const parts = [
    `${scenario.title ?? scenario.id}: ${a.policy.name === 'custom' ? a.policy.stages.map((s) => s.stage).join(', then ') : a.policy.name}`,
    '',
    "Coverage by resource (in the resource's unit; over the time what comes late counts less)",
    resources(a, cell),
    '',
    'Coverage by region (people-periods, all resources summed: who needs two counts twice)',
    regions(a, cell),
    '',
    `Smallest coverage over the time ${percent(m.smallestCoverage)}${whose(a, said)}, mean ${percent(m.meanCoverage)}, Gini over regions ${num(m.gini)}; ` +
      `${num(m.peoplePeriodsUnmet)} people-periods of ${num(m.peoplePeriodsNeeded)} stay unmet.`,
    `${num(a.shipments.length)} shipments, ${num(m.tonnes)} t, ${num(m.tonneKm)} tonne-km, cost ${num(m.cost)} ${currency}.`,
    ...(m.spent
      ? [
          `Sent before: ${num(m.spent.tonnes)} t, cost ${num(m.spent.cost)} ${currency}; coverage counts what has come of it.`,
        ]
      : []),
    ...m.fleets.map(
      (f) =>
        `Fleet ${f.mode}: ${percent(f.limit > 0 ? f.used / f.limit : 0)} used, ${percent(f.peak)} in its busiest period.`,
    ),
    '',
    'Short, and why',
    ...shortages(book, nothing, said),
    ...(m.locked ? lockedLines(m.locked.level, m.locked.stock).map((line) => `- ${line}`) : []),
    '',
    'Proven (exact arithmetic; nobody can do better than the bound)',
    stageTable(a.stages),
    `Solved by ${a.solver.name} ${a.solver.version} in ${num(a.solver.seconds)} s (${a.solver.reason}).`,
    '',
    ...priceLines(a),
    ...receiptLines(a),
    ...next(a, where, nothing.uneven ? 'equal' : 'efficient'),
  ];
  return parts.join('\n');
}

function resources(a: Allocation, name: (id: string) => string): string {
  const rows = a.measures.byResource
    .slice(0, ROWS)
    .map((r) => [
      ...[name(r.resource), r.unit, r.stock, r.due, r.delivered],
      ...(r.due > 0 ? [percent(r.delivered / r.due), percent(r.ratio)] : [NO_NEED, NO_NEED]),
    ]);
  return (
    table(['resource', 'unit', 'stock', 'needed', 'delivered', 'by the end', 'over the time'], rows) +
    more(a.measures.byResource.length)
  );
}

function regions(a: Allocation, name: (id: string) => string): string {
  const sorted = [...a.measures.byRegion].sort((x, y) => x.ratio - y.ratio);
  return (
    table(
      ['region', 'needed', 'met', 'over the time'],
      sorted.slice(0, ROWS).map((r) => [name(r.region), r.needed, r.met, r.needed > 0 ? percent(r.ratio) : NO_NEED]),
    ) + more(sorted.length)
  );
}

function whose({ coverage }: Allocation, said: (id: string) => string): string {
  const smallest = smallestCoverage(coverage);
  if (smallest === null) return '';
  const { pair, others } = smallest;
  return ` (${said(pair.resource)} in ${said(pair.region)}${others > 0 ? ` and ${others} more` : ''})`;
}

/** Where nothing is needed there is no coverage; 100 % would read as good news. */
const NO_NEED = '–';

const more = (count: number): string => (count > ROWS ? `\n… and ${count - ROWS} more (--json has all)` : '');

function shortages(book: Book, nothing: Nothing, name: (id: string) => string): string[] {
  const { allocation: a, scenario } = book;
  const short = a.measures.byResource.filter((r) => r.delivered < r.due);
  if (a.measures.byResource.every((r) => !(r.due > 0)))
    return [
      "No region needs anything in this file, so nothing was shared out: state demand, or let 'evenhand needs' count it from people.",
    ];
  if (short.length === 0) return ['Nothing: every need is met by the end of the horizon.'];
  const why = reasonsOf(book);
  const lines = short.slice(0, ROWS).map((r) => {
    const missing = `${name(r.resource)}: ${num(r.due - r.delivered)} of ${num(r.due)} ${r.unit} missing`;
    if (r.delivered >= r.stock) return `- ${missing}; all stock is delivered, there is no more`;
    const stock =
      r.stock < r.due
        ? `stock is ${num(r.stock)}, of which ${num(r.stock - r.delivered)} do not reach anybody`
        : 'there is stock';
    return `- ${missing}; ${stock}: ${why(r.resource)}`;
  });
  lines.push(...nothing.sentences.map((sentence) => `- ${sentence}`));
  const worst = tightLimits(book)
    .filter(({ kind }) => kind !== 'stock')
    .slice(0, 3)
    .map(({ what, periods }) =>
      periods.length > 0 ? `${what} in ${periodsInWords(scenario.periods, periods)}` : what,
    );
  if (worst.length)
    lines.push(
      `- limits that bind most: ${worst.join('; ')} ('evenhand explain' and 'evenhand bottlenecks' solve again for what more of them would bring)`,
    );
  return lines;
}

/** How sites and resources are called: in tables ids with names beside them, in sentences resources by name alone. */
function namesOf(book: Book) {
  const { depots, hubs, regions, resources } = book.complete;
  const goods = new Map(resources.map(({ id, name }) => [id, name]));
  const places = new Map([...depots, ...hubs, ...regions].map(({ id, name }) => [id, name]));
  const cell = (id: string) => idWithName(id, goods.get(id) ?? places.get(id));
  return { cell, said: (id: string) => goods.get(id) ?? cell(id) };
}

/** Why a resource is short although it has stock left, as the table of unmet needs says it; read off the plan when first asked. */
function reasonsOf(book: Book): (resource: string) => string {
  let tell: ReturnType<typeof tellReasons> | undefined;
  return (resource) => {
    tell ??= tellReasons(book);
    const told = unmetPairs(book)
      .filter((c) => c.resource === resource)
      .map(tell);
    return whyShort(told, true);
  };
}

function receiptLines(a: Allocation): string[] {
  const receipt = a.receipt as Receipt | undefined; // put there by `allocate`
  if (!receipt) return [];
  return [
    `On the record: entry ${receipt.seq} of ${receipt.size}, ${receipt.repeated ? 'as before' : receipt.status}`,
    `  allocation  ${receipt.digest}`,
    `  certificate ${a.certificate.digest}`,
    `  root        ${receipt.root}`,
    '',
  ];
}

function next(a: Allocation, { file, data, out }: Where, other: PolicyName): string[] {
  const region = a.coverage.length ? a.coverage.reduce((x, y) => (y.ratio < x.ratio ? y : x)).region : 'REGION';
  const plan = out ?? 'plan.json';
  const again =
    file === undefined
      ? []
      : [
          `  npx evenhand allocate ${file} --policy ${other} --gap ${a.gap.asked} --out other.json && npx evenhand compare ${plan} other.json`,
        ];
  const keep =
    out !== undefined || file === undefined
      ? []
      : [`  npx evenhand allocate ${file} --out plan.json         keep the plan and its proof in a file`];
  return [
    'Next:',
    ...keep,
    `  npx evenhand check ${plan} ${file ?? `--data ${data}`}`,
    `  npx evenhand explain ${plan} --region ${region}`,
    `  npx evenhand convert ${plan} brief.html         who gets what, on two pages`,
    `  npx evenhand convert ${plan} shipments.csv --as shipments   every consignment; --as unmet: all that stays short, and why`,
    ...again,
    `  npx evenhand verify ${data}`,
    `  npx evenhand serve --data ${data}`,
  ];
}
