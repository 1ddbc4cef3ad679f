/** Everything on the record of a directory, as JSON on stdout: in a process of its own, as LevelDB aborts on some damage. */
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

// Started as a program, not imported.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ledger = await openLedger(process.argv[2] ?? '');
  const record = await recordOf(ledger);
  await ledger.close();
  process.stdout.write(JSON.stringify(record));
}
