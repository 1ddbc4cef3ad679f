/** What the page asks its own server. Every failure is a problem (RFC 9457) with places and mends. */
import type { Problem } from '../../problem.js';
import type { UnderWay } from '../../turns.js';
import { languageNow, t } from './text.js';

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
  }
  /** `urn:evenhand:problem:scenario-faulty` → scenario-faulty; 'network' where nothing answered. */
  get kind(): string {
    return this.problem.type.split(':').at(-1) ?? '';
  }
}

const TOKEN = 'evenhand-token';

/** Kept for this tab alone, and gone with it. */
export const token = {
  get: (): string => sessionStorage.getItem(TOKEN) ?? '',
  set(value: string): void {
    if (value.trim() === '') sessionStorage.removeItem(TOKEN);
    else sessionStorage.setItem(TOKEN, value.trim());
  },
};

export interface Asked {
  method?: string;
  /** Sent as JSON; a string is sent as it is, and so is a blob, under its own type. */
  body?: unknown;
  /** Makes it safe to ask again. */
  key?: string;
  signal?: AbortSignal;
  accept?: string;
  /** RFC 7240. */
  prefer?: string;
}

export async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const { method = 'GET', body, key, signal, accept = 'application/json', prefer } = asked;
  const headers: Record<string, string> = {
    accept,
    'accept-language': languageNow(),
    ...(prefer === undefined ? {} : { prefer }),
  };
  if (body !== undefined) headers['content-type'] = body instanceof Blob ? body.type : 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  if (token.get() !== '') headers.authorization = `Bearer ${token.get()}`;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(problemOf('network', 0, t('error.network'), t('error.network.mend')));
  }
  if (response.ok) return response;
  throw new ApiError(await readProblem(response));
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && 'type' in read && 'detail' in read) return read as Problem;
  } catch {
    // no JSON: something between us and the server answered
  }
  return problemOf(
    'unexpected',
    response.status,
    t('error.unexpected', { status: response.status }),
    text.slice(0, 300),
  );
}

function problemOf(kind: string, status: number, title: string, detail: string): Problem {
  return { type: `urn:evenhand:problem:${kind}`, status, title, detail };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, signal === undefined ? {} : { signal });
  // The server's own types; its answers are held against them by its tests.
  return (await response.json()) as T;
}

export async function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  return (await (await ask(path, { method: 'POST', body, ...(key === undefined ? {} : { key }) })).json()) as T;
}

/** Asks again while the server is still working on the answer (202 and Retry-After); `tell` hears how far it is. */
export async function waitFor<T>(
  path: string,
  signal: AbortSignal,
  tell: (parts: Pick<UnderWay, 'done' | 'of'>) => void = () => {},
): Promise<T> {
  for (;;) {
    const response = await ask(path, { signal, prefer: 'wait=2' });
    if (response.status !== 202) return (await response.json()) as T;
    tell((await response.json()) as UnderWay);
    const seconds = Number(response.headers.get('retry-after') ?? 2);
    await new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
    signal.throwIfAborted();
  }
}

/** All pages of a list that follows the log. */
export async function getAll<T>(path: string, name: string, signal?: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  const mark = path.includes('?') ? '&' : '?';
  for (let from: number | null = 0; from !== null; ) {
    const page: Record<string, T[]> & { next: number | null } = await get(
      `${path}${mark}from=${from}&limit=200`,
      signal,
    );
    all.push(...(page[name] ?? []));
    from = page.next;
  }
  return all;
}

/** Random, also where there is no secure context: crypto.randomUUID is for those alone. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')}`;
}

/** Hands a text to whoever sits there as a file. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
