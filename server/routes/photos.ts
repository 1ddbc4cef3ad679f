/** Photos: sent before the report that names them, shown as they came. */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { wording } from '../../scenarios/wording.js';
import { readBytes } from '../body.js';
import type { Routes } from '../context.js';
import { ProblemError } from '../problem.js';
import { maxPhotoBytes, photoType } from '../reports/photos.js';
import { asText } from '../scenariobody.js';
import { bytes, digest, json } from '../schemas/common.js';
import { problems } from '../schemas/problem.js';
import { photoReceived } from '../schemas/report.js';

const TYPES = ['image/jpeg', 'image/png', 'image/webp'];

const AS_IT_CAME =
  'Kept as it came, nothing stripped: the place, time and camera that a picture names in itself (EXIF) stay in it, and whoever reads the record can see them.';

export const photoRoutes: Routes = async (app, { ledger, photos }) => {
  // Pictures are taken here alone: these parsers end with the routes of this file.
  app.addContentTypeParser(
    [...TYPES, 'application/octet-stream'],
    (_request: FastifyRequest, payload: IncomingMessage) => readBytes(payload, maxPhotoBytes),
  );

  app.post(
    '/photos',
    {
      schema: {
        tags: ['reports'],
        summary: 'Takes a photo for a report to come',
        description: `JPEG, PNG or WebP, 2 MB at most; what it is is told by its first bytes. ${AS_IT_CAME} A photo waits seven days for its report, then goes where room is needed.`,
        consumes: ['application/octet-stream', ...TYPES],
        body: asText(z.custom<unknown>().meta({ description: 'the picture', contentMediaType: 'image/jpeg' })),
        response: {
          201: json('It waits for its report, which names it by its digest', photoReceived),
          ...problems('invalid-request', 'too-large', 'unsupported-media-type', 'overloaded'),
        },
      },
    },
    async ({ body }, reply) => {
      if (!Buffer.isBuffer(body) || body.length === 0)
        throw new ProblemError(
          'unsupported-media-type',
          wording`Send the bytes of a picture, with Content-Type: image/jpeg.`,
        );
      const { digest, ...received } = await photos.receive(body);
      const location = `/photos/${digest}`;
      reply.header('location', location);
      return reply.code(201).send({ digest, location, ...received, note: AS_IT_CAME });
    },
  );

  app.get(
    '/photos/:digest',
    {
      schema: {
        tags: ['reports'],
        summary: 'Shows a photo',
        params: z.object({ digest }),
        response: { 200: bytes('The picture'), ...problems('invalid-request', 'unknown-photo') },
      },
    },
    async ({ params: { digest } }, reply) => {
      const found = (await ledger.photo(digest)) ?? (await photos.waiting(digest));
      const type = found && photoType(found);
      if (!found || !type)
        throw new ProblemError('unknown-photo', wording`No photo ${digest} was sent or is on the record.`);
      // It may be forgotten one day, and then not live on in caches.
      return reply.type(type).header('cache-control', 'no-store').send(Buffer.from(found));
    },
  );
};
