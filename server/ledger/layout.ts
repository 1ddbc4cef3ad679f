/** Keys and values in LevelDB; numbers are fixed-width and big-endian, so that keys sort as they count. */
import { concat, fromHex, readU64, toHex, u64, utf8 } from './bytes.js';
import { sha256 } from './hash.js';
import type { EntryKind } from './types.js';

const tagged = (tag: number, ...parts: Uint8Array[]): Uint8Array => concat(Uint8Array.of(tag), ...parts);

/** 01 | u64 seq → entry bytes. */
export const entryKey = (seq: number): Uint8Array => tagged(1, u64(seq));

/** SHA-256(org ‖ 0x00 ‖ idem); neither text can hold a 0x00. */
export const requestDigest = (org: string, idem: string): Uint8Array => sha256(utf8(`${org}\0${idem}`));

/** 02 | `requestDigest` → seq and request hash. */
export const requestKeyOf = (digest: Uint8Array): Uint8Array => tagged(2, digest);
export const requestKey = (org: string, idem: string): Uint8Array => requestKeyOf(requestDigest(org, idem));
export const requestsFrom = tagged(2);
export const requestsTo = tagged(3);

/** 03 | level | u64 index → up to 256 hashes. */
export const tileKey = (level: number, index: number): Uint8Array => tagged(3, Uint8Array.of(level), u64(index));

/** 04 → head. */
export const headKey = tagged(4);

/** 05 | u64 size → signed checkpoint of that size, written with the batch that follows it. */
export const checkpointKey = (size: number): Uint8Array => tagged(5, u64(size));

/** 06 | digest → what a content digest or a salted blob digest names. Erasable. */
export const contentKey = (digest: string): Uint8Array => tagged(6, hexBytes(digest));

/** 07 | salted blob digest → codec, salt, bytes. Erasable. */
export const blobKey = (digest: string): Uint8Array => tagged(7, hexBytes(digest));
export const blobsFrom = tagged(7);
export const blobsTo = tagged(8);

/**
 * 16 | salted digest of an allocation ‖ u64 seq → nothing: an entry that adopts it. 32 zero bytes in its place: an entry of
 * kind `key`; 31 and a one: an entry about reports; 31 and a two: a declaration. All are rare among the entries and asked for together.
 */
export const aboutKey = (digest: string, seq: number): Uint8Array => tagged(16, hexBytes(digest), u64(seq));
export const aboutKeys = '0'.repeat(64);
/** In its place for all that is about reports from the field. */
export const aboutReports = `${'0'.repeat(63)}1`;
/** And for declarations of a level of response. */
export const aboutDeclarations = `${'0'.repeat(63)}2`;

/** The seq of such a key. */
export const aboutSeq = (key: Uint8Array): number => readU64(key, 33);

function hexBytes(digest: string): Uint8Array {
  const bytes = fromHex(digest);
  if (bytes?.length !== 32) throw new RangeError(`not a digest: ${digest}`);
  return bytes;
}

export interface Head {
  size: number;
  root: Uint8Array;
  /** `prev` of the entry to come. */
  prev: Uint8Array;
  /** `ts` of the last entry, milliseconds since 1970. */
  ts: number;
}

export function formatHead({ size, root, prev, ts }: Head): Uint8Array {
  return concat(u64(size), root, prev, u64(ts));
}

export function parseHead(bytes: Uint8Array): Head {
  if (bytes.length !== 80) throw new RangeError(`a head of ${bytes.length} bytes`);
  return { size: readU64(bytes), root: bytes.slice(8, 40), prev: bytes.slice(40, 72), ts: readU64(bytes, 72) };
}

export interface Requested {
  seq: number;
  /** SHA-256 of canonical {kind, digest}; zeros where its content was forgotten. */
  hash: Uint8Array;
}

export const formatRequested = ({ seq, hash }: Requested): Uint8Array => concat(u64(seq), hash);

export function parseRequested(bytes: Uint8Array): Requested {
  return { seq: readU64(bytes), hash: bytes.slice(8) };
}

/** What a content can be: that of an entry of its kind, or the photo beside a report. */
export type ContentKind = EntryKind | 'photo';

/** Stored as their places: new ones come to the end. */
const kindCodes: readonly ContentKind[] = [
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
  'photo',
];

/**
 * `content` is the name users know, `blob` the salted digest; after forgetting both are the salted one. That it was
 * forgotten is written down, as a blob that is missing otherwise was lost.
 */
export interface Named {
  kind: ContentKind;
  seq: number;
  content: string;
  blob: string;
  forgotten: boolean;
}

const forgottenFlag = 0x80;

export function formatNamed({ kind, seq, content, blob, forgotten }: Named): Uint8Array {
  return concat(
    Uint8Array.of(kindCodes.indexOf(kind) | (forgotten ? forgottenFlag : 0)),
    u64(seq),
    hexBytes(content),
    hexBytes(blob),
  );
}

export function parseNamed(bytes: Uint8Array): Named {
  const [code = 0] = bytes;
  const kind = kindCodes[code & ~forgottenFlag];
  if (kind === undefined || bytes.length !== 73) throw new RangeError('a damaged content record');
  return {
    kind,
    seq: readU64(bytes, 1),
    content: toHex(bytes.subarray(9, 41)),
    blob: toHex(bytes.subarray(41)),
    forgotten: (code & forgottenFlag) !== 0,
  };
}
