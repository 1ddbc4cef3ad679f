/**
 * Named columns of numbers, and some JSON, as one run of bytes that is read without being parsed. All little-endian:
 *
 *   0  "EHPLAN"    6  u16 version    8  u32 bytes in all    12  u32 CRC-32 of what follows    16  SHA-256 of what it was made from
 *   48 u32 number of sections, u32 0
 *   56 for each section: name in ASCII padded to 20, u32 kind, u32 where it begins (a multiple of 8), u32 its bytes
 *
 * Kinds: 0 JSON in UTF-8, 1 u8, 2 u16, 4 u32, 8 IEEE 754 double.
 */
import { crc32 } from './crc32.js';

export const VERSION = 1;
/** Another version is another type, so that caches never hand an old answer to a new page. */
export const PACKED_TYPE = `application/vnd.evenhand.plan.v${VERSION}`;

export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export interface Container {
  /** SHA-256 in hex of what it was made from. */
  digest: string;
  columns: Map<string, Column>;
  json: Map<string, unknown>;
}

type Crc = (bytes: Uint8Array) => number;

/** Bytes that are no compact plan, or not all of one; the message says in what. */
export class PackedError extends Error {}

const MAGIC = 'EHPLAN';
const [HEAD, ENTRY, NAME] = [56, 32, 20];
const COLUMNS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;

const aligned = (n: number): number => (n + 7) & ~7;

/** `crc`: the same by whoever is faster at it. */
export function writeContainer({ digest, columns, json }: Container, crc: Crc = crc32): Uint8Array<ArrayBuffer> {
  // columns go out as they lie in memory; no browser counts the other way round, some servers do
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1)
    throw new PackedError('This machine is big-endian, compact plans are not: ask for JSON.');
  const utf8 = new TextEncoder();
  const sections = [
    ...[...json].map(([name, value]) => ({ name, kind: 0, bytes: utf8.encode(JSON.stringify(value)) })),
    ...[...columns].map(([name, column]) => ({ name, kind: column.BYTES_PER_ELEMENT, bytes: bytesOf(column) })),
  ];
  let end = HEAD + ENTRY * sections.length;
  const starts = sections.map(({ bytes }) => {
    const start = aligned(end);
    end = start + bytes.length;
    return start;
  });
  const out = new Uint8Array(aligned(end));
  const view = new DataView(out.buffer);
  out.set(utf8.encode(MAGIC));
  view.setUint16(6, VERSION, true);
  view.setUint32(8, out.length, true);
  out.set(
    Array.from({ length: 32 }, (_, i) => Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16)),
    16,
  );
  view.setUint32(48, sections.length, true);
  for (const [i, { name, kind, bytes }] of sections.entries()) {
    const at = HEAD + ENTRY * i;
    out.set(utf8.encode(name), at);
    for (const [j, n] of [kind, starts[i] ?? 0, bytes.length].entries()) view.setUint32(at + NAME + 4 * j, n, true);
    out.set(bytes, starts[i]);
  }
  view.setUint32(12, crc(out.subarray(16)), true);
  return out;
}

const bytesOf = (column: Column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

/** The columns are views of the bytes. Throws PackedError where a byte is missing, surplus or not as it was written. */
export function readContainer(given: Uint8Array, crc: Crc = crc32): Container {
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEAD) throw new PackedError(`${bytes.length} bytes are no compact plan.`);
  const ascii = new TextDecoder('latin1');
  if (ascii.decode(bytes.subarray(0, 6)) !== MAGIC) throw new PackedError('These bytes are no compact plan.');
  const version = view.getUint16(6, true);
  if (version !== VERSION) throw new PackedError(`This compact plan is of version ${version}, not ${VERSION}.`);
  const length = view.getUint32(8, true);
  if (length !== bytes.length) throw new PackedError(`${bytes.length} bytes of ${length} arrived.`);
  if (view.getUint32(12, true) !== crc(bytes.subarray(16)))
    throw new PackedError('The compact plan was damaged on its way: its checksum is another.');
  // noble's own would bring its checks into the page
  const digest = Array.from(bytes.subarray(16, 48), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const container: Container = { digest, columns: new Map(), json: new Map() };
  const count = view.getUint32(48, true);
  for (let at = HEAD; at < HEAD + ENTRY * count; at += ENTRY) {
    const name = ascii.decode(bytes.subarray(at, at + NAME)).replace(/\0+$/, '');
    const [kind, start, size] = [0, 4, 8].map((n) => view.getUint32(at + NAME + n, true)) as [number, number, number];
    const Type = COLUMNS[kind as keyof typeof COLUMNS];
    // not of shared memory: what came over the network or from a file
    const { buffer, byteOffset } = bytes as Uint8Array<ArrayBuffer>;
    if (Type) container.columns.set(name, new Type(buffer, byteOffset + start, size / kind));
    else container.json.set(name, JSON.parse(new TextDecoder().decode(bytes.subarray(start, start + size))));
  }
  return container;
}
