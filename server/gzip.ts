/** Answers in gzip for those who ask for it. @fastify/compress would bring six packages for these lines. */
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { varyOn } from './negotiate.js';

const compress = promisify(gzip);

/** Below this an answer fits one packet anyway. */
const WORTH = 1400;
/** A plan of tens of megabytes is numbers and repeated names: the fastest level already takes nine tenths away. */
const LARGE = 1024 * 1024;

const TABLES = /^(text\/csv|text\/html|application\/geo\+json)/;

export function gzipAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    // of streams only our own tables, maps and pages: other plugins' may know their length
    const table = payload instanceof Readable && TABLES.test(String(reply.getHeader('content-type') ?? ''));
    if (table) {
      varyOn(reply, 'accept-encoding');
      if (!accepts(request.headers['accept-encoding'])) return payload;
      reply.header('content-encoding', 'gzip');
      // a fault of the source ends the answer unfinished, so that nobody takes a part for the whole
      return pipeline(payload, createGzip({ level: constants.Z_BEST_SPEED }), () => {});
    }
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (payload.length < WORTH || reply.hasHeader('content-encoding')) return payload;
    if (!/json|text|javascript|vnd\.evenhand/.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    varyOn(reply, 'accept-encoding');
    if (!accepts(request.headers['accept-encoding'])) return payload;
    const level = payload.length > LARGE ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION;
    const packed = await compress(payload, { level });
    reply.header('content-encoding', 'gzip');
    reply.removeHeader('content-length');
    return packed;
  });
}

/** RFC 9110, section 12.5.3: named, or covered by `*`, and not with weight 0. */
export function accepts(header: string | string[] | undefined): boolean {
  const offers = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((offer) => {
        const [name = '', ...parameters] = offer.split(';').map((part) => part.trim());
        const weight = parameters.find((p) => p.startsWith('q='));
        return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const;
      }),
  );
  return (offers.get('gzip') ?? offers.get('*') ?? 0) > 0;
}
