/** The readable result of an allocation: who gets what, what is short and why, what is proven, the receipt. */
import { type Allocation, bindingsOf } from '../../engine/index.js';
import type { Scenario } from '../../scenarios/index.js';
import type { Receipt } from '../ledger/index.js';
import { lockedLines } from './locked.js';
import { priceLines } from './price.js';
import { num, percent, stageTable, table } from './text.js';

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
  const currency = m.currency ?? '(no currency given)';
  const parts = [
    `${scenario.title ?? scenario.id}: ${a.policy.name === 'custom' ? a.policy.stages.map((s) => s.stage).join(', then ') : a.policy.name}`,
    '',
    "Coverage by resource (over the horizon, in the resource's unit)",
    resources(a),
    '',
    'Coverage by region (people-periods, all resources)',
    regions(a),
    '',
    `Smallest coverage ${percent(m.smallestCoverage)}, mean ${percent(m.meanCoverage)}, Gini over regions ${num(m.gini)}; ` +
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
    ...shortages(a, scenario),
    ...(m.locked ? lockedLines(m.locked.level, m.locked.stock).map((line) => `- ${line}`) : []),
    '',
    'Proven (exact arithmetic; nobody can do better than the bound)',
    stageTable(a.stages),
    `Solved by ${a.solver.name} ${a.solver.version} in ${num(a.solver.seconds)} s (${a.solver.reason}).`,
    '',
    ...priceLines(a),
    ...receiptLines(a),
    ...next(a, where),
  ];
  return parts.join('\n');
}

function resources(a: Allocation): string {
  const rows = a.measures.byResource
    .slice(0, ROWS)
    .map((r) => [r.resource, r.unit, r.stock, r.due, r.delivered, r.due > 0 ? percent(r.ratio) : NO_NEED]);
  return (
    table(['resource', 'unit', 'stock', 'needed', 'delivered', 'coverage'], rows) + more(a.measures.byResource.length)
  );
}

function regions(a: Allocation): string {
  const sorted = [...a.measures.byRegion].sort((x, y) => x.ratio - y.ratio);
  return (
    table(
      ['region', 'needed', 'met', 'coverage'],
      sorted.slice(0, ROWS).map((r) => [r.region, r.needed, r.met, r.needed > 0 ? percent(r.ratio) : NO_NEED]),
    ) + more(sorted.length)
  );
}

/** Where nothing is needed there is no coverage; 100 % would read as good news. */
const NO_NEED = '–';

const more = (count: number): string => (count > ROWS ? `\n… and ${count - ROWS} more (--json has all)` : '');

function shortages(a: Allocation, scenario: Scenario): string[] {
  const short = a.measures.byResource.filter((r) => r.delivered < r.due);
  if (a.measures.byResource.every((r) => !(r.due > 0)))
    return [
      "No region needs anything in this file, so nothing was shared out: state demand, or let 'evenhand needs' count it from people.",
    ];
  if (short.length === 0) return ['Nothing: every need is met by the end of the horizon.'];
  const lines = short.slice(0, ROWS).map((r) => {
    const missing = `${r.resource}: ${num(r.due - r.delivered)} of ${num(r.due)} ${r.unit} missing`;
    if (r.stock < r.due && r.delivered >= r.stock) return `- ${missing}; all stock is delivered, there is no more`;
    if (r.stock < r.due)
      return `- ${missing}; stock is ${num(r.stock)}, and ${num(r.stock - r.delivered)} cannot arrive in time`;
    return `- ${missing}; there is stock, the ways to it are short`;
  });
  lines.push(...nothingFor(a));
  const limits = bindingsOf(a, scenario).filter((b) => b.kind !== 'stock');
  const worst = limits.slice(0, 3).map((b) => `${b.what}${b.period === null ? '' : ` in period ${b.period}`}`);
  if (worst.length)
    lines.push(
      `- limits that bind most: ${worst.join('; ')} ('evenhand explain' and 'evenhand bottlenecks' solve again for what more of them would bring)`,
    );
  return lines;
}

/** Who gets nothing because all coverage lies in the lowest band, in which one unit is worth as much wherever it goes. */
function nothingFor(a: Allocation): string[] {
  const needy = a.measures.byRegion.filter((r) => r.needed > 0);
  const without = needy.filter((r) => r.met === 0).map((r) => r.region);
  const stage = a.policy.stages.find((s) => s.stage === 'need');
  if (without.length === 0 || without.length === needy.length || stage?.stage !== 'need') return [];
  const { bands = 10 } = stage;
  const lowest = typeof bands === 'number' ? 1 / bands : (bands[0]?.upTo ?? 1);
  if (a.measures.meanCoverage > lowest) return [];
  const few = without.slice(0, 5).join(', ');
  const who =
    without.length > 5 ? `${few} and ${without.length - 5} more get` : `${few} ${without.length > 1 ? 'get' : 'gets'}`;
  return [
    `- ${who} nothing: there is so little that coverage stays in the policy's lowest band (up to ${percent(lowest)}), where a unit counts the same wherever it goes.` +
      " '--policy equal' shares evenly, finer bands (sheet Policy) nearly so, and a Floor in Regions comes first.",
  ];
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

function next(a: Allocation, { file, data, out }: Where): string[] {
  const region = a.coverage.length ? a.coverage.reduce((x, y) => (y.ratio < x.ratio ? y : x)).region : 'REGION';
  const plan = out ?? 'plan.json';
  const again =
    file === undefined
      ? []
      : [
          `  npx evenhand allocate ${file} --policy efficient --gap ${a.gap.asked} --out other.json && npx evenhand compare ${plan} other.json`,
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
