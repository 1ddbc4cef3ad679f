/** Where the process that holds a data directory answers, for the command that finds it held. */
import { rm, writeFile } from 'node:fs/promises';
import { readIfThere } from './files.js';
import { pathsOf } from './paths.js';

/** To be called by the server once it listens. */
export async function writeServerUrl(dir: string, url: string): Promise<void> {
  await writeFile(pathsOf(dir).serverUrl, `${url}\n`);
}

/** The URL a server wrote, or null. It may be stale after a crash: only a held ledger makes it true. */
export async function readServerUrl(dir: string): Promise<string | null> {
  const text = (await readIfThere(pathsOf(dir).serverUrl))?.trim();
  return text || null;
}

export async function removeServerUrl(dir: string): Promise<void> {
  await rm(pathsOf(dir).serverUrl, { force: true });
}
