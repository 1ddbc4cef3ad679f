/** A real server for tests: the API over its own ledger in a directory of its own. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildApp } from '../../server/app.js';
import { type ConfigOptions, readConfig } from '../../server/config.js';
import { type LocalLedger, openLedger } from '../../server/ledger/index.js';
import type { Problem } from '../../server/problem.js';
import type { JobView } from '../../server/schemas/job.js';

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** The body as JSON; tests say what they expect of it. */
  json<T = Record<string, unknown>>(): T;
}

export interface TestServer {
  app: FastifyInstance;
  ledger: LocalLedger;
  dir: string;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  ask(options: InjectOptions): Promise<Answer>;
  /** Asks for an allocation and waits for its end. */
  allocate(body: unknown, headers?: Record<string, string>): Promise<JobView>;
  /** Asks for a frontier and waits for its end. */
  trace(body: unknown, headers?: Record<string, string>): Promise<JobView>;
  finished(id: string): Promise<JobView>;
  close(): Promise<void>;
}

export const makeDir = () => mkdtemp(join(tmpdir(), 'evenhand-http-'));

export async function startServer(dir: string, options: ConfigOptions = {}): Promise<TestServer> {
  const config = readConfig({ graceSeconds: 0, rate: 0, ...options, data: dir }, {});
  const ledger = await openLedger(dir, { clock: config.clock });
  const app = await buildApp({ ledger, config });

  async function ask(options: InjectOptions): Promise<Answer> {
    const { statusCode, headers, payload, json } = await app.inject(options);
    return { status: statusCode, headers, text: payload, json };
  }
  const get = (url: string, headers = {}) => ask({ method: 'GET', url, headers });
  const post = (url: string, body: unknown, headers = {}) =>
    ask({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });

  async function finished(id: string): Promise<JobView> {
    // The stream of events ends with the job.
    await get(`/jobs/${id}/events`);
    return (await get(`/jobs/${id}`)).json<JobView>();
  }
  async function ended(url: string, body: unknown, headers = {}): Promise<JobView> {
    const answer = await post(url, body, headers);
    assert.equal(answer.status, 202, answer.text);
    return finished(answer.json<JobView>().job);
  }
  const allocate = (body: unknown, headers = {}) => ended('/allocations', body, headers);
  const trace = (body: unknown, headers = {}) => ended('/frontiers', body, headers);
  let closed = false;
  async function close() {
    if (closed) return;
    closed = true;
    await app.close();
    await ledger.close();
  }
  return { app, ledger, dir, get, post, ask, allocate, trace, finished, close };
}

/** Runs a test on a server in a fresh directory; both are gone afterwards. */
export async function withServer(work: (server: TestServer) => Promise<void>, options: ConfigOptions = {}) {
  const dir = await makeDir();
  const server = await startServer(dir, options);
  try {
    await work(server);
  } finally {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** That an answer is a problem of that kind, complete, and shows no insides. */
export function isProblem(answer: Answer, status: number, kind: string): Problem {
  assert.equal(answer.status, status, answer.text);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  const problem = answer.json<Problem>();
  assert.equal(problem.type, `urn:evenhand:problem:${kind}`);
  assert.equal(problem.status, status);
  assert.ok(problem.title.length > 0 && problem.detail.length > 0);
  assert.doesNotMatch(answer.text, /\.js:\d|node:internal|at \w+ \(/);
  return problem;
}

export interface ServerEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** The events of a text/event-stream, comments and fields without data left out. */
export function eventsOf(text: string): ServerEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
    });
}

/** Looks every 20 ms until something is so, for ten seconds at most. */
export async function until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`waited in vain: ${what}`);
}
