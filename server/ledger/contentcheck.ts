/** One entry against those before it and, where the blob is at hand, against its content. What each kind of content has to say is beside. */
import { addStep } from './cases.js';
import { citations } from './citations.js';
import { blobDigest, contentDigest } from './digest.js';
import { blobsOf, type KnownEntry, ownBlob } from './entry.js';
import { checkExplained } from './explanationcheck.js';
import { checkStep, checkStepContent } from './fieldcheck.js';
import { type Contents, name, nameOf } from './known.js';
import { messageOf } from './messages.js';
import { checkAdopted, checkPlan } from './plancheck.js';
import { checkScenario } from './scenariocheck.js';
import type { HeldBlob, Report } from './verify.js';

/** Kinds that others name by what people know them by. */
const NAMED: readonly string[] = ['scenario', 'allocation', 'amendment'];

/**
 * Checks one entry against those before it and, where the blob is at hand, against its content. `request`: its `requestDigest`. `organisations`: some are on
 * the record before it.
 */
export async function checkEntry(
  contents: Contents,
  entry: KnownEntry,
  seq: number,
  request: Uint8Array,
  organisations: boolean,
  report: Report,
): Promise<void> {
  const { used } = contents;
  const digest = ownBlob(entry);
  const twice = used.get(request);
  if (twice === undefined) used.set(request, seq);
  else report(seq, 'repeat', `entry ${seq} repeats the idempotency key of entry ${twice}`);

  const need = (kind: string, wanted: string, at: number): void => {
    const found = nameOf(contents, wanted);
    if (found?.kind !== kind || found.seq !== at)
      report(
        seq,
        'binding',
        `entry ${seq} builds on ${kind} ${wanted} of entry ${at}, which is not on the record there`,
      );
  };
  for (const [kind, wanted, at] of citations(entry)) need(kind, wanted, at);
  if (entry.kind === 'declaration') {
    const { level, suggested } = entry.body;
    contents.declarations.push({ seq, org: entry.actor.org, level, suggested });
  }
  const inTurn = await checkStep(contents, entry, seq, organisations, report);
  if (digest === null) {
    await checkStepContent(contents, entry, undefined, seq, organisations, report);
    if (inTurn) addStep(contents.cases, entry);
    return;
  }
  for (const own of blobsOf(entry)) {
    const before = nameOf(contents, own);
    if (before)
      report(seq, 'binding', `entry ${seq} names the blob of entry ${before.seq}: salts are never used twice`);
    else name(contents, own, own === digest ? entry.kind : 'photo', seq);
    if (!before && entry.kind === 'allocation') contents.plans.set(digest, contents.named.placeOf(entry.body.scenario));
    // A photo says no more than its digest.
    if (own !== digest && (await heldBlob(contents, own, seq, report)) === undefined) contents.absent.push(own);
  }

  const blob = await heldBlob(contents, digest, seq, report);
  if (blob && NAMED.includes(entry.kind)) contents.known.set(contentDigest(blob.bytes), contents.named.placeOf(digest));
  if (blob === undefined) contents.absent.push(digest);
  else if (blob !== null && entry.kind === 'allocation') await checkPlan(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'explanation') await checkExplained(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'scenario') await checkScenario(contents, entry.body, blob, seq, report);
  else if (blob !== null && entry.kind === 'adoption') await checkAdopted(contents, entry.body, blob, seq, report);
  else if (blob !== null) await checkStepContent(contents, entry, blob, seq, organisations, report);
  if (inTurn) addStep(contents.cases, entry);
}

/** Undefined where the blob is absent, null where it is false, which is reported. */
async function heldBlob(
  { evidence }: Contents,
  digest: string,
  seq: number,
  report: Report,
): Promise<HeldBlob | null | undefined> {
  try {
    const blob = await evidence.blob(digest);
    if (blob && (blob.salt.length !== 32 || blobDigest(blob.salt, blob.bytes) !== digest)) {
      report(seq, 'blob', `the content of entry ${seq} is not what was recorded`);
      return null;
    }
    return blob;
  } catch (error) {
    report(seq, 'blob', `the content of entry ${seq} cannot be read: ${messageOf(error)}`);
    return null;
  }
}
