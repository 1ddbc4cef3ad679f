/** The planner's page as the build left it (server/web/ → dist/server/web): read once, served from memory. */
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface PageFile {
  type: string;
  bytes: Buffer;
  packed: Buffer;
}

export interface Page {
  html: string;
  /** By path below the root, as in `assets/index-3f9a.js`. */
  files: ReadonlyMap<string, PageFile>;
}

// From dist/server/page.js to dist/server/web/.
const FOLDER = new URL('web/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compress = promisify(gzip);
let read: Promise<Page | null> | undefined;

/** The page, or null where it was not built. */
export function readPage(): Promise<Page | null> {
  read ??= readFiles();
  return read;
}

async function readFiles(): Promise<Page | null> {
  const html = await readFile(new URL('index.html', FOLDER), 'utf8').catch(() => null);
  if (html === null) return null;
  const files = new Map<string, PageFile>();
  for (const name of ['sw.js', ...(await readdir(new URL('assets/', FOLDER))).map((name) => `assets/${name}`)]) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const bytes = await readFile(new URL(name, FOLDER));
    files.set(name, { type, bytes, packed: await compress(bytes, { level: 9 }) });
  }
  return { html, files };
}
