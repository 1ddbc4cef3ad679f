/** What the record has of one decision, for the archive that strangers verify offline. */
import type { DecisionRecord } from '../engine/index.js';
import { blobView } from './ledger/bundle.js';
import { type Bundle, type LocalLedger, peekCheckpoint } from './ledger/index.js';

/** Entries that go with a decision at most, about 20 MB of them: a longer log is verified at its keeper's or a mirror's. */
const MOST_ENTRIES = 20_000;
/** Characters of a content written at once. */
const PIECE = 1 << 20;

/**
 * Undefined where the plan is not on the record. Entries are those of the newest checkpoint; of contents there are the plan, its scenario and
 * its adoptions, as other people's are no business of whoever gets the archive.
 */
export async function decisionRecord(
  ledger: LocalLedger,
  digest: string,
  mostEntries = MOST_ENTRIES,
): Promise<DecisionRecord | undefined> {
  const receipt = await ledger.receipt(digest);
  if (!receipt) return undefined;
  const [own] = await ledger.entries(receipt.seq, 1);
  if (own?.entry.kind !== 'allocation') return undefined;
  return {
    receipt: { ...receipt, log: ledger.log },
    proof: receipt.proof,
    entry: Buffer.from(own.bytes).toString('utf8'),
    verifierKey: ledger.verifierKey,
    ledger: await extract(ledger, own.entry.body, mostEntries),
  };
}

async function extract(
  ledger: LocalLedger,
  plan: { allocation: string; scenario: string },
  mostEntries: number,
): Promise<DecisionRecord['ledger']> {
  const checkpoint = ledger.checkpoint();
  const size = peekCheckpoint(checkpoint)?.size ?? 0;
  if (size > mostEntries) return null;
  const entries: string[] = [];
  const wanted = new Set([plan.allocation, plan.scenario]);
  while (entries.length < size) {
    const page = await ledger.entries(entries.length, size - entries.length);
    if (page.length === 0) return null;
    for (const { bytes, entry } of page) {
      entries.push(Buffer.from(bytes).toString('utf8'));
      if (entry.kind === 'adoption' && entry.body.allocation === plan.allocation) wanted.add(entry.body.adoption);
    }
  }
  const blobs: Bundle['blobs'] = [];
  for (const digest of wanted) {
    const blob = await ledger.blob(digest);
    if (blob) blobs.push({ digest, ...blobView(blob) });
  }
  const note = ledger.witnessed();
  const witnessed = note !== null && (peekCheckpoint(note)?.size ?? Infinity) <= size ? { witnessed: note } : {};
  const head = { bundle: 'evenhand/bundle/v1', verifierKey: ledger.verifierKey, checkpoint, ...witnessed, entries };
  return function* () {
    yield `${JSON.stringify(head).slice(0, -1)},"blobs":[`;
    for (const [n, { text, ...blob }] of blobs.entries()) {
      yield `${n > 0 ? ',' : ''}${JSON.stringify(blob).slice(0, -1)},"text":"`;
      // a pair of surrogates that is cut in two is written as two escapes, which read as the same pair
      for (let at = 0; at < text.length; at += PIECE) yield JSON.stringify(text.slice(at, at + PIECE)).slice(1, -1);
      yield '"}';
    }
    yield ']}\n';
  };
}
