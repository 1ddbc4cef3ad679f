/** Answers that never change under their address. */
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
