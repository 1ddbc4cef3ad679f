/** A witness from start to stop: its directory, its store, its address. */
import { mkdir, realpath } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import Fastify from 'fastify';
import { fromUtf8 } from '../ledger/bytes.js';
import { readConflicts } from '../ledger/conflicts.js';
import { LedgerHeld, LedgerUnusable } from '../ledger/errors.js';
import { hasCode, readIfThere, replaceFile } from '../ledger/files.js';
import { hold, isHeldHere, release } from '../ledger/held.js';
import { openKeyValue } from '../ledger/keyvalue.js';
import { type NoteKey, parseVerifierKey } from '../ledger/note.js';
import { type WitnessKey, witnessKeyAt } from './key.js';
import { createWitness } from './witness.js';

export interface WitnessOptions {
  dir: string;
  host?: string;
  /** 0 takes a free port. */
  port?: number;
  /** Name of a witness that does not exist yet. */
  name?: string;
  /** Verifier keys of logs to watch; they are added to the file `logs`. */
  logs?: readonly string[];
  /** Milliseconds since 1970; default Date.now. */
  clock?: () => number;
}

export interface RunningWitness {
  url: string;
  verifierKey: string;
  /** Origins that are watched. */
  logs: string[];
  close(): Promise<void>;
}

/** An old size, 63 hashes and a note of 100 signatures fit many times. */
const bodyLimit = 64 * 1024;

/**
 * Runs a witness. Throws LedgerHeld where another process has its directory, LedgerUnusable where its key or its list of
 * logs is at fault, the system's error where the address cannot be had.
 */
export async function serveWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { host = '127.0.0.1', port = 8081, clock = Date.now } = options;
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const dir = await realpath(options.dir);
  if (isHeldHere(dir)) throw new LedgerHeld(dir, null);
  const key = await witnessKeyAt(join(dir, 'witness.key'), options.name);
  const logs = await watchedLogs(join(dir, 'logs'), options.logs ?? []);
  hold(dir);
  const kv = await openKeyValue(join(dir, 'store'), true).catch((error: unknown) => {
    release(dir);
    throw hasCode(error, 'LEVEL_LOCKED') ? new LedgerHeld(dir, null) : error;
  });
  const close = async (): Promise<void> => {
    await app.close();
    await kv.close();
    release(dir);
  };
  const app = createApp({ dir, kv, key, logs, clock });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await close();
    throw error;
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`;
  return { url, verifierKey: key.verifierKey, logs: [...new Set(logs.map(({ name }) => name))], close };
}

function createApp(parts: Parameters<typeof createWitness>[0] & { key: WitnessKey }) {
  const app = Fastify({ bodyLimit, requestTimeout: 10_000, connectionTimeout: 30_000, keepAliveTimeout: 72_000 });
  const witness = createWitness(parts);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/add-checkpoint', async (request, reply) => {
    let body: string;
    try {
      body = Buffer.isBuffer(request.body) ? fromUtf8(request.body) : '';
    } catch {
      return reply.code(400).type('text/plain').send('the body is not UTF-8\n');
    }
    const answer = await witness.addCheckpoint(body);
    // Fastify would add a charset to it, and the specification names the type exactly.
    return reply.code(answer.status).header('content-type', answer.type).send(Buffer.from(answer.body));
  });
  app.get('/', async () => ({
    name: parts.key.name,
    verifierKey: parts.key.verifierKey,
    logs: parts.logs.map(({ name }) => name),
    links: { submit: '/add-checkpoint', evidence: '/evidence' },
  }));
  app.get('/evidence', () => readConflicts(join(parts.dir, 'conflicts')));
  return app;
}

/** The keys in the file `logs`, one a line, with those added that are new. */
async function watchedLogs(path: string, added: readonly string[]): Promise<NoteKey[]> {
  const lines = ((await readIfThere(path)) ?? '').split('\n').map((line) => line.trim());
  const known = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const fresh = added.map((line) => line.trim()).filter((line) => !known.includes(line));
  const keys = [...known, ...fresh].map((line) => {
    const key = parseVerifierKey(line);
    if (!key)
      throw new LedgerUnusable(`${JSON.stringify(line)} is no verifier key of a log: it looks like name+1a2b3c4d+AY…`);
    return key;
  });
  if (fresh.length > 0) await replaceFile(path, `${[...known, ...fresh].join('\n')}\n`);
  return keys;
}
