/** JSON Patch as it comes from outside: the schema of an operation. What it does is in `patching.ts`. */
import { z } from 'zod';

export { escapePointer, type Operation, PatchPathError, PatchTestError, patched } from './patching.js';

const path = z.string().regex(/^(\/([^~/]|~[01])*)*$/);

export const operationSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('test'), path, value: z.unknown() }),
  z.strictObject({ op: z.literal('add'), path, value: z.unknown() }),
  z.strictObject({ op: z.literal('replace'), path, value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path }),
]);
