/** A comparison as text: measures side by side, who is dominated, Lorenz, and each difference. */
import {
  type Change,
  type Compared,
  type Comparison,
  type Difference,
  type Flows,
  lorenzAt,
  type RegionChange,
} from '../../engine/index.js';
import { type Cell, num, percent, table } from './text.js';

/** More allocations than this stand below each other rather than side by side. */
const ABREAST = 5;

/** `names` of the allocations in their order; `rows` at most in each list of losses, gains and flows. */
export function printComparison(comparison: Comparison, names: readonly string[], rows: number): string {
  const { allocations, pareto, differences, notes } = comparison;
  return [
    sideBySide(
      names.map((name, i) => `${i + 1}: ${name}`),
      measures(comparison),
    ),
    '',
    `Pareto status by people-periods met, ${pareto.efficiency === 'cost' ? 'cost' : 'tonne-km'} and Gini`,
    ...pareto.allocations.map((s, i) => {
      const by = s.dominatedBy.map((d) => d + 1).join(', ');
      return `${i + 1}: ${s.dominated ? `dominated by ${by}` : 'not dominated'}`;
    }),
    '',
    'Lorenz curve: share of all that is met that goes to the least covered part of the need',
    sideBySide(
      names.map((_, i) => `${i + 1}`),
      deciles(allocations),
    ),
    ...differences.flatMap((difference) => ['', ...printDifference(difference, rows)]),
    ...(notes.length ? ['', ...notes.map((note) => `Note: ${note}`)] : []),
  ].join('\n');
}

/** A line of the table: its name, and one cell an allocation. */
type Row = [name: string, ...cells: Cell[]];

function measures({ allocations }: Comparison): Row[] {
  const row = (name: string, of: (a: Compared) => Cell): Row => [name, ...allocations.map(of)];
  return [
    row('policy', (a) => (a.policy === 'custom' ? a.stages.map((s) => s.stage).join(', ') : a.policy)),
    row('smallest coverage', (a) => percent(a.smallestCoverage)),
    row('mean coverage', (a) => percent(a.meanCoverage)),
    row('people-periods met', (a) => num(a.peoplePeriodsMet)),
    row('people-periods unmet', (a) => num(a.peoplePeriodsUnmet)),
    row('Gini over regions', (a) => num(a.gini)),
    row('tonnes', (a) => num(a.tonnes)),
    row('tonne-km', (a) => num(a.tonneKm)),
    row('cost', (a) => `${num(a.cost)}${a.currency ? ` ${a.currency}` : ''}`),
    row('proven gap', (a) => (a.provenGap === 0 ? '0' : a.provenGap.toExponential(1))),
  ];
}

function deciles(allocations: readonly Compared[]): Row[] {
  return Array.from({ length: 9 }, (_, d): Row => {
    const share = (d + 1) / 10;
    return [`${10 * (d + 1)} % of need`, ...allocations.map((a) => percent(lorenzAt(a.lorenz, share)))];
  });
}

/** Columns are allocations while they fit; otherwise rows are. */
function sideBySide(heads: string[], rows: Row[]): string {
  if (heads.length <= ABREAST) return table(['', ...heads], rows);
  return table(
    ['', ...rows.map(([name]) => name)],
    heads.map((head, i) => [head, ...rows.map((row) => row[i + 1]!)]),
  );
}

function printDifference(difference: Difference, rows: number): string[] {
  const { from, to, gained, lost, regions, changes, total, flows } = difference;
  const pair = (c: Change): Cell[] => [c.region, c.resource];
  return [
    `${to + 1} against ${from + 1}: ${num(gained)} people-periods gained, ${num(lost)} lost`,
    ...losers(regions, rows, 'regions', total.regions, ['region'], (c) => [c.region]),
    ...losers(changes, rows, 'regions and resources', total.changes, ['region', 'resource'], pair),
    ...printFlows(flows, rows),
  ];
}

/** The largest losses, then the largest gains; the list has losses first. */
function losers<C extends RegionChange>(
  changes: readonly C[],
  rows: number,
  what: string,
  total: number,
  head: string[],
  cells: (change: C) => Cell[],
): string[] {
  const lost = changes.filter((c) => c.peoplePeriods < 0).slice(0, rows);
  const gained = changes.filter((c) => c.peoplePeriods > 0);
  const most = gained.slice(Math.max(0, gained.length - rows)).reverse();
  const show = (title: string, list: C[]) => {
    const body = list.map((c) => [...cells(c), c.peoplePeriods, percent(c.ratioBefore), percent(c.ratioAfter)]);
    return list.length ? ['', title, table([...head, 'people-periods', 'coverage before', 'after'], body)] : [];
  };
  return [
    ...show(`Largest losses: ${lost.length} of ${num(total)} ${what} that differ`, lost),
    ...show(`Largest gains: ${most.length} of ${num(total)} ${what} that differ`, most),
  ];
}

function printFlows({ total, list, sortedBy, tonnesMore, tonnesLess }: Flows, rows: number): string[] {
  if (total === 0) return ['', 'Flows: the same'];
  const shown = list.slice(0, rows);
  const sum = tonnesMore === null ? '' : `; ${num(tonnesMore)} t more, ${num(tonnesLess ?? 0)} t less`;
  const order = sortedBy === 'tonnes' ? 'most tonnes' : 'largest share of the resource (weights are not at hand)';
  const rowsOf = shown.map((f): Cell[] => [
    `${f.from} → ${f.to}`,
    f.mode,
    f.depart,
    f.resource,
    f.before,
    f.after,
    f.tonnesChange === null ? '?' : f.tonnesChange,
  ]);
  return [
    '',
    `Flows that differ: ${shown.length} of ${num(total)}, ${order} first${sum}`,
    table(['route', 'mode', 'period', 'resource', 'before', 'after', 'tonnes'], rowsOf),
  ];
}
