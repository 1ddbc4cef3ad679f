/** The ledger as the rest of the server sees it. Formats: README.md beside this file. */
import type { Bottlenecks, Explanation } from '../../engine/explain/types.js';
import type { Allocation, Scenario } from '../../engine/types.js';
import { unlisted } from '../../scenarios/faults.js';
import type { Amendment } from '../../scenarios/field/amendment.js';
import type { FieldReport } from '../../scenarios/field/report.js';
import type { Declaration } from '../../scenarios/response/declaration.js';
import { english, type Text, wording } from '../../scenarios/wording.js';

export const entryKinds = [
  'scenario',
  'allocation',
  'adoption',
  'explanation',
  'key',
  'report',
  'verification',
  'amendment',
  'resolution',
  'escalation',
  'declaration',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** A document that explains an allocation; `allocation` is the content digest. */
export type ExplanationDocument = Explanation | Bottlenecks;

export type { Amendment as AmendmentDocument, Declaration as DeclarationDocument, FieldReport as ReportDocument };

/** An entry as it stands in the log; `bytes` are its canonical JSON, the leaf's preimage. */
export interface StoredEntry {
  seq: number;
  bytes: Uint8Array;
  entry: Entry;
}

/** RFC 8785 canonical JSON of this is what is hashed; at most 65,535 bytes. */
export interface Entry {
  v: 1;
  log: string;
  seq: number;
  /** Hex of SHA-256("evenhand/entry/v1\0" ‖ bytes of the entry before); 64 zeros for the first. */
  prev: string;
  kind: EntryKind;
  /** ISO 8601, the author's claim; order is `seq`. */
  ts: string;
  actor: { org: string; keyId: string };
  idem: string;
  body: unknown;
  /** Author's Ed25519 signature, base64; null where the log itself is the author's only witness. */
  sig: string | null;
}

/** What an append is answered with: the entry, the C2SP `.tlog-proof` text and whether it was there already. */
export interface Receipt {
  seq: number;
  kind: EntryKind;
  /** Content digest: what `GET /scenarios/{digest}` and `GET /allocations/{digest}` take. */
  digest: string;
  /** Hex of the leaf hash SHA-256(0x00 ‖ entry bytes). */
  leaf: string;
  size: number;
  root: string;
  /** 'witnessed' once a quorum of witnesses has cosigned the checkpoint in the proof. */
  status: 'logged' | 'witnessed';
  proof: string;
  /** True where the same idempotency key and request had been recorded before. */
  repeated: boolean;
}

/** `detail` is the closed union of ways in which an append is refused. */
export class LedgerRefusal extends Error {
  constructor(
    readonly detail:
      | 'conflict'
      | 'read-only'
      | 'full'
      | 'busy'
      | 'unknown'
      | 'too-large'
      | 'closed'
      | 'author'
      /** A step that the life of a report does not allow now. */
      | 'step',
    /** The message, for readers of any language. */
    readonly said: Text,
    /** Of what 'unknown' is said. */
    readonly unknown?: Findable,
  ) {
    super(english(said));
    this.name = 'LedgerRefusal';
    unlisted(this, 'said');
  }
}

/** What others cite by its digest. */
export type Findable = 'scenario' | 'allocation' | 'report' | 'amendment';

export function notOnRecord(kind: Findable, digest: string): LedgerRefusal {
  const said = {
    scenario: wording`no scenario ${digest} is on the record`,
    allocation: wording`no allocation ${digest} is on the record`,
    report: wording`no report ${digest} is on the record`,
    amendment: wording`no amendment ${digest} is on the record`,
  };
  return new LedgerRefusal('unknown', said[kind], kind);
}

export interface RecordOptions {
  /** Same key and same request: the earlier receipt. Same key, another request: LedgerRefusal 'conflict'. */
  idempotencyKey?: string;
  /** Organisation that asks; default the log's own name. */
  org?: string;
}

export interface Ledger {
  readonly dir: string;
  /** The log's origin line, for example `evenhand.local/3f9a…`. */
  readonly log: string;
  /** C2SP verifier key, `name+hash+base64`. */
  readonly verifierKey: string;
  /** Why appends are refused, or null. */
  readonly readOnly: string | null;
  /** The same for readers of any language. */
  readonly readOnlySaid: Text | null;
  /** What start-up or the clock had to say, in plain words. */
  readonly warnings: readonly string[];
  size(): number;

  recordScenario(scenario: Scenario, options?: RecordOptions): Promise<Receipt>;
  /** Records the scenario first where it is not on the record yet. */
  recordAllocation(allocation: Allocation, scenario: Scenario, options?: RecordOptions): Promise<Receipt>;
  recordAdoption(adoption: { allocation: string; by: string; why: string }, options?: RecordOptions): Promise<Receipt>;
  /** `key` says what was asked; a later question with the same key is answered with what is recorded here. */
  recordExplanation(document: ExplanationDocument, key: string): Promise<Receipt>;

  /** By content digest (or salted blob digest); undefined where unknown or forgotten. */
  scenario(digest: string): Promise<Scenario | undefined>;
  allocation(digest: string): Promise<Allocation | undefined>;
  /** What was recorded under that key; undefined where nothing was, or it was forgotten. */
  explanation(key: string): Promise<ExplanationDocument | undefined>;
  /** Receipt of the entry of that content, made against the newest checkpoint. */
  receipt(digest: string): Promise<Receipt | undefined>;

  entries(from: number, limit: number): Promise<StoredEntry[]>;
  /** Newest signed checkpoint (C2SP signed note). */
  checkpoint(): string;
  /** C2SP `.tlog-proof` of entry seq against the newest checkpoint; undefined where seq is not in the log. */
  proof(seq: number): Promise<string | undefined>;
  /** Tile bytes by C2SP path below `/tile/` ("0/000", "0/x001/234.p/5", "entries/000"); undefined where absent. */
  tile(path: string): Promise<Uint8Array | undefined>;
  /** Everything a stranger needs: entries, checkpoint, key, blobs with their salts. One JSON document. */
  bundle(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Fault {
  seq: number | null;
  kind: string;
  what: string;
}

export interface VerifyResult {
  ok: boolean;
  size: number;
  root: string;
  faults: Fault[];
}
