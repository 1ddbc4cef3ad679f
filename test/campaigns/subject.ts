/** A ledger to be damaged over and over: built once, copied for each fault, and judged against what was recorded. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { allocationOf, inTemporary, scenarioOf } from '../support/ledger-data.js';
import { type Record, recordOf } from '../support/ledger-record.js';

export interface Subject {
  dir: string;
  /** Canonical bytes of every entry, in hex. */
  entries: string[];
  /** Content digest → JSON text of what was recorded. */
  contents: Map<string, string>;
  opener: Opener;
}

/**
 * `found` by verifying or at the start; `aborted` where the start ends the process, as LevelDB does by an assertion;
 * `harmless` where nobody objects and all of the record is as it was.
 */
export type Verdict = { is: 'found' | 'aborted' | 'harmless' } | { is: 'undetected'; what: string };

/** Several openings, so that there are tables beside the write-ahead log, contents of all kinds, one of them large. */
export async function buildSubject(dir: string): Promise<void> {
  for (let part = 0; part < 4; part++) {
    const ledger = await openLedger(dir);
    const scenario = { ...scenarioOf(`subject-${part}`), title: 'A title. '.repeat(part === 3 ? 20_000 : 1) };
    for (let n = 0; n < 6; n++) {
      const { digest } = await ledger.recordAllocation(allocationOf(scenario, n), scenario, {
        idempotencyKey: `subject ${part} ${n}`,
      });
      await ledger.recordAdoption({ allocation: digest, by: 'the campaign', why: `reason ${n}` });
    }
    await ledger.close();
  }
}

export async function withSubject<T>(
  work: (subject: Subject) => Promise<T>,
  build: (dir: string) => Promise<void>,
): Promise<T> {
  return await inTemporary(async (parent) => {
    const dir = join(parent, 'subject');
    await build(dir);
    // Read from a copy: opening writes.
    const copy = join(parent, 'copy');
    await cp(dir, copy, { recursive: true });
    const ledger = await openLedger(copy);
    const { entries, contents } = await recordOf(ledger);
    const subject = { dir, entries, contents: new Map(contents), opener: startOpener() };
    await ledger.close();
    await rm(copy, { recursive: true });
    try {
      return await work(subject);
    } finally {
      subject.opener.end();
    }
  });
}

/** Every file of a directory, by its path below it. */
export async function filesOf(dir: string): Promise<{ name: string; size: number }[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: relative(dir, path), size: (await stat(path)).size };
    });
  return (await Promise.all(files)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Damages a copy and lets verifier and start-up look at it. */
export async function judge(subject: Subject, damage: (dir: string) => Promise<void>): Promise<Verdict> {
  const parent = await mkdtemp(join(tmpdir(), 'evenhand-campaign-'));
  const dir = join(parent, 'copy');
  try {
    await cp(subject.dir, dir, { recursive: true });
    await damage(dir);
    const { ok, size } = await verifyDirectory(dir);
    if (!ok) return { is: 'found' };
    return await compare(subject, dir, size);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

const program = fileURLToPath(new URL('../support/ledger-record.js', import.meta.url));
/** Directories that one process opens: starting it takes longer than opening one. */
const MOST = 100;

/** Opens directories in processes of their own, one after the other. */
interface Opener {
  /** Null where the directory cannot be opened; undefined where that ended the process. */
  record(dir: string): Promise<Record | null | undefined>;
  end(): void;
}

function startOpener(): Opener {
  const start = () => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
    // What is written to a process that is gone: the end of its lines says so.
    child.stdin.on('error', () => undefined);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), left: MOST };
  };
  let running: ReturnType<typeof start> | undefined;
  const end = () => {
    running?.child.stdin.end();
    running = undefined;
  };
  return {
    end,
    async record(dir) {
      running ??= start();
      running.child.stdin.write(`${dir}\n`);
      const { done, value } = await running.lines.next();
      if (done || --running.left === 0) end();
      return done ? undefined : (JSON.parse(value) as Record | null);
    },
  };
}

async function compare(subject: Subject, dir: string, verified: number): Promise<Verdict> {
  const record = await subject.opener.record(dir);
  if (record === undefined) return { is: 'aborted' };
  if (record === null) return { is: 'found' };
  const { readOnly, entries, contents } = record;
  if (readOnly !== null) return { is: 'found' };
  if (verified !== subject.entries.length)
    return { is: 'undetected', what: `${verified} of ${subject.entries.length} entries verified as all there is` };
  if (entries.join() !== subject.entries.join()) return { is: 'undetected', what: 'the entries are others' };
  const now = new Map(contents);
  for (const [digest, content] of subject.contents)
    if (now.get(digest) !== content) return { is: 'undetected', what: `content ${digest} is another` };
  return { is: 'harmless' };
}
