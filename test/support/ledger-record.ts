/**
 * Everything on the record of directories: in a process of its own, as LevelDB aborts on some damage. It reads a directory a line and answers
 * with a line of JSON, the record or null where the directory cannot be opened or read.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type LocalLedger, openLedger } from '../../server/ledger/index.js';

export interface Record {
  readOnly: string | null;
  /** Canonical bytes of every entry, in hex. */
  entries: string[];
  /** Salted digest → salt and text. */
  contents: [string, string][];
}

export async function recordOf(ledger: LocalLedger): Promise<Record> {
  const entries: string[] = [];
  while (entries.length < ledger.size())
    for (const { bytes } of await ledger.entries(entries.length, 1000))
      entries.push(Buffer.from(bytes).toString('hex'));
  const { blobs } = await ledger.bundle();
  const contents = blobs.map(({ digest, salt, text }) => [digest, `${salt} ${text}`] as [string, string]);
  return { readOnly: ledger.readOnly, entries, contents };
}

async function read(dir: string): Promise<Record | null> {
  try {
    const ledger = await openLedger(dir);
    try {
      return await recordOf(ledger);
    } finally {
      await ledger.close();
    }
  } catch {
    return null;
  }
}

// Started as a program, not imported.
if (process.argv[1] === fileURLToPath(import.meta.url))
  for await (const dir of createInterface({ input: process.stdin }))
    process.stdout.write(`${JSON.stringify(await read(dir))}\n`);
