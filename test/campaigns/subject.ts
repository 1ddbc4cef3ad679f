/** A ledger to be damaged over and over: built once, copied for each fault, and judged against what was recorded. */
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type LocalLedger, openLedger, verifyDirectory } from '../../server/ledger/index.js';
import { messageOf } from '../../server/ledger/messages.js';
import { allocationOf, inTemporary, scenarioOf } from '../support/ledger-data.js';

export interface Subject {
  dir: string;
  /** Canonical bytes of every entry, in hex. */
  entries: string[];
  /** Content digest → JSON text of what was recorded. */
  contents: Map<string, string>;
}

/** `found` by verifying or at the start; `harmless` where nobody objects and all of the record is as it was. */
export type Verdict = { is: 'found' | 'harmless' } | { is: 'undetected'; what: string };

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
    const subject = { dir, ...(await recordOf(ledger)) };
    await ledger.close();
    await rm(copy, { recursive: true });
    return await work(subject);
  });
}

async function recordOf(ledger: LocalLedger): Promise<Omit<Subject, 'dir'>> {
  const entries: string[] = [];
  while (entries.length < ledger.size())
    for (const { bytes } of await ledger.entries(entries.length, 1000))
      entries.push(Buffer.from(bytes).toString('hex'));
  const { blobs } = await ledger.bundle();
  return { entries, contents: new Map(blobs.map(({ digest, salt, text }) => [digest, `${salt} ${text}`])) };
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
    // The verifier is content. LevelDB has been read in a process of its own by now, so it does not abort here.
    return await compare(subject, dir, size);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function compare(subject: Subject, dir: string, verified: number): Promise<Verdict> {
  let ledger: LocalLedger;
  try {
    ledger = await openLedger(dir);
  } catch {
    return { is: 'found' };
  }
  try {
    const { entries, contents } = await recordOf(ledger);
    if (ledger.readOnly !== null) return { is: 'found' };
    if (verified !== subject.entries.length)
      return { is: 'undetected', what: `${verified} of ${subject.entries.length} entries verified as all there is` };
    if (entries.join() !== subject.entries.join()) return { is: 'undetected', what: 'the entries are others' };
    for (const [digest, text] of subject.contents)
      if (contents.get(digest) !== text) return { is: 'undetected', what: `content ${digest} is another` };
    return { is: 'harmless' };
  } catch (error) {
    return { is: 'undetected', what: `verified, and then not readable: ${messageOf(error)}` };
  } finally {
    await ledger.close();
  }
}
