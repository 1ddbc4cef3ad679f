/** The ledger's verbs over a log and its writer. */
import type { Allocation, Scenario } from '../../engine/types.js';
import { english, type Text, wording } from '../../scenarios/wording.js';
import { type AdoptionState, addAdoption, noAdoption } from './adoptions.js';
import type { Blob } from './blobs.js';
import { type Bundle, blobView } from './bundle.js';
import { fromUtf8, toBase64, toHex } from './bytes.js';
import { formatConsistency } from './consistency.js';
import { eachBlobDigest, find, findByPrefix, forget, readBlob, type StoredContent, storedContent } from './contents.js';
import { valueDigest } from './digest.js';
import { blobsOf, type KnownEntry, ownBlob, readEntry } from './entry.js';
import { type FieldVerbs, fieldVerbs } from './fieldverbs.js';
import type { KeyBody } from './keybody.js';
import type { Organisation } from './keyring.js';
import { aboutKey, aboutSeq, entryKey, type Named, parseRequested, requestKey } from './layout.js';
import { entryAt, type Log, type Published, proofOf, readable } from './log.js';
import { consistencyRanges } from './merkle.js';
import type { Outcome } from './plan.js';
import {
  adoptionRecording,
  allocationRecording,
  explanationRecording,
  keyRecording,
  type Recording,
  scenarioRecording,
  signedRecording,
} from './recording.js';
import { type AdoptionContent, contentOf, type DraftOf, documentFault, type SignedDocument } from './signed.js';
import { readTile } from './tiles.js';
import { rangeHashes } from './tree.js';
import {
  type ExplanationDocument,
  type Ledger,
  LedgerRefusal,
  notOnRecord,
  type Receipt,
  type RecordOptions,
  type StoredEntry,
} from './types.js';
import type { Writer } from './writer.js';

/** What this process can do with its own ledger beyond what every `Ledger` can. */
export interface LocalLedger extends Ledger, FieldVerbs {
  /** Receipt of any entry, as `receipt` gives it of a content; undefined where it is not in the log. */
  receiptAt(seq: number): Promise<Receipt | undefined>;
  /** Receipt of what was recorded under an idempotency key of the log's own; undefined where nothing was. */
  recorded(idempotencyKey: string): Promise<Receipt | undefined>;
  /** Who adopted and why; by the receipt's digest. Undefined where unknown or forgotten. */
  adoption(digest: string): Promise<{ by: string; why: string } | undefined>;
  /** Content digests of the allocations whose digest begins so (4 to 64 lowercase hexadecimal digits). */
  allocationsLike(prefix: string): Promise<string[]>;
  /** Organisations on the record with their roles and keys. */
  organisations(): Organisation[];
  /** A change of keys on the word of whoever keeps the log. Throws LedgerRefusal 'author' where the record forbids it. */
  recordKey(body: KeyBody): Promise<Receipt>;
  /**
   * What an author signed; throws LedgerRefusal 'author' where a signature or the record speaks against it. `keeper`: it
   * comes from whoever keeps the log, who alone may add an organisation.
   */
  recordSigned(document: SignedDocument, keeper?: boolean): Promise<Receipt>;
  /** What to sign in order to adopt a plan. Throws LedgerRefusal 'unknown'. */
  draftAdoption(content: AdoptionContent): Promise<DraftOf<'adoption'>>;
  /** Who adopted a plan, and whether that counts; undefined where it is not on the record. */
  adoptionState(allocation: string): Promise<AdoptionState | undefined>;
  /** Erases a content and its salt; every proof stays valid. False where there is nothing to erase. */
  forget(digest: string): Promise<boolean>;
  /** A scenario or an allocation as it lies in the store, to be opened in another thread; undefined where unknown or forgotten. */
  stored(digest: string, kind: 'scenario' | 'allocation'): Promise<StoredContent | undefined>;
  /** A content with its salt by its salted digest; undefined where unknown or forgotten. */
  blob(digest: string): Promise<Blob | undefined>;
  /** Newest checkpoint that a quorum of witnesses has cosigned, or null. */
  witnessed(): string | null;
  /** The same proof as text, `old SIZE`, hashes and the newest checkpoint: what tlog-witness takes. */
  consistencyProof(from: number): Promise<string | undefined>;
  /** RFC 6962 consistency proof from an earlier size to the newest checkpoint, base64; undefined beyond it. */
  consistency(from: number): Promise<string[] | undefined>;
  bundle(): Promise<Bundle>;
  entries(from: number, limit: number): Promise<(StoredEntry & { entry: KnownEntry })[]>;
}

/** Entries given at once, whatever the caller asks: 64 MB at most. */
const maxEntries = 1024;

export function ledgerOf(log: Log, writer: Writer, close: () => Promise<void>): LocalLedger {
  async function append(recording: Recording, { org, idempotencyKey }: RecordOptions): Promise<Receipt> {
    const request = { recording, org: org ?? log.origin, idem: idempotencyKey ?? null };
    for (const [name, text] of Object.entries({ org: request.org, 'idempotency key': idempotencyKey ?? 'none' }))
      if (!/^\P{Cc}{1,300}$/u.test(text))
        throw new LedgerRefusal(
          'too-large',
          wording`the ${name} must have 1 to 300 characters, none of them a control character`,
        );
    const outcome = await writer.append(request);
    const receipt = await receiptOf(log, outcome);
    if (!receipt)
      throw new LedgerRefusal('read-only', wording`entry ${outcome.seq} is on the record but cannot be proven`);
    return receipt;
  }

  const field = fieldVerbs(log, append);

  async function recordScenario(scenario: Scenario, options: RecordOptions = {}): Promise<Receipt> {
    return await append(await scenarioRecording(scenario), options);
  }

  async function recordAllocation(
    allocation: Allocation,
    scenario: Scenario,
    options: RecordOptions = {},
  ): Promise<Receipt> {
    const digest = valueDigest(scenario);
    if (allocation.scenario.digest !== digest)
      throw new LedgerRefusal(
        'conflict',
        wording`the allocation is for scenario ${allocation.scenario.digest}, not ${digest}`,
      );
    let named = await find(log, digest);
    if (!named) {
      await recordScenario(scenario, options.org === undefined ? {} : { org: options.org });
      named = await find(log, digest);
    }
    if (!named)
      throw new LedgerRefusal('unknown', wording`scenario ${digest} was forgotten while it was recorded`, 'scenario');
    return await append(await allocationRecording(allocation, named), options);
  }

  async function recordAdoption(
    { allocation, by, why }: { allocation: string; by: string; why: string },
    options: RecordOptions = {},
  ): Promise<Receipt> {
    return await append(await adoptionRecording(await allocationNamed(allocation), by, why), options);
  }

  async function allocationNamed(digest: string): Promise<Named> {
    const named = await find(log, digest);
    if (named?.kind === 'allocation') return named;
    throw notOnRecord('allocation', digest);
  }

  async function draftAdoption(content: AdoptionContent): Promise<DraftOf<'adoption'>> {
    const { blob, seq } = await allocationNamed(content.allocation);
    const body = { allocation: blob, allocationSeq: seq };
    return { draft: 'evenhand/draft/v1', log: log.origin, kind: 'adoption', body, content };
  }

  async function recordSigned(document: SignedDocument, keeper = false): Promise<Receipt> {
    const { entry } = document;
    const refuse = (what: Text) => new LedgerRefusal('author', what);
    if (entry.log !== log.origin)
      throw refuse(wording`it was signed for the log ${entry.log}, this one is ${log.origin}`);
    const fault = documentFault(document);
    if (fault !== null) throw refuse(fault);
    if (entry.kind === 'key' && entry.body.change === 'add' && !keeper)
      throw refuse(wording`an organisation is added by whoever keeps the log: evenhand org add`);
    if (entry.kind === 'adoption') {
      const { blob, seq } = await allocationNamed(contentOf('adoption', document).allocation);
      if (blob !== entry.body.allocation || seq !== entry.body.allocationSeq)
        throw refuse(wording`it names entry ${entry.body.allocationSeq}, but the plan it adopts is entry ${seq}`);
    } else if (entry.kind !== 'key') {
      const { body } =
        entry.kind === 'verification'
          ? await field.draftVerification(contentOf('verification', document))
          : await field.draftAmendment(contentOf('amendment', document));
      if (valueDigest({ ...body, [entry.kind]: ownBlob(entry) }) !== valueDigest(entry.body))
        throw refuse(wording`it names other entries than those that its content speaks of`);
    }
    const { org } = entry.actor;
    return await append(await signedRecording(document), { org, idempotencyKey: entry.idem });
  }

  async function adoptionState(allocation: string): Promise<AdoptionState | undefined> {
    const named = await find(log, allocation);
    if (named?.kind !== 'allocation') return undefined;
    const plan = await entryOf(log, named.seq);
    const scenario = plan.kind === 'allocation' ? await entryOf(log, plan.body.scenarioSeq) : undefined;
    const quorum = scenario?.kind === 'scenario' ? (scenario.body.quorum ?? 1) : 1;
    const state = noAdoption(named.blob, named.seq, quorum);
    const end = aboutKey(named.blob, readable(log));
    for (let from = aboutKey(named.blob, 0); ; ) {
      const page = await log.kv.keys(from, end, 1000);
      for (const key of page) {
        const { sig, actor } = await entryOf(log, aboutSeq(key));
        addAdoption(state, aboutSeq(key), sig === null ? null : actor.org);
      }
      const last = page.at(-1);
      if (!last || page.length < 1000) return state;
      from = Uint8Array.of(...last, 0);
    }
  }

  async function recordExplanation(document: ExplanationDocument, key: string): Promise<Receipt> {
    const named = await find(log, document.allocation);
    if (named?.kind !== 'allocation') throw notOnRecord('allocation', document.allocation);
    return await append(await explanationRecording(document, named), { idempotencyKey: key });
  }

  async function explanation(key: string): Promise<ExplanationDocument | undefined> {
    const requested = await log.kv.get(requestKey(log.origin, key));
    const seq = requested && parseRequested(requested).seq;
    if (seq === undefined || seq >= readable(log)) return undefined;
    const bytes = await entryAt(log, seq);
    const read = bytes && readEntry(bytes);
    if (!read?.ok || read.entry.kind !== 'explanation') return undefined;
    const blob = await readBlob(log.kv, read.entry.body.explanation);
    return blob && (JSON.parse(fromUtf8(blob.bytes)) as ExplanationDocument); // `recordExplanation` wrote it
  }

  async function receiptAt(seq: number): Promise<Receipt | undefined> {
    if (seq >= readable(log)) return undefined;
    const entry = await entryOf(log, seq);
    const own = ownBlob(entry);
    const digest = own === null ? valueDigest(entry.body) : ((await find(log, own))?.content ?? own);
    return await receiptOf(log, { is: 'recorded', seq, kind: entry.kind, digest, repeated: true });
  }

  async function content(digest: string, kind: Named['kind']): Promise<unknown> {
    const named = await find(log, digest);
    if (named?.kind !== kind) return undefined;
    const blob = await readBlob(log.kv, named.blob);
    return blob && JSON.parse(fromUtf8(blob.bytes));
  }

  async function entries(from: number, limit: number): Promise<(StoredEntry & { entry: KnownEntry })[]> {
    const start = Math.max(0, Math.trunc(from));
    const end = Math.min(readable(log), start + Math.min(Math.trunc(limit), maxEntries));
    const keys = Array.from({ length: Math.max(0, end - start) }, (_, i) => entryKey(start + i));
    const stored = await log.kv.getMany(keys);
    return stored.map((bytes, i) => {
      const read = bytes ? readEntry(bytes) : undefined;
      if (!bytes || !read?.ok) throw new Error(`entry ${start + i} is damaged: run verify`);
      return { seq: start + i, bytes, entry: read.entry };
    });
  }

  async function bundle(): Promise<Bundle> {
    const { size, note } = log.published;
    const all: string[] = [];
    const names = new Set<string>();
    while (all.length < Math.min(size, readable(log))) {
      for (const { bytes, entry } of await entries(all.length, size - all.length)) {
        all.push(fromUtf8(bytes));
        for (const own of blobsOf(entry)) names.add(own);
      }
    }
    const blobs: Bundle['blobs'] = [];
    for await (const digest of eachBlobDigest(log.kv)) {
      const blob = names.has(digest) ? await readBlob(log.kv, digest) : undefined;
      if (blob) blobs.push({ digest, ...blobView(blob) });
    }
    const witnessed = log.witnessed && log.witnessed.size <= size ? { witnessed: log.witnessed.note } : {};
    return {
      ...{ bundle: 'evenhand/bundle/v1', verifierKey: log.verifierKey, checkpoint: note, ...witnessed },
      ...{ entries: all, blobs },
    };
  }

  return {
    ...field,
    dir: log.paths.dir,
    log: log.origin,
    verifierKey: log.verifierKey,
    get readOnly() {
      return log.readOnly === null ? null : english(log.readOnly);
    },
    get readOnlySaid() {
      return log.readOnly;
    },
    get warnings() {
      return log.warnings;
    },
    size: () => readable(log),
    recordScenario,
    recordAllocation,
    recordAdoption,
    recordExplanation,
    explanation,
    recordSigned,
    recordKey: (body) => append(keyRecording(body), {}),
    organisations: () => [...log.ring.values()],
    draftAdoption,
    adoptionState,
    // The kind in the content's record says which it is; the writer took it from the typed verbs above.
    scenario: async (digest) => (await content(digest, 'scenario')) as Scenario | undefined,
    allocation: async (digest) => (await content(digest, 'allocation')) as Allocation | undefined,
    adoption: async (digest) => (await content(digest, 'adoption')) as { by: string; why: string } | undefined,
    allocationsLike: async (prefix) => {
      const named = await findByPrefix(log, prefix);
      return named.filter(({ kind }) => kind === 'allocation').map(({ content }) => content);
    },
    receipt: async (digest) => {
      const named = await find(log, digest);
      if (!named) return undefined;
      const { seq } = named;
      // A photo goes with its report.
      const kind = named.kind === 'photo' ? 'report' : named.kind;
      return await receiptOf(log, { is: 'recorded', seq, kind, digest: named.content, repeated: true });
    },
    receiptAt,
    recorded: async (idempotencyKey) => {
      const requested = await log.kv.get(requestKey(log.origin, idempotencyKey));
      return requested && (await receiptAt(parseRequested(requested).seq));
    },
    entries,
    checkpoint: () => newestNote(log).note,
    stored: (digest, kind) => storedContent(log, digest, kind),
    blob: async (digest) => {
      const named = await find(log, digest);
      return named?.blob === digest ? await readBlob(log.kv, digest) : undefined;
    },
    witnessed: () => log.witnessed?.note ?? null,
    proof: (seq) => proofOf(log, seq, provenUnder(log, seq)),
    consistencyProof: async (from) => {
      const { size, note } = newestNote(log);
      if (!Number.isSafeInteger(from) || from < 0 || from > size || size > log.tree.size) return undefined;
      const path = await rangeHashes(log.tree, consistencyRanges(from, size));
      return formatConsistency({ old: from, path, checkpoint: note });
    },
    consistency: async (from) => {
      const { size } = log.published;
      if (!Number.isSafeInteger(from) || from < 0 || from > size || size > log.tree.size) return undefined;
      return (await rangeHashes(log.tree, consistencyRanges(from, size))).map(toBase64);
    },
    tile: (path) => readTile(log, path),
    bundle,
    forget: (digest) => writer.exclusively(() => forget(log, digest)),
    close,
  };
}

/** The newest checkpoint, with its cosignatures where it has them. */
function newestNote(log: Log): Published {
  return log.witnessed?.size === log.published.size ? log.witnessed : log.published;
}

/** A witnessed checkpoint where it covers the entry: it is worth more than a newer one that only the log has signed. */
function provenUnder(log: Log, seq: number): Published {
  return log.witnessed && seq < log.witnessed.size ? log.witnessed : log.published;
}

async function receiptOf(log: Log, outcome: Outcome & { is: 'recorded' }): Promise<Receipt | undefined> {
  const { seq, kind, repeated } = outcome;
  const under = provenUnder(log, seq);
  const status = under === log.witnessed ? 'witnessed' : 'logged';
  const proof = await proofOf(log, seq, under);
  if (proof === undefined) return undefined;
  const [leaf] = await rangeHashes(log.tree, [[seq, seq + 1]]);
  // A repeated adoption was salted anew: its name is that of the entry, not of this request.
  const digest = (repeated && kind === 'adoption' && ownBlob(await entryOf(log, seq))) || outcome.digest;
  const { size, root } = under;
  return { seq, kind, digest, leaf: toHex(leaf!), size, root: toHex(root), status, proof, repeated };
}

/** Throws where a published entry cannot be read. */
async function entryOf(log: Log, seq: number): Promise<KnownEntry> {
  const bytes = await entryAt(log, seq);
  const read = bytes && readEntry(bytes);
  if (!read?.ok) throw new Error(`entry ${seq} is damaged: run verify`);
  return read.entry;
}
