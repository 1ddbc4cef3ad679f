/**
 * Reads a store in a process of its own, because LevelDB answers some damage by aborting the process: one flipped bit
 * of an index block in about a thousand fails an assertion that no JavaScript can catch. The other process also looks at
 * all that nobody asks for, and it unpacks blocks while this one hashes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toHex } from './bytes.js';
import { hasCode } from './files.js';
import { formatFrame, frameReader, notSent, type Part } from './frames.js';
import { type KeyValue, openKeyValue } from './keyvalue.js';
import { messageOf } from './messages.js';

export interface StoreReader extends Pick<KeyValue, 'get' | 'getMany' | 'range' | 'keys'> {
  /** The values that fit into some megabytes, by key in hex; nothing is said of the others. */
  getSome(keys: readonly Uint8Array[]): Promise<Map<string, Uint8Array | undefined>>;
  /** Resolves when everything in the store was read once; errors that can be caught are left to who asks for the record. */
  swept(): Promise<void>;
  close(): Promise<void>;
}

/** LevelDB ended the process: what it said. */
export class StoreAborted extends Error {}

const [opened, asks, asksSome, ranges, lists, sweeps] = [0, 1, 2, 3, 4, 5];
/** Bytes after which `getSome` leaves out the rest. */
const enough = 4 << 20;

/** Throws what opening the store throws, with its code. */
export async function readStore(path: string): Promise<StoreReader> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), path], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4096);
  });
  const waiting = new Map<number, { resolve: (parts: Part[]) => void; reject: (error: Error) => void }>();
  let ended: Error | undefined;
  const gone = once(child, 'close').then(([, signal]) => {
    const last = said.trim().split('\n').at(-1);
    ended = new StoreAborted(`LevelDB aborted on it (${last || (signal ?? 'without a word')})`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  });
  // What is written to a process that is gone: `gone` says so.
  child.stdin.on('error', () => undefined);
  child.stdout.on(
    'data',
    frameReader((id, [fault, code, ...parts]) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (!(fault instanceof Uint8Array)) return asked?.resolve(parts);
      const error = new Error(Buffer.from(fault).toString());
      asked?.reject(code instanceof Uint8Array ? Object.assign(error, { code: Buffer.from(code).toString() }) : error);
    }),
  );
  let last = 0;
  function ask(verb: number, parts: readonly Part[]): Promise<Part[]> {
    if (ended) return Promise.reject(ended);
    const id = last++;
    const answer = new Promise<Part[]>((resolve, reject) => waiting.set(id, { resolve, reject }));
    if (id > 0) child.stdin.write(formatFrame(id, [Uint8Array.of(verb), ...parts]));
    return answer;
  }
  // The first answer comes unasked.
  try {
    await ask(opened, []);
  } catch (error) {
    await gone;
    throw error;
  }
  // Whoever looks later finds it; until then nobody has to.
  const sweep = ask(sweeps, []);
  sweep.catch(() => undefined);
  const many = async (keys: readonly Uint8Array[]) =>
    (await ask(asks, keys)).map((part) => (part === notSent ? undefined : part));
  return {
    get: async (key) => (await many([key]))[0],
    getMany: (keys) => (keys.length === 0 ? Promise.resolve([]) : many(keys)),
    getSome: async (keys) => {
      const found = await ask(asksSome, keys);
      return new Map(keys.flatMap((key, i) => (found[i] === notSent ? [] : [[toHex(key), found[i]]])));
    },
    range: async (from, to, { limit = -1, reverse = false } = {}) => {
      const parts = (await ask(ranges, [from, to, word(limit), word(Number(reverse))])) as Uint8Array[];
      return Array.from({ length: parts.length / 2 }, (_, i) => [parts[2 * i]!, parts[2 * i + 1]!]);
    },
    keys: async (from, to, limit) => (await ask(lists, [from, to, word(limit)])) as Uint8Array[],
    swept: async () => {
      await sweep;
    },
    close: async () => {
      // It reads a shadow, so there is nothing that it could leave half done.
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const word = (n: number): Uint8Array => Uint8Array.from(new Uint8Array(Int32Array.of(n).buffer));
const wordOf = (part: Part): number => new Int32Array((part as Uint8Array).slice().buffer)[0]!;

/** The other process: answers until it is ended, with its input at the latest. */
async function serve(path: string): Promise<void> {
  const send = (id: number, parts: readonly Part[]) =>
    new Promise<void>((resolve) => process.stdout.write(formatFrame(id, parts), () => resolve()));
  const sendFault = (id: number, error: unknown) => {
    const code = ['LEVEL_LOCKED'].find((known) => hasCode(error, known));
    return send(id, [Buffer.from(messageOf(error)), code === undefined ? undefined : Buffer.from(code)]);
  };
  let kv: KeyValue;
  try {
    kv = await openKeyValue(path, false);
  } catch (error) {
    return await sendFault(0, error);
  }
  await send(0, [undefined, undefined]);
  process.stdin.on(
    'data',
    frameReader((id, [verb, ...parts]) => {
      const asked = parts as Uint8Array[];
      void answerTo(kv, (verb as Uint8Array)[0]!, asked).then(
        (found) => send(id, [undefined, undefined, ...found]),
        (error: unknown) => sendFault(id, error),
      );
    }),
  );
  await once(process.stdin, 'end');
  process.exit();
}

async function answerTo(kv: KeyValue, verb: number, asked: Uint8Array[]): Promise<Part[]> {
  const [from, to, limit, reverse] = asked;
  if (verb === asks) return await kv.getMany(asked);
  if (verb === asksSome) return await some(kv, asked);
  if (verb === ranges) {
    const options = { limit: wordOf(limit), reverse: wordOf(reverse) === 1 };
    return (await kv.range(from!, to!, options)).flat();
  }
  if (verb === lists) return await kv.keys(from!, to!, wordOf(limit));
  await sweep(kv);
  return [];
}

async function some(kv: KeyValue, keys: Uint8Array[]): Promise<Part[]> {
  const found: Part[] = [];
  let bytes = 0;
  for (let at = 0; at < keys.length && bytes < enough; at += 32)
    for (const value of await kv.getMany(keys.slice(at, at + 32))) {
      found.push(value);
      bytes += value?.length ?? 0;
    }
  while (found.length < keys.length) found.push(notSent);
  return found;
}

/** Everything by iterator and by key, as the two read different blocks. */
async function sweep(kv: KeyValue): Promise<void> {
  const end = Uint8Array.of(255);
  try {
    for (let from = new Uint8Array(0); ; ) {
      const page = await kv.keys(from, end, 64);
      const last = page.at(-1);
      if (!last) return;
      await kv.getMany(page);
      from = Uint8Array.of(...last, 0);
    }
  } catch {
    // Whoever needs the record will be told.
  }
}

// Started as a program, not imported.
if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv[2] ?? '');
