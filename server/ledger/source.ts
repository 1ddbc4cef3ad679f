/**
 * A log over HTTP, as a follower reads it: checkpoint and entry bundles as tlog-tiles names them, contents beside them.
 * Nothing of it is believed here. Runs wherever there is `fetch`.
 */
import { viewedBlob } from './bundle.js';
import { parseBundle } from './bundles.js';
import { tileWidth } from './tile.js';
import { formatTilePath } from './tilename.js';
import type { HeldBlob } from './verify.js';

export interface Source {
  url: string;
  /** The newest signed note. */
  checkpoint(): Promise<string>;
  /** The newest note that witnesses cosigned; undefined where there is none. */
  witnessed(): Promise<string | undefined>;
  /** What the server says its verifier key is: to be compared with what is known of it. */
  verifierKey(): Promise<string>;
  /** Entries from `from` up to `size`, which a checkpoint must have promised; a bundle at a time. */
  pages(from: number, size: number): AsyncGenerator<Uint8Array[]>;
  /** Fetches the contents of `count` entries from `from` on. */
  prefetch(from: number, count: number): Promise<void>;
  /** Undefined where the server does not have it (any more). */
  blob(digest: string): Promise<HeldBlob | undefined>;
  /** Consistency proof from an earlier size; undefined where the server gives none. */
  consistency(from: number): Promise<string | undefined>;
}

/** The server cannot be read; the message says what was asked. */
export class SourceError extends Error {
  override name = 'SourceError';
}

/** How often a server that asks for patience (429, 503) is asked again. */
const patience = 60;

/** Contents that are kept for entries to come. */
interface Fetched {
  next: number;
  blobs: Map<string, HeldBlob>;
}

export function openSource(url: string, signal?: AbortSignal): Source {
  const base = url.endsWith('/') ? url : `${url}/`;
  const fetched: Fetched = { next: 0, blobs: new Map() };

  async function get(path: string): Promise<Response | undefined> {
    const address = new URL(path, base);
    for (let attempt = 0; ; attempt++) {
      let response: Response;
      try {
        const limit = AbortSignal.timeout(120_000);
        response = await fetch(address, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
      } catch (error) {
        signal?.throwIfAborted();
        throw new SourceError(`${address} cannot be read: ${error instanceof Error ? error.message : error}`);
      }
      if (response.ok) return response;
      if (response.status === 404) return undefined;
      if (![429, 503].includes(response.status) || attempt === patience)
        throw new SourceError(`${address} answers ${response.status} ${response.statusText}`);
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(60, Math.max(1, seconds || 1))));
      signal?.throwIfAborted();
    }
  }

  async function need(path: string): Promise<Response> {
    const response = await get(path);
    if (!response) throw new SourceError(`${new URL(path, base)} is not there`);
    return response;
  }

  async function json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      throw new SourceError(`${response.url} is no JSON: ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    url,
    checkpoint: async () => await (await need('checkpoint')).text(),
    witnessed: async () => await (await get('ledger/witnessed'))?.text(),
    verifierKey: async () => {
      const health = (await json(await need('healthz'))) as { ledger?: { verifierKey?: unknown } } | null;
      const key = health?.ledger?.verifierKey;
      if (typeof key !== 'string') throw new SourceError(`${base}healthz names no verifier key`);
      return key;
    },
    async *pages(from, size) {
      for (let at = from; at < size; ) {
        const index = Math.floor(at / tileWidth);
        const width = Math.min(tileWidth, size - index * tileWidth);
        const name = formatTilePath({ level: 'entries', index, width });
        // A partial bundle may be gone once the full one is there, whose front it is.
        const full = formatTilePath({ level: 'entries', index, width: tileWidth });
        const response = (await get(`tile/${name}`)) ?? (await need(`tile/${full}`));
        const bytes = new Uint8Array(await response.arrayBuffer());
        const { entries, length } = parseBundle(bytes);
        if (entries.length < width || length < bytes.length)
          throw new SourceError(`${base}tile/${name} holds ${entries.length} whole entries, not ${width}`);
        yield entries.slice(at - index * tileWidth, width);
        at = index * tileWidth + width;
      }
    },
    prefetch: async (from, count) => {
      if (fetched.next < from || fetched.next > from + count) {
        fetched.blobs.clear();
        fetched.next = from;
      }
      while (fetched.next < from + count) {
        const limit = Math.min(256, from + count - fetched.next);
        const page = contentsPage(await json(await need(`ledger/contents?from=${fetched.next}&limit=${limit}`)));
        if (!page || page.next <= fetched.next) throw new SourceError(`${base}ledger/contents answers something else`);
        if (fetched.blobs.size > 1024) fetched.blobs.clear();
        for (const { digest, blob } of page.blobs) fetched.blobs.set(digest, blob);
        fetched.next = page.next;
      }
    },
    blob: async (digest) => {
      const held = fetched.blobs.get(digest);
      if (held) return held;
      const response = await get(`ledger/blobs/${digest}`);
      const blob = response && viewedBlob(await json(response));
      if (response && !blob) throw new SourceError(`${response.url} is no content`);
      return blob;
    },
    consistency: async (from) => await (await get(`ledger/consistency/${from}`))?.text(),
  };
}

function contentsPage(value: unknown): { blobs: { digest: string; blob: HeldBlob }[]; next: number } | undefined {
  const { contents, next } = (value ?? {}) as { contents?: unknown; next?: unknown };
  if (!Array.isArray(contents) || typeof next !== 'number') return undefined;
  const blobs = contents.flatMap((item) => {
    const blob = viewedBlob(item);
    return blob && typeof item.digest === 'string' ? [{ digest: item.digest as string, blob }] : [];
  });
  return blobs.length === contents.length ? { blobs, next } : undefined;
}
