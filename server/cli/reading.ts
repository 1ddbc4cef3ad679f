/** `evenhand compare`: for the planner. */
import { type Change, compare } from '../../engine/index.js';
import { InputError, loadAllocation } from './input.js';
import { gapText, num, percent, table } from './text.js';

/** Gains and losses shown of each difference. */
const ROWS = 10;

export async function compareCommand(files: string[], json: boolean): Promise<number> {
  if (files.length < 2) throw new InputError('compare: name at least two allocations');
  const comparison = compare(await Promise.all(files.map(loadAllocation)));
  if (json) {
    console.log(JSON.stringify(comparison));
    return 0;
  }
  const head = ['', ...files.map((f, i) => `${i + 1}: ${f}`)];
  const row = (name: string, of: (a: (typeof comparison.allocations)[number]) => string) => [
    name,
    ...comparison.allocations.map(of),
  ];
  console.log(
    table(head, [
      row('policy', (a) => (a.policy === 'custom' ? a.stages.map((s) => s.stage).join(', ') : a.policy)),
      row('smallest coverage', (a) => percent(a.smallestCoverage)),
      row('mean coverage', (a) => percent(a.meanCoverage)),
      row('people-periods unmet', (a) => num(a.peoplePeriodsUnmet)),
      row('Gini over regions', (a) => num(a.gini)),
      row('tonnes', (a) => num(a.tonnes)),
      row('tonne-km', (a) => num(a.tonneKm)),
      row('cost', (a) => `${num(a.cost)}${a.currency ? ` ${a.currency}` : ''}`),
      row('proven gap', (a) => gapText(a.provenGap)),
    ]),
  );
  for (const { to, gained, lost, changes } of comparison.differences) {
    console.log(`\n${to + 1} against 1: ${num(gained)} people-periods gained, ${num(lost)} lost`);
    const losses = changes.filter((c) => c.peoplePeriods < 0).slice(0, ROWS);
    const gains = changes
      .filter((c) => c.peoplePeriods > 0)
      .slice(-ROWS)
      .reverse();
    if (losses.length) console.log(`Largest losses\n${changeTable(losses)}`);
    if (gains.length) console.log(`Largest gains\n${changeTable(gains)}`);
  }
  for (const note of comparison.notes) console.log(`Note: ${note}`);
  return 0;
}

function changeTable(changes: Change[]): string {
  return table(
    ['region', 'resource', 'people-periods', 'coverage before', 'after'],
    changes.map((c) => [c.region, c.resource, c.peoplePeriods, percent(c.ratioBefore), percent(c.ratioAfter)]),
  );
}
