/** `evenhand check` and `evenhand verify`: believe nothing, solve nothing. */
import { readFile } from 'node:fs/promises';
import { check } from '../../engine/index.js';
import { CHECKS } from '../checks.js';
import {
  peekCheckpoint,
  type ReadOptions,
  readPolicyFile,
  rebuild,
  type VerifyReport,
  verify,
  verifyEd25519,
  verifyPath,
} from '../ledger/index.js';
import { openSource, SourceError } from '../ledger/source.js';
import { InputError, loadAllocation, scenarioOf } from './input.js';
import { certificatesHold, stageTable } from './text.js';

/** Exit status 0 where everything is as stated, else 1. */
export async function checkCommand(file: string, scenarioName: string | undefined, data: string): Promise<number> {
  const allocation = await loadAllocation(file);
  const scenario = await scenarioOf(allocation, scenarioName, data);
  const { ok, faults, stages } = check(allocation, scenario);
  if (stages.length) console.log(stageTable(stages));
  for (const fault of faults) console.log(`✗ ${fault}`);
  console.log(
    ok
      ? `✓ ${allocation.shipments.length} shipments can be carried out; every value, bound and gap is as stated.`
      : `✗ ${faults.length} fault${faults.length === 1 ? '' : 's'}: do not rely on this allocation.`,
  );
  return ok ? 0 : 1;
}

export interface VerifyFlags {
  json: boolean;
  /** A file with a checkpoint kept from an earlier time. */
  since?: string;
  /** A file with the witnesses' quorum that must have cosigned. */
  witnesses?: string;
  /** The log's verifier key as the verifying person knows it. */
  key?: string;
}

/** Verifies a data directory, a server or a bundle. Exit status 0 where nothing is wrong, else 1. */
export async function verifyCommand(target: string, flags: VerifyFlags): Promise<number> {
  const options = {
    ...CHECKS,
    ...(flags.key ? { trustedKey: flags.key } : {}),
    ...(flags.witnesses ? { policy: await readPolicyFile(flags.witnesses) } : {}),
    ...(flags.since ? { kept: await readKept(flags.since) } : {}),
  };
  const report: VerifyReport = /^https?:\/\//.test(target)
    ? await verifyUrl(target, options)
    : await verifyPath(target, options).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new InputError(`${target}: there is no such ledger, bundle or URL`);
        throw error;
      });
  const { ok, size, root, faults, adoptions, declarations } = report;
  if (flags.json) console.log(JSON.stringify({ ok, size, root, faults, adoptions, declarations }));
  else {
    for (const fault of faults)
      console.log(`✗ ${fault.seq === null ? 'log' : `entry ${fault.seq}`} (${fault.kind}): ${fault.what}`);
    if (report.absent.length)
      console.log(
        `- ${report.absent.length} contents are not at hand (forgotten or withheld); their entries still hold`,
      );
    for (const { allocationSeq, quorum, signedBy, status } of adoptions) {
      const signers = signedBy.join(', ') || 'no signature';
      const missing = `${signedBy.length} of ${quorum} organisations have signed`;
      console.log(
        `- plan of entry ${allocationSeq}: ${status === 'counts' ? 'adopted' : `adoption pending, ${missing}`} (${signers})`,
      );
    }
    for (const { seq, org, level, suggested } of declarations)
      console.log(
        `- entry ${seq}: ${org} declared level ${level}${level === suggested ? ', as the figures suggest' : `; the figures suggest ${suggested}`}`,
      );
    if (report.unpublished) console.log(`- ${report.unpublished} entries are durable but not yet signed for`);
    console.log(
      ok
        ? `✓ ${size} entries: chain, tree, signature${report.signatures ? `, ${report.signatures} author signatures` : ''} and ${certificatesHold(report.certificates)}.\n  root ${root}`
        : `✗ ${faults.length} fault${faults.length === 1 ? '' : 's'} in ${size} entries.`,
    );
  }
  return ok ? 0 : 1;
}

/** Makes the store again from the plain files, and verifies it. Exit status 1 where contents are lost or a fault is left. */
export async function rebuildCommand(dir: string): Promise<number> {
  const { size, lost, aside } = await rebuild(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new InputError(`${dir}: there is no such directory`);
    throw error;
  });
  console.log(`The store of ${size} entries was made again.${aside ? ` What was there is in ${aside}.` : ''}`);
  for (const digest of lost) console.log(`✗ content ${digest} is in none of the files: fill it in from a mirror`);
  return Math.max(lost.length ? 1 : 0, await verifyCommand(dir, { json: false }));
}

async function readKept(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new InputError(`--since ${file}: there is no such file; it should hold a checkpoint that was kept`);
  }
}

/** A server, read as any follower reads it: nothing of it has to fit into memory. */
async function verifyUrl(url: string, options: ReadOptions): Promise<VerifyReport> {
  const source = openSource(url);
  try {
    const [verifierKey, checkpoint] = await Promise.all([source.verifierKey(), source.checkpoint()]);
    const size = peekCheckpoint(checkpoint)?.size ?? 0;
    const entries = async function* (): AsyncGenerator<Uint8Array> {
      for await (const page of source.pages(0, size)) yield* page;
    };
    return await verify(
      {
        ...{ verifierKey, checkpoint, entries: entries(), witnessed: await source.witnessed() },
        prefetch: (digests, from) => source.prefetch(from, digests.length),
        blob: source.blob,
      },
      { ...options, verifyEd25519 },
    );
  } catch (error) {
    throw error instanceof SourceError ? new InputError(error.message) : error;
  }
}
