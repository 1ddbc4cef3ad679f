/**
 * Jobs on disk, one small file each, so that an answer of 202 outlives the process. A computed plan that may not be
 * on the record yet lies beside its job: a crash between computing and recording can neither lose nor repeat it.
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Allocation } from '../../engine/index.js';
import { readIfThere, replaceFile, syncDirectory } from '../ledger/files.js';
import { type JobRecord, jobRecordSchema } from './record.js';
import { readWords } from './words.js';

export interface JobStore {
  /** All jobs, oldest first. A file that is none is set aside as `.damaged` and named. */
  load(): Promise<{ records: JobRecord[]; damaged: string[] }>;
  /** Durable once it resolves. */
  save(record: JobRecord): Promise<void>;
  /** `part` names one of several plans of a job. */
  savePlan(id: string, plan: Allocation, part?: string): Promise<void>;
  plan(id: string, part?: string): Promise<Allocation | undefined>;
  /** All of a job's. */
  removePlans(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Makes the directory where it is missing. */
export async function openJobStore(dir: string): Promise<JobStore> {
  await mkdir(dir, { recursive: true });
  await syncDirectory(dir);
  const recordPath = (id: string) => join(dir, `${id}.json`);
  const wordsPath = (id: string) => join(dir, `${id}.said`);
  const planPath = (id: string, part?: string) => join(dir, part === undefined ? `${id}.plan` : `${id}.${part}.plan`);
  async function removePlans(id: string) {
    for (const name of await readdir(dir))
      if (name.startsWith(`${id}.`) && name.endsWith('.plan')) await rm(join(dir, name), { force: true });
  }

  return {
    async load() {
      const records: JobRecord[] = [];
      const damaged: string[] = [];
      const names = await readdir(dir);
      for (const name of names) {
        if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true });
        if (!name.endsWith('.json')) continue;
        const record = readRecord(await readFile(join(dir, name), 'utf8'));
        if (record !== undefined && name === `${record.id}.json`) {
          const said = record.error && readWords(await readIfThere(wordsPath(record.id)));
          records.push(said === undefined ? record : { ...record, said });
        } else {
          damaged.push(name);
          await rename(join(dir, name), join(dir, `${name}.damaged`));
        }
      }
      // an older program removes a job without them
      const ids = new Set(records.map(({ id }) => id));
      for (const name of names)
        if (name.endsWith('.said') && !ids.has(name.slice(0, -'.said'.length)))
          await rm(join(dir, name), { force: true });
      records.sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1));
      return { records, damaged };
    },
    async save({ said, ...record }) {
      if (said !== undefined) await replaceFile(wordsPath(record.id), JSON.stringify(said));
      await replaceFile(recordPath(record.id), JSON.stringify(record));
    },
    savePlan: (id, plan, part) => replaceFile(planPath(id, part), JSON.stringify(plan)),
    async plan(id, part) {
      const text = await readIfThere(planPath(id, part));
      // Written by savePlan alone, and whole or not at all; the ledger checks what it is given in any case.
      return text === undefined ? undefined : (JSON.parse(text) as Allocation);
    },
    removePlans,
    async remove(id) {
      await rm(recordPath(id), { force: true });
      await rm(wordsPath(id), { force: true });
      await removePlans(id);
    },
  };
}

function readRecord(text: string): JobRecord | undefined {
  try {
    return jobRecordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
