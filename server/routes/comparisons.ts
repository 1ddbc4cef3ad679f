/** Allocations side by side. */
import { Readable } from 'node:stream';
import { type Comparison, csvHead, csvReference, csvRows, startComparison } from '../../engine/index.js';
import { wording } from '../../scenarios/wording.js';
import type { Context, Routes } from '../context.js';
import { preferred } from '../negotiate.js';
import { ProblemError } from '../problem.js';
import {
  comparisonAsked,
  comparisonDocument,
  comparisonTable,
  MAX_ALLOCATIONS,
  MAX_ROWS,
} from '../schemas/comparison.js';
import { problems } from '../schemas/problem.js';
import { allocationOf } from './allocations.js';

export const comparisonRoutes: Routes = async (app, { ledger }) => {
  app.post(
    '/comparisons',
    {
      schema: {
        tags: ['allocations'],
        summary: 'Compares allocations with one of them',
        description:
          `From 2 to ${MAX_ALLOCATIONS} allocations, of one scenario or of several. With Accept: text/csv one row for each ` +
          'allocation, region and resource; texts that a spreadsheet would take for formulas have an apostrophe in front.',
        body: comparisonAsked,
        response: {
          200: {
            description: 'Measures of each, who is dominated, and who gains and who loses',
            content: {
              'application/json': { schema: comparisonDocument },
              'text/csv': { schema: comparisonTable },
            },
          },
          ...problems('malformed-json', 'invalid-request', 'unknown-allocation', 'too-large', 'unsupported-media-type'),
        },
      },
    },
    async ({ body, headers }, reply) => {
      const { allocations, against = 0, top } = body;
      if (against >= allocations.length) throw outside(against, allocations.length);
      const known = await contentDigests(ledger, allocations);
      const gone = () => reply.raw.destroyed;
      reply.header('vary', 'accept');
      if (preferred(headers.accept, ['application/json', 'text/csv']) === 'text/csv') {
        reply.type('text/csv; charset=utf-8; header=present');
        return reply.send(Readable.from(table(ledger, known, against)));
      }
      return comparisonOf(ledger, known, { against, ...(top === undefined ? {} : { top }), gone });
    },
  );
};

/** Reads the reference, then one after the other. */
async function comparisonOf(
  ledger: Context['ledger'],
  digests: readonly string[],
  { gone, ...options }: { against: number; top?: number; gone: () => boolean },
): Promise<Comparison> {
  const read = async (i: number) => {
    const allocation = await allocationOf(ledger, digests[i]!, `/allocations/${i}`);
    return { allocation, scenario: await ledger.scenario(allocation.scenario.digest) };
  };
  const reference = await read(options.against);
  const comparing = startComparison(reference.allocation, reference.scenario, options, digests[options.against]);
  for (let i = 0; i < digests.length; i++) {
    if (gone()) break; // nobody reads the answer
    const { allocation, scenario } = i === options.against ? reference : await read(i);
    comparing.add(allocation, scenario, digests[i]);
    if (comparing.rows > MAX_ROWS) {
      const detail = wording`The answer would have more than ${MAX_ROWS.toLocaleString('en-US')} rows.`;
      const mend = wording`set top, compare fewer allocations, or ask for text/csv, which has no limit`;
      throw new ProblemError('too-large', wording`${detail} To mend it: ${mend}.`, {
        errors: [{ pointer: '/allocations', detail, mend }],
      });
    }
  }
  return comparing.end();
}

/** The table allocation by allocation: however long, one of them is in memory beside the reference. */
async function* table(ledger: Context['ledger'], digests: readonly string[], against: number): AsyncGenerator<string> {
  const allocation = await allocationOf(ledger, digests[against]!);
  const reference = csvReference(allocation, against);
  yield csvHead();
  for (let i = 0; i < digests.length; i++) {
    const other = i === against ? allocation : await allocationOf(ledger, digests[i]!);
    const rows = csvRows(reference, other, i, digests[i]);
    for (let part = ''; ; part = '') {
      // some hundred rows a piece: a stream of single rows would spend its time on the pieces
      let row = rows.next();
      for (; !row.done && part.length < PIECE; row = rows.next()) part += row.value;
      if (!row.done) part += row.value;
      if (part !== '') yield part;
      if (row.done) break;
    }
  }
}

/** Characters of a table sent at once. */
const PIECE = 32_768;

/** What each is named on the record; all that are unknown at once, before the first byte of an answer is sent. */
async function contentDigests(ledger: Context['ledger'], digests: readonly string[]): Promise<string[]> {
  const known = await Promise.all(digests.map((digest) => ledger.allocationsLike(digest)));
  const errors = digests.flatMap((digest, i) =>
    known[i]!.length > 0
      ? []
      : [{ pointer: `/allocations/${i}`, detail: wording`No allocation ${digest} is on the record.` }],
  );
  const [first] = errors;
  if (first) throw new ProblemError('unknown-allocation', first.detail, { errors });
  return known.flat();
}

function outside(against: number, count: number): ProblemError {
  const detail = wording`is ${against}; positions go from 0 to ${count - 1}`;
  return new ProblemError('invalid-request', wording`/against: ${detail}`, {
    errors: [{ pointer: '/against', detail, mend: wording`name the position of one of the allocations` }],
  });
}
