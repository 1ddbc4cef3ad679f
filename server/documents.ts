/** Answers that never change under their address, and files that are made of them. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Marks an answer as the one and only content of a digest (in one of its forms), and says whether the client has it
 * already; then the answer is 304 without a body (RFC 9110, section 13.1.2).
 */
export function isKnown(
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'header'>,
  digest: string,
  form?: string,
): boolean {
  const tag = form === undefined ? digest : `${digest}.${form}`;
  reply.header('etag', `"${tag}"`);
  reply.header('cache-control', 'private, max-age=31536000, immutable');
  return (request.headers['if-none-match'] ?? '').includes(`"${tag}"`);
}

/** Asked for again each time, as a later version of this program may lay the file out anew. */
export function hasAlready(request: FastifyRequest, reply: Pick<FastifyReply, 'header'>, tag: string): boolean {
  reply.header('etag', `"${tag}"`);
  reply.header('cache-control', 'private, no-cache');
  return (request.headers['if-none-match'] ?? '').includes(`"${tag}"`);
}

/**
 * Pieces as fast as the client takes them; between two of them others have their turn. The first piece is made before the answer
 * begins, so that what cannot be made at all is a problem and no broken file.
 */
export function pieceByPiece(pieces: Iterator<string | Uint8Array>): Readable {
  let next = pieces.next();
  async function* taken(): AsyncGenerator<Buffer> {
    for (; !next.done; next = pieces.next()) {
      yield typeof next.value === 'string'
        ? Buffer.from(next.value)
        : Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      await new Promise(setImmediate);
    }
  }
  return Readable.from(taken(), { objectMode: false });
}
