/**
 * Request bodies, from bytes to text or JSON. Fastify's own parser takes a byte order mark, duplicate keys and
 * bytes that are no UTF-8 in silence; a record that others verify must not be built on what two readers may read
 * differently.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MOST_TOLD } from '../scenarios/faults.js';
import { syntaxFaults } from '../scenarios/syntax.js';
import { wording } from '../scenarios/wording.js';
import { malformedProblem } from './errors.js';
import { ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler gets the body as text. */
    text?: boolean;
    /** Bytes of a body, where that is less than elsewhere. */
    most?: number;
  }
}

/** Bodies other than scenarios are small; this bounds what JSON.parse is given. */
const SMALL = 1024 * 1024;

/** Reads `application/json` on every route, `limit` bytes at most before and after decompression. */
export function readBodies(app: FastifyInstance, limit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    const { text, most = SMALL } = request.routeOptions.config;
    const bytes = await readBytes(payload, text ? limit : Math.min(limit, most));
    const body = decode(bytes);
    return text ? body : parseJson(body);
  });
}

/**
 * Parses JSON. Throws 'malformed-json' with line and column, also for a duplicate key, a key `__proto__`, a number that
 * reading changes and nesting over 64 levels; for texts over a megabyte with V8's words alone, as a search for the place would keep everybody waiting.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  let failed: string | undefined;
  try {
    value = JSON.parse(text);
  } catch (error) {
    failed = error instanceof Error ? error.message : String(error);
  }
  if (text.length <= SMALL) {
    const { fatal, ambiguous } = syntaxFaults(text, MOST_TOLD);
    if (fatal !== undefined) throw malformedProblem({ faults: [fatal] });
    if (ambiguous.length > 0) throw malformedProblem({ faults: ambiguous });
  }
  if (failed !== undefined) throw new ProblemError('malformed-json', wording`The body is not JSON: ${failed}`);
  if (text.length > SMALL) throw tooLarge(SMALL);
  return value;
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProblemError('malformed-json', wording`The body is not UTF-8.`);
  }
  if (text.startsWith('\uFEFF'))
    throw new ProblemError('malformed-json', wording`The body starts with a byte order mark: send UTF-8 without one.`);
  return text;
}

/** The bytes of a body, unpacked; throws 'too-large' beyond `limit`. */
export async function readBytes(payload: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = payload.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (Number(payload.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (encoding === 'identity') return collect(payload, limit);
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new ProblemError(
      'unsupported-media-type',
      wording`Content-Encoding ${JSON.stringify(encoding)} is not read here: use gzip or none.`,
    );
  const gunzip = createGunzip();
  // `pipe` hands on neither errors nor an early end, and without them a broken upload would wait for ever.
  const broken = () => gunzip.destroy(new Error('the upload broke off'));
  payload.once('error', broken).once('close', () => payload.readableEnded || broken());
  payload.pipe(gunzip);
  try {
    return await collect(gunzip, limit);
  } finally {
    // A bomb is not inflated any further.
    payload.unpipe(gunzip);
    gunzip.destroy();
    payload.resume();
  }
}

/** By events: leaving a `for await` early would destroy the request, and the answer could not be sent. */
function collect(stream: Readable, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        stream.off('data', onData);
        chunks.length = 0;
        stream.resume();
        reject(tooLarge(limit));
      }
    };
    stream.on('data', onData);
    stream.once('end', () => resolve(Buffer.concat(chunks)));
    stream.once('error', (error) =>
      reject(new ProblemError('malformed-json', wording`The body cannot be read: ${error.message}.`)),
    );
    stream.once('close', () => reject(new ProblemError('invalid-request', wording`The upload broke off.`)));
  });
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError(
    'too-large',
    wording`A body has at most ${limit} bytes here, before and after decompression.`,
  );
}
