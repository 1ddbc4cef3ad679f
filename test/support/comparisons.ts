/** Plans to compare, and a reader of CSV of its own. */
import assert from 'node:assert/strict';
import { type Allocation, csvHead, csvReference, csvRows, type Scenario } from '../../engine/index.js';
import { runAllocation } from '../../engine/pipeline.js';
import { generate } from '../../scenarios/index.js';
import { randomScenario } from './random.js';
import { runs } from './runs.js';

export const close = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)), `${what}: ${a} and ${b}`);
export const run = (scenario: Scenario, policy?: 'efficient' | 'balanced'): Promise<Allocation> =>
  runAllocation(scenario, { gap: 1, solver: 'highs', ...(policy ? { policy } : {}) }, () => 0);

const [RANDOM, TINY] = [runs(30), runs(10)];
let made: Promise<{ scenario: Scenario; a: Allocation; b: Allocation }[]> | undefined;

/** Plans of random scenarios by two policies, solved where first asked for; shared, as nothing changes them. */
export const pairs = () => {
  made ??= Promise.all(
    Array.from({ length: RANDOM + TINY }, async (_, seed) => {
      // every feature, but few needs that can be met; and countries in small, where most change
      const scenario = seed < RANDOM ? randomScenario(seed + 1) : generate('tiny', seed);
      return { scenario, a: await run(scenario, 'balanced'), b: await run(scenario, 'efficient') };
    }),
  );
  return made;
};

/** Fields and rows of a CSV text, read letter by letter as RFC 4180 has it. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) {
        assert.ok(i < text.length, 'a quote is not closed');
        if (text[i] === '"') i++;
        cell += text[i];
      }
      assert.ok(i + 1 === text.length || [',', '\r'].includes(text[i + 1]!), 'something follows a quote');
    } else if (text[i] === ',') {
      rows.at(-1)!.push(cell);
      cell = '';
    } else if (text[i] === '\r' && text[i + 1] === '\n') {
      rows.at(-1)!.push(cell);
      cell = '';
      rows.push([]);
      i++;
    } else {
      assert.ok(!['\r', '\n'].includes(text[i]!), 'a line break outside of quotes');
      cell += text[i];
    }
  }
  assert.deepEqual([rows.pop(), cell], [[], ''], 'the last line ends as the others do');
  return rows;
}

/** Rows by the names of their columns. */
export function csvRecords(text: string): Record<string, string>[] {
  const [head, ...rows] = readCsv(text);
  return rows.map((row) => {
    assert.equal(row.length, head!.length);
    return Object.fromEntries(head!.map((name, i) => [name, row[i]!]));
  });
}

export const csvOf = (allocations: Allocation[], against = 0): string => {
  const reference = csvReference(allocations[against]!, against);
  return csvHead() + allocations.flatMap((a, i) => [...csvRows(reference, a, i)]).join('');
};

/** All lists of an allocation the other way round. */
export function reversed(a: Allocation): Allocation {
  const measures = { ...a.measures, byRegion: a.measures.byRegion.toReversed() };
  return { ...a, coverage: a.coverage.toReversed(), shipments: a.shipments.toReversed(), measures };
}
