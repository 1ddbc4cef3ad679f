/** RFC 9457 problem details in the API's document. */
import { z } from 'zod';
import { english } from '../../scenarios/wording.js';
import { type Problem, type ProblemKind, problemKinds } from '../problem.js';

const problemFields = z.strictObject({
  type: z.string().describe('urn:evenhand:problem:… names the kind'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('what is the matter this time'),
  instance: z.string().describe('the address that was asked').exactOptional(),
  errors: z
    .array(
      z.strictObject({
        pointer: z.string().describe('RFC 6901 pointer into the body; /query, /path or /headers for what is not in it'),
        detail: z.string(),
        what: z.string().describe('what is wrong, without its place and the mend').exactOptional(),
        mend: z.string().describe('what to do about it').exactOptional(),
        place: z.string().describe('how people name a place in tables: Routes!B2, Routes row 3').exactOptional(),
        line: z.int().exactOptional(),
        column: z.int().exactOptional(),
      }),
    )
    .describe('the first 1,000 at most; detail says where there are more')
    .exactOptional(),
});

export const problemSchema: z.ZodType<Problem> = problemFields.meta({
  id: 'Problem',
  description: 'RFC 9457 problem details',
});

const EXAMPLES: Partial<Record<ProblemKind, Pick<Problem, 'detail' | 'errors'>>> = {
  'malformed-json': {
    detail: 'Line 3, column 14: found "}": write a value here.',
    errors: [{ pointer: '', detail: 'found "}"', mend: 'write a value here', line: 3, column: 14 }],
  },
  'invalid-request': {
    detail: '/gap: Too small: expected number to be >0',
    errors: [{ pointer: '/gap', detail: 'Too small: expected number to be >0' }],
  },
  'scenario-faulty': {
    detail: 'The scenario has a fault; its place and mend are below.',
    errors: [
      {
        pointer: '/routes/3/from',
        detail: '/routes/3/from names "prt", which is no depot or hub: did you mean "port"?',
        what: 'names "prt", which is no depot or hub',
        mend: 'did you mean "port"?',
        line: 42,
        column: 15,
      },
    ],
  },
  'idempotency-conflict': { detail: 'The key "morning-1" was used for another allocation.' },
  overloaded: { detail: '256 jobs are waiting, and no more may.' },
};

/** The problems a route may answer with, by status; several kinds of one status share an entry. */
export function problems(...kinds: ProblemKind[]) {
  const all: ProblemKind[] = [...kinds, 'rate-limited', 'internal'];
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of all) {
    const { status } = problemKinds[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), kind]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const description = same.map((kind) => english(problemKinds[kind].title)).join('; or: ');
      const schema = problemFields.meta({ description, examples: same.map(example) });
      return [status, { description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}

function example(kind: ProblemKind): Problem {
  const { status } = problemKinds[kind];
  const title = english(problemKinds[kind].title);
  const type = `urn:evenhand:problem:${kind}`;
  return { type, title, status, ...(EXAMPLES[kind] ?? { detail: `${title}.` }) };
}
