/** Connections that say nothing, too much, too slowly or what is no HTTP: bounded, and answered where they can be. */
import { readFileSync } from 'node:fs';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions } from 'fastify';
import { english, wording } from '../scenarios/wording.js';
import type { Config } from './config.js';
import { ProblemError, problemBody } from './problem.js';

/** Bytes of a request's line and headers together. */
const HEADERS = 16 * 1024;
/** Files that the ledger, the jobs and LevelDB may need at once. */
const OWN_FILES = 256;

/** What fastify hands to Node's server: every wait of a connection has an end. */
export function connectionOptions({ headerSeconds, bodySeconds }: Config): FastifyHttpOptions<Server> {
  return {
    requestTimeout: bodySeconds * 1000,
    keepAliveTimeout: 72_000,
    http: {
      requestTimeout: bodySeconds * 1000,
      // Node wants them to come no later than the whole.
      headersTimeout: Math.min(headerSeconds, bodySeconds) * 1000,
      maxHeaderSize: HEADERS,
      // How late a time-out may come.
      connectionsCheckingInterval: Math.min(5000, headerSeconds * 500, bodySeconds * 500),
    },
    clientErrorHandler: answerClient,
  };
}

/**
 * Leaves the ledger the files it needs. A connection takes one, and a checkpoint that finds none left could not be
 * written, which ends all writing: so strangers that only connect are turned away before.
 */
export function boundConnections(server: Server, wanted: number): void {
  server.maxConnections = Math.max(1, Math.min(wanted, openFiles() - OWN_FILES));
}

/** How many files this process may have open; Node raises the soft limit to the hard one when it starts. */
function openFiles(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    // Only Linux tells; elsewhere the setting has to do.
    return Number.POSITIVE_INFINITY;
  }
}

/** Answers what never became a request, in the form of every other refusal, and hangs up. */
function answerClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = problemOf(error.code);
  const body = JSON.stringify(problemBody(problem.said, english));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    // Which language was wanted is not known, as no header of the request was read.
    'Content-Language: en',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Whoever does not read the answer keeps nothing open by it.
  setTimeout(() => socket.destroy(), 1000).unref();
}

function problemOf(code: string | undefined): ProblemError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('timeout', wording`The request took too long to arrive: send it faster, or in parts.`);
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('headers-too-large', wording`The headers have more than ${HEADERS} bytes.`);
    default:
      return new ProblemError('invalid-request', wording`This is not HTTP/1.1.`);
  }
}
