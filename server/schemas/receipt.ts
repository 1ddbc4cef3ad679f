/** What an append to the ledger is answered with. */
import { z } from 'zod';
import { entryKinds, type Receipt } from '../ledger/index.js';
import { digest } from './common.js';
import { DIGESTS, PROOF } from './examples.js';

const receiptFields = z.strictObject({
  seq: z.int().min(0).describe('place in the log, from 0'),
  kind: z.enum(entryKinds),
  digest: digest.describe('of the content that was recorded'),
  leaf: digest.describe('SHA-256(0x00 ‖ entry bytes)'),
  size: z.int().min(1).describe('entries in the log that the proof speaks of'),
  root: digest.describe('of the Merkle tree of that size'),
  status: z
    .enum(['logged', 'witnessed'])
    .describe('witnessed: a quorum of witnesses cosigned the checkpoint of the proof'),
  proof: z.string().describe('C2SP tlog-proof: inclusion proof and signed checkpoint; keep it'),
  repeated: z.boolean().describe('true where it had been recorded before'),
});

export const receiptExample: Receipt = {
  seq: 1,
  kind: 'allocation',
  digest: DIGESTS.allocation,
  leaf: DIGESTS.leaf,
  size: 2,
  root: DIGESTS.root,
  status: 'logged',
  proof: PROOF,
  repeated: false,
};

export const receiptSchema: z.ZodType<Receipt> = receiptFields.meta({ id: 'Receipt', examples: [receiptExample] });
