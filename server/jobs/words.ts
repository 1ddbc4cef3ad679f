/**
 * Why a job failed, in parts of which every language is made: a file of its own beside the record, so that a program that knows nothing
 * of it reads the record all the same. Whatever is wrong with that file, the record has the English words.
 */
import { z } from 'zod';
import type { Text } from '../../scenarios/wording.js';
import { type ProblemKind, problemKinds, type SaidProblem } from '../problem.js';

/** Words within words; ours are some six levels deep. */
const DEEPEST = 16;

function textSchema(levels: number): z.ZodType<Text> {
  if (levels === 0) return z.string();
  const inner = textSchema(levels - 1);
  return z.union([
    z.string(),
    z.strictObject({ pattern: z.string(), values: z.array(z.union([z.number(), inner])) }),
    z.strictObject({ between: z.string(), texts: z.array(inner) }),
  ]);
}

const text = textSchema(DEEPEST);

const saidSchema = z.strictObject({
  kind: z.enum(Object.keys(problemKinds) as ProblemKind[]),
  detail: text,
  errors: z.array(
    z.strictObject({
      pointer: z.string(),
      detail: text,
      what: text.exactOptional(),
      mend: text.exactOptional(),
      place: text.exactOptional(),
      line: z.int().exactOptional(),
      column: z.int().exactOptional(),
    }),
  ),
}) satisfies z.ZodType<SaidProblem>;

/** Undefined where anything of it is not known here. */
export function readWords(file: string | undefined): SaidProblem | undefined {
  if (file === undefined) return undefined;
  try {
    return saidSchema.parse(JSON.parse(file));
  } catch {
    return undefined;
  }
}
