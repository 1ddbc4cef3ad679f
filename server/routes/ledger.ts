/** The record for readers: checkpoint, entries, proofs, tiles, and the bundle that is verified offline. */
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import type { Routes } from '../context.js';
import { type BlobView, blobView } from '../ledger/bundle.js';
import { blobsOf } from '../ledger/entry.js';
import { ProblemError } from '../problem.js';
import { bytes, digest, json, raw } from '../schemas/common.js';
import { CHECKPOINT, PROOF } from '../schemas/examples.js';
import { blobDocument, bundleDocument, contentList, entryList } from '../schemas/ledger.js';
import { problems } from '../schemas/problem.js';

const NOTE = 'text/plain; charset=utf-8';

/** Bytes of entries in one answer; the reader goes on at `next`. */
const PAGE = 4 * 1024 * 1024;

export const ledgerRoutes: Routes = async (app, { ledger }) => {
  // C2SP tlog-tiles readers look for the checkpoint beside /tile/.
  for (const url of ['/ledger/checkpoint', '/checkpoint'])
    app.get(
      url,
      {
        schema: {
          tags: ['ledger'],
          summary: 'The newest signed checkpoint',
          description:
            'A C2SP signed note. Keep it: whoever has yesterday’s can tell whether today’s log goes on from it.',
          response: { 200: raw('C2SP tlog-checkpoint', 'text/plain', CHECKPOINT), ...problems() },
        },
      },
      async (_request, reply) => reply.type(NOTE).header('cache-control', 'no-cache').send(ledger.checkpoint()),
    );

  app.get(
    '/ledger/witnessed',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The newest checkpoint that a quorum of witnesses has cosigned',
        response: { 200: raw('C2SP tlog-checkpoint', 'text/plain', CHECKPOINT), ...problems('not-found') },
      },
    },
    async (_request, reply) => {
      const note = ledger.witnessed();
      if (note === null) throw new ProblemError('not-found', wording`No checkpoint has been cosigned by a quorum yet.`);
      return reply.type(NOTE).header('cache-control', 'no-cache').send(note);
    },
  );

  app.get(
    '/ledger/entries',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Entries in order',
        querystring: z.strictObject({
          from: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: {
          200: json('Entries with the exact text that is hashed', entryList),
          ...problems('invalid-request'),
        },
      },
    },
    async ({ query: { from, limit } }) => {
      const entries: { seq: number; text: string; entry: object }[] = [];
      let total = 0;
      for (const stored of await ledger.entries(from, limit)) {
        total += stored.bytes.length;
        if (entries.length > 0 && total > PAGE) break;
        entries.push({ seq: stored.seq, text: Buffer.from(stored.bytes).toString('utf8'), entry: stored.entry });
      }
      const next = from + entries.length;
      const size = ledger.size();
      return { size, entries, next: entries.length > 0 && next < size ? next : null };
    },
  );

  app.get(
    '/ledger/proof/:seq',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The proof that an entry is in the log',
        params: z.object({ seq: z.coerce.number().int().min(0) }),
        response: { 200: raw('C2SP tlog-proof', 'text/plain', PROOF), ...problems('invalid-request', 'not-found') },
      },
    },
    async ({ params }, reply) => {
      const proof = await ledger.proof(params.seq);
      if (proof === undefined)
        throw new ProblemError(
          'not-found',
          wording`The log has ${ledger.size()} entries, from 0; there is no ${params.seq}.`,
        );
      return reply.type(NOTE).send(proof);
    },
  );

  app.get(
    '/ledger/consistency/:from',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The proof that the log of that size is a prefix of today’s',
        description:
          'For whoever kept a checkpoint: `old SIZE`, an RFC 6962 consistency proof in base64, an empty line and the newest checkpoint, as C2SP tlog-witness takes it.',
        params: z.object({ from: z.coerce.number().int().min(0) }),
        response: {
          200: raw('Consistency proof and checkpoint', 'text/plain', `old 1\n\n${CHECKPOINT}`),
          ...problems('invalid-request', 'not-found'),
        },
      },
    },
    async ({ params }, reply) => {
      const proof = await ledger.consistencyProof(params.from);
      if (proof === undefined)
        throw new ProblemError('not-found', wording`The log has ${ledger.size()} entries, fewer than ${params.from}.`);
      return reply.type(NOTE).header('cache-control', 'no-cache').send(proof);
    },
  );

  app.get(
    '/ledger/blobs/:digest',
    {
      schema: {
        tags: ['ledger'],
        summary: 'A content with its salt, by the salted digest in an entry',
        description:
          'SHA-256("evenhand/blob/v1\\0" ‖ salt ‖ UTF-8 of text) is the digest; bytes that are no UTF-8, those of photos, come with `encoding: base64`. 404 also for what was forgotten.',
        params: z.object({ digest }),
        response: { 200: json('The content', blobDocument), ...problems('invalid-request', 'not-found') },
      },
    },
    async ({ params }) => {
      const blob = await ledger.blob(params.digest);
      if (!blob)
        throw new ProblemError('not-found', wording`There is no content ${params.digest}, or it was forgotten.`);
      return { digest: params.digest, ...blobView(blob) };
    },
  );

  app.get(
    '/ledger/contents',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Contents of entries in order, with their salts',
        description: 'For followers: what belongs to the entries from `from` on. What was forgotten is left out.',
        querystring: z.strictObject({
          from: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(256).default(256),
        }),
        response: { 200: json('Contents', contentList), ...problems('invalid-request') },
      },
    },
    async ({ query: { from, limit } }) => {
      const contents: ({ digest: string } & BlobView)[] = [];
      let total = 0;
      let next = from;
      for (const { seq, entry } of await ledger.entries(from, limit)) {
        if (total > PAGE) break;
        next = seq + 1;
        for (const digest of blobsOf(entry)) {
          const blob = await ledger.blob(digest);
          if (!blob) continue;
          total += blob.bytes.length;
          contents.push({ digest, ...blobView(blob) });
        }
      }
      return { size: ledger.size(), contents, next };
    },
  );

  app.get(
    '/ledger/bundle',
    {
      schema: {
        tags: ['ledger'],
        summary: 'All a stranger needs to verify the ledger offline',
        description: 'Save it and run `evenhand verify FILE`, with no server.',
        response: {
          200: json('Entries, checkpoint, key and contents with their salts', bundleDocument),
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      reply.header('content-disposition', 'attachment; filename="evenhand-ledger.json"');
      return ledger.bundle();
    },
  );

  app.get(
    '/tile/*',
    {
      schema: {
        tags: ['ledger'],
        summary: 'A tile of the Merkle tree, or of entries',
        description: 'C2SP tlog-tiles: /tile/<level>/<index>[.p/<width>] and /tile/entries/<index>[.p/<width>].',
        params: z.object({ '*': z.string().meta({ examples: ['0/000.p/2'] }) }),
        response: { 200: bytes('Hashes or entries'), ...problems('not-found') },
      },
    },
    async ({ params }, reply) => {
      const tile = await ledger.tile(params['*']);
      if (tile === undefined)
        throw new ProblemError('not-found', wording`There is no tile ${JSON.stringify(params['*'])}.`);
      return reply
        .type('application/octet-stream')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(Buffer.from(tile));
    },
  );
};
