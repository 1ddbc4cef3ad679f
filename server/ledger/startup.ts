/** Start-up: opens the store, holds it against the checkpoint file, and decides whether anything may be appended. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { wording } from '../../scenarios/wording.js';
import { same } from './bytes.js';
import { addStep, newCases } from './cases.js';
import { type Checkpoint, checkpointText, openCheckpoint, peekCheckpoint } from './checkpoint.js';
import { publish } from './commit.js';
import { verifyEd25519 } from './ed25519.js';
import { readEntry } from './entry.js';
import { LedgerHeld, LedgerUnusable } from './errors.js';
import { listed, setAside, settle } from './evidence.js';
import { examine } from './examine.js';
import { hasCode, readIfThere, replaceFile, syncDirectory } from './files.js';
import { changed } from './keyring.js';
import { type LogKey, newLogKey, readLogKey, writeLogKey } from './keys.js';
import { type KeyValue, openKeyValue } from './keyvalue.js';
import {
  aboutDeclarations,
  aboutKey,
  aboutKeys,
  aboutReports,
  aboutSeq,
  checkpointKey,
  entryKey,
  type Head,
  headKey,
  parseHead,
} from './layout.js';
import { type Log, type Published, tileLoader } from './log.js';
import { emptyRoot } from './merkle.js';
import { messageOf } from './messages.js';
import { parseVerifierKey } from './note.js';
import { type Paths, pathsOf } from './paths.js';
import { plainWriter } from './plainwriter.js';
import { readServerUrl } from './serverurl.js';
import { emptyTree, rootAt } from './tree.js';

export interface StartOptions {
  /** Origin of a log that does not exist yet; default `evenhand.local/` and a hash of its key. */
  name?: string;
  /** Seam for tests that make the store fail. */
  wrap?: (kv: KeyValue) => KeyValue;
}

const restore =
  'To restore: stop the server and run evenhand rebuild DIR, which makes the store again from the plain files. Where it says that they do not suffice: stop the server, keep this directory as it is for inquiry, put a backup or a mirror of the whole data directory that is at least as new as the checkpoint in its place, and start again.';

/** Opens or creates the log in an existing directory given by its real path; `now` in milliseconds. Throws LedgerHeld and LedgerUnusable. */
export async function startUp(dir: string, now: number, options: StartOptions = {}): Promise<Log> {
  const paths = pathsOf(dir);
  const key = await readLogKey(paths.key);
  const note = await readIfThere(paths.checkpoint);
  const aside = await setAside(paths);
  const bare = await openStore(paths, await mayCreate(paths, key, note), aside);
  const kv = options.wrap ? options.wrap(bare) : bare;
  try {
    await rm(paths.clean, { force: true });
    await syncDirectory(dir);
    for (const name of await readdir(dir))
      if (name.startsWith('verify-')) await rm(join(dir, name), { recursive: true, force: true });
    const log = await assemble(paths, kv, key, note, options.name);
    log.unsaved = [log.published];
    if (now < log.head.ts)
      log.warnings.push(`the clock runs backwards: the last entry was made at ${new Date(log.head.ts).toISOString()}`);
    if (log.readOnly === null) await settle(paths, aside);
    else if (aside) log.warnings.push(`LevelDB's logs as they were found are in ${aside}`);
    return log;
  } catch (error) {
    await kv.close();
    throw error;
  }
}

/** LevelDB makes a new store, and deletes the old tables, where CURRENT is missing: so only where nothing is lost by it. */
async function mayCreate(paths: Paths, key: LogKey | undefined, note: string | undefined): Promise<boolean> {
  if (key && note === undefined) return false;
  if (note !== undefined && peekCheckpoint(note)?.size !== 0) return false;
  const files = await listed(paths.store);
  return files.includes('CURRENT') || !files.some((name) => /\.(ldb|sst|log)$/.test(name));
}

async function openStore(paths: Paths, create: boolean, aside: string | null): Promise<KeyValue> {
  try {
    return await openKeyValue(paths.store, create);
  } catch (error) {
    if (hasCode(error, 'LEVEL_LOCKED')) {
      if (aside) await rm(aside, { recursive: true, force: true });
      throw new LedgerHeld(paths.dir, await readServerUrl(paths.dir));
    }
    const kept = aside ? ` Its logs as they were found are in ${aside}.` : '';
    const what = `the store of the ledger in ${paths.dir} cannot be opened (${messageOf(error)}).${kept} ${restore}`;
    throw new LedgerUnusable(what, { cause: error });
  }
}

async function assemble(
  paths: Paths,
  kv: KeyValue,
  found: LogKey | undefined,
  note: string | undefined,
  name: string | undefined,
): Promise<Log> {
  const stored = await kv.get(headKey);
  const head = stored ? parseHead(stored) : { size: 0, root: emptyRoot, prev: new Uint8Array(32), ts: 0 };
  const isNew = !found && head.size === 0 && (note === undefined || peekCheckpoint(note)?.size === 0);
  const key = found ?? (isNew ? newLogKey(name) : null);
  const verifierKey = key?.verifierKey ?? (await readIfThere(paths.verifierKey))?.trim();
  const trusted = verifierKey === undefined ? undefined : parseVerifierKey(verifierKey);
  if (verifierKey === undefined || !trusted)
    throw new LedgerUnusable(`the log's key is missing from ${paths.dir}: put back the copy of log.key that you keep`);
  const log: Log = {
    paths,
    kv,
    plain: plainWriter(paths.dir),
    key,
    origin: trusted.name,
    verifierKey,
    head,
    tree: emptyTree(tileLoader(kv)),
    ring: new Map(),
    cases: newCases(),
    published: { size: 0, root: emptyRoot, note: '' },
    witnessed: null,
    witnessing: null,
    unsaved: [],
    readOnly: null,
    warnings: [],
  };
  if (isNew && key) return await begin(log, key);

  const promised = note === undefined ? undefined : await openCheckpoint(note, trusted, verifyEd25519);
  if (note !== undefined && promised) log.published = { ...promised, note };
  else log.published = (await lastStored(kv, head)) ?? log.published;
  log.readOnly = (await doubt(log, note, promised)) ?? (await loadRing(log)) ?? (await loadCases(log));
  if (log.readOnly !== null) return log;
  if (!key)
    log.readOnly = wording`the log's key is missing from ${paths.dir}: put back the copy of log.key that you keep`;
  else if (head.size > log.published.size) {
    const count = head.size - log.published.size;
    await publish(log);
    log.warnings.push(`${count} entries were durable but not yet published; they are signed now`);
  }
  return log;
}

/** The key is written last: as long as there is none, a first start may be begun again. */
async function begin(log: Log, key: LogKey): Promise<Log> {
  const empty = { origin: log.origin, size: 0, root: emptyRoot };
  log.published = { size: 0, root: emptyRoot, note: key.signNote(checkpointText(empty)) };
  await replaceFile(log.paths.verifierKey, `${log.verifierKey}\n`);
  await replaceFile(log.paths.checkpoint, log.published.note);
  await writeLogKey(log.paths.key, key);
  return log;
}

/** Why nothing may be appended, or null; leaves the loaded tree in the log where it can be trusted. */
async function doubt(log: Log, note: string | undefined, promised: Checkpoint | undefined): Promise<string | null> {
  const { head } = log;
  if (note === undefined) return `the checkpoint file is missing: nothing shows whether the store is whole. ${restore}`;
  if (!promised) return `the checkpoint file is damaged or not signed by this log's key. ${restore}`;
  try {
    const { tree, fault } = await examine(log.kv, head, Math.min(promised.size, head.size));
    if (head.size < promised.size)
      return `acknowledged entries are lost: the checkpoint promises ${promised.size}, the store has ${head.size}. ${restore}`;
    if (fault !== null) return `the store is damaged: ${fault}. ${restore}`;
    if (!same(await rootAt(tree, promised.size), promised.root))
      return `the store holds another history than the one that was signed at ${promised.size} entries. ${restore}`;
    log.tree = tree;
    return null;
  } catch (error) {
    return `the store is damaged: ${messageOf(error)}. ${restore}`;
  }
}

/** Reads the keys of organisations; in words what prevents it, or null. */
export async function loadRing(log: Log): Promise<string | null> {
  for (const [about] of await log.kv.range(aboutKey(aboutKeys, 0), aboutKey(aboutKeys, Number.MAX_SAFE_INTEGER))) {
    const seq = aboutSeq(about);
    const bytes = await log.kv.get(entryKey(seq));
    const read = bytes && readEntry(bytes);
    if (!read?.ok || read.entry.kind !== 'key')
      return `the store is damaged: entry ${seq} is no change of keys. ${restore}`;
    log.ring = changed(log.ring, read.entry.body, seq);
  }
  return null;
}

/** Reads the entries about reports, and the declarations between them; in words what prevents it, or null. */
export async function loadCases(log: Log): Promise<string | null> {
  const seqs: number[] = [];
  for await (const key of keysAbout(log, aboutReports)) seqs.push(aboutSeq(key));
  for await (const key of keysAbout(log, aboutDeclarations)) seqs.push(aboutSeq(key));
  seqs.sort((a, b) => a - b);
  for (let from = 0; from < seqs.length; from += PAGE) {
    const page = seqs.slice(from, from + PAGE);
    const stored = await log.kv.getMany(page.map(entryKey));
    for (const [i, bytes] of stored.entries()) {
      const read = bytes && readEntry(bytes);
      if (!read?.ok) return `the store is damaged: entry ${page[i]} cannot be read. ${restore}`;
      addStep(log.cases, read.entry);
    }
  }
  return null;
}

/** Keys read at a time. */
const PAGE = 1000;

async function* keysAbout({ kv, head }: Log, about: string): AsyncGenerator<Uint8Array> {
  for (let from = aboutKey(about, 0); ; ) {
    const page = await kv.keys(from, aboutKey(about, head.size), PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = Uint8Array.of(...last, 0);
  }
}

/** The newest checkpoint in the store itself, to go on reading where the file is lost. */
async function lastStored(kv: KeyValue, head: Head): Promise<Published | undefined> {
  const [last] = await kv.range(checkpointKey(0), checkpointKey(head.size + 1), { reverse: true, limit: 1 });
  const note = last && Buffer.from(last[1]).toString();
  const checkpoint = note === undefined ? undefined : peekCheckpoint(note);
  return note !== undefined && checkpoint ? { size: checkpoint.size, root: checkpoint.root, note } : undefined;
}
