/** The record as the API shows it. */
import { z } from 'zod';
import type { Bundle } from '../ledger/index.js';
import { documented } from './documented.js';
import { CHECKPOINT, DIGESTS } from './examples.js';

const entry = {
  v: 1,
  log: 'evenhand.local/3f9a5c0e',
  seq: 0,
  prev: '0'.repeat(64),
  kind: 'scenario',
  ts: '2026-11-24T08:00:00.000Z',
  actor: { org: 'evenhand.local/3f9a5c0e', keyId: 'b1f0c3d2' },
  idem: DIGESTS.scenario,
  body: { scenario: DIGESTS.scenario, id: 'two-villages', periods: 1, regions: 2, resources: 1 },
  sig: null,
};

export const entryList = z
  .strictObject({
    size: z.int().describe('entries in the log'),
    entries: z.array(
      z.strictObject({
        seq: z.int(),
        text: z.string().describe('canonical JSON (RFC 8785): its UTF-8 bytes are what is hashed'),
        entry: z.custom<object>().meta({ type: 'object', description: 'the same, read' }),
      }),
    ),
    next: z.int().nullable().describe('where to go on, or null at the end'),
  })
  .meta({ examples: [{ size: 3, entries: [{ seq: 0, text: JSON.stringify(entry), entry }], next: 1 }] });

const blobExample: Bundle['blobs'][number] = {
  digest: DIGESTS.scenario,
  salt: DIGESTS.leaf,
  text: '{"evenhand":1,"id":"two-villages"}',
};

export const blobDocument = documented<Bundle['blobs'][number]>('as in a bundle', blobExample);

export const contentList = z
  .strictObject({
    size: z.int().describe('entries in the log'),
    contents: z.array(
      z.strictObject({
        digest: z.string(),
        salt: z.string(),
        text: z.string(),
        encoding: z.literal('base64').describe('of bytes that are no UTF-8, as those of photos').exactOptional(),
      }),
    ),
    next: z.int().describe('entry to go on from'),
  })
  .meta({ examples: [{ size: 1, contents: [blobExample], next: 1 }] });

const bundleExample: Bundle = {
  bundle: 'evenhand/bundle/v1',
  verifierKey: 'evenhand.local/3f9a5c0e+b1f0c3d2+AYdz…',
  checkpoint: CHECKPOINT,
  entries: [JSON.stringify(entry)],
  blobs: [blobExample],
};

export const bundleDocument = documented<Bundle>('what `evenhand verify` reads', bundleExample);
