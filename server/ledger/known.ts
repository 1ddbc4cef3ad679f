/** What the entries so far have said, for those that come after to be held against. */
import type { Scenario } from '../../engine/types.js';
import { fromUtf8 } from './bytes.js';
import { type Cases, newCases } from './cases.js';
import type { Checks } from './checks.js';
import { blobDigest, contentDigest } from './digest.js';
import { type DigestMap, newDigestMap } from './digestmap.js';
import type { Evidence } from './verify.js';

/** `level` and `suggested` are IV to I, or none. */
export interface DeclaredLevel {
  seq: number;
  org: string;
  level: string;
  suggested: string;
}

interface KnownScenario {
  digest: string;
  /** The unsalted digest that allocations name. */
  content: string;
  scenario: Scenario;
}

export interface Contents {
  evidence: Pick<Evidence, 'blob'>;
  checks: Checks;
  /** Facts of allocations that hold, by the content digest under which others name them. */
  twins: Map<string, unknown>;
  /** Place of the entry that named a salted digest first, times 16, plus its kind's place in `kinds`. */
  named: DigestMap;
  kinds: string[];
  /** Places in `named` of scenarios, allocations and amendments by the name that people know them by. */
  known: DigestMap;
  /** The scenario of each allocation by salted digest: its place in `named`. */
  plans: DigestMap;
  /** The life of each report so far. */
  cases: Cases;
  /** Levels of response that were declared, in the order of the log. */
  declarations: DeclaredLevel[];
  /** Entries by what their idempotency key is on file under: one for each organisation and key. */
  used: DigestMap;
  absent: string[];
  certificates: number;
  /** The scenario read last: allocations mostly follow each other on the same one. */
  last: KnownScenario | undefined;
}

export function newContents(evidence: Pick<Evidence, 'blob'>, checks: Checks): Contents {
  return {
    ...{ evidence, checks, twins: new Map(), plans: newDigestMap(), known: newDigestMap() },
    ...{
      named: newDigestMap(),
      kinds: [],
      cases: newCases(),
      declarations: [],
      used: newDigestMap(),
      absent: [],
      certificates: 0,
      last: undefined,
    },
  };
}

/** Notes what a salted digest names. */
export function name({ named, kinds }: Contents, digest: string, kind: string, seq: number): void {
  if (!kinds.includes(kind)) kinds.push(kind);
  named.set(digest, seq * 16 + kinds.indexOf(kind));
}

/** The entry that named a salted digest first, and what it called it. */
export function nameOf({ named, kinds }: Contents, digest: string): { kind: string; seq: number } | undefined {
  const place = named.get(digest);
  return place === undefined ? undefined : { kind: kinds[place % 16]!, seq: Math.floor(place / 16) };
}

/** The recorded scenario; undefined where its blob is absent or false, which its own entry reports. */
export async function scenarioOf(contents: Contents, digest: string): Promise<KnownScenario | undefined> {
  if (contents.last?.digest === digest) return contents.last;
  const blob = await contents.evidence.blob(digest);
  if (!blob || blobDigest(blob.salt, blob.bytes) !== digest) return undefined;
  // Its digest was checked: the writer vouches for the type.
  const scenario = JSON.parse(fromUtf8(blob.bytes)) as Scenario;
  contents.last = { digest, content: contentDigest(blob.bytes), scenario };
  return contents.last;
}
