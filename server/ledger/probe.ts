/**
 * Reads a whole store in a process of its own, because LevelDB answers some damage by aborting the process: one
 * flipped bit of an index block in about a thousand fails an assertion that no JavaScript can catch.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openKeyValue } from './keyvalue.js';

/** What LevelDB said when it aborted on the store at `path`, or null; errors that can be caught are left to the reader. */
export async function probeStore(path: string): Promise<string | null> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return signal === null ? null : `LevelDB aborted on it (${said.trim().split('\n').at(-1) ?? signal})`;
}

async function readAll(path: string): Promise<void> {
  const kv = await openKeyValue(path, false);
  const end = Uint8Array.of(255);
  for (let from = new Uint8Array(0); ; ) {
    const page = await kv.keys(from, end, 64);
    // By iterator and by key: the two read different blocks.
    await kv.getMany(page);
    const last = page.at(-1);
    if (!last) break;
    from = Uint8Array.of(...last, 0);
  }
  await kv.close();
}

// Started as a program, not imported.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await readAll(process.argv[2] ?? '');
  } catch {
    process.exitCode = 1;
  }
}
