/**
 * A zip archive, entry by entry and in bounded memory (APPNOTE.TXT 6.3.10, sections 4.3 and 4.4). What a directory says
 * of sizes is a promise that a bomb does not keep, so what comes out is counted while it comes out, and compared with it.
 */
import { Inflate } from 'fflate';
import { wording } from '../wording.js';
import { FormatError, inThousands, LIMITS } from './limits.js';

export interface Entry {
  name: string;
  /** Bytes as the directory has them. */
  packed: number;
  unpacked: number;
}

export interface Archive {
  entries: readonly Entry[];
  /** Hands on the content in pieces, the last of them (perhaps empty) with `last`. Throws FormatError. */
  stream(entry: Entry, sink: (piece: Uint8Array, last: boolean) => void): void;
  /** The whole content of an entry that has at most `most` bytes. */
  bytes(entry: Entry, most?: number): Uint8Array;
}

interface Stored extends Entry {
  method: number;
  crc: number;
  offset: number;
}

const [END, DIRECTORY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const ENCRYPTED = 1;
/** Bytes given to the inflater at a time: it may make a thousand times as many of them before it can be stopped. */
const SLICE = 8192;

/** The directory of an archive. Throws FormatError where it is none, is encrypted, or could not be unpacked within the limits. */
export function openZip(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = directory(view);
  const total = entries.reduce((sum, e) => sum + e.unpacked, 0);
  if (total > LIMITS.unpackedBytes) throw tooMuch(total);
  for (const e of entries) if (e.unpacked > 1 << 20 && e.unpacked > LIMITS.ratio * e.packed) throw bomb(e.name);
  const stream: Archive['stream'] = (entry, sink) => {
    const stored = entry as Stored; // made below
    const data = contentOf(view, bytes, stored);
    let size = 0;
    let crc = 0xffffffff;
    const take = (piece: Uint8Array, last: boolean) => {
      size += piece.length;
      if (size > stored.unpacked)
        throw new FormatError(wording`${stored.name} unpacks to more than the archive says: make the file anew.`);
      crc = crc32(crc, piece);
      if (last && size !== stored.unpacked)
        throw new FormatError(wording`${stored.name} breaks off in the archive: send the file again.`);
      if (last && ~crc >>> 0 !== stored.crc)
        throw new FormatError(wording`${stored.name} is damaged (its check sum differs): send the file again.`);
      sink(piece, last);
    };
    const inflate = stored.method === 0 ? { push: take } : new Inflate(take);
    try {
      let at = 0;
      do {
        const end = Math.min(at + SLICE, data.length);
        inflate.push(data.subarray(at, end), end === data.length);
        at = end;
      } while (at < data.length);
    } catch (error) {
      if (error instanceof Error && !('code' in error)) throw error;
      throw new FormatError(wording`${stored.name} is damaged in the archive: send the file again.`);
    }
  };
  return {
    entries,
    stream,
    bytes(entry, most = LIMITS.fileBytes) {
      if (entry.unpacked > most)
        throw new FormatError(
          wording`${entry.name} has ${inThousands(entry.unpacked)} bytes; at most ${inThousands(most)} are read.`,
        );
      const whole = new Uint8Array(entry.unpacked);
      let at = 0;
      stream(entry, (piece) => {
        whole.set(piece, at);
        at += piece.length;
      });
      return whole;
    },
  };
}

function directory(view: DataView): Stored[] {
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  if (count === 0xffff || count > LIMITS.entries)
    throw new FormatError(wording`The archive has over ${inThousands(LIMITS.entries)} files: send the tables alone.`);
  const entries: Stored[] = [];
  const names = new Set<string>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== DIRECTORY) throw broken();
    const [length, extra, comment] = [28, 30, 32].map((o) => view.getUint16(at + o, true)) as [number, number, number];
    if (at + 46 + length > view.byteLength) throw broken();
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, length));
    const stored = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (view.getUint16(at + 8, true) & ENCRYPTED)
      throw new FormatError(wording`${name} is encrypted: save the file without a password.`);
    if (stored.method !== 0 && stored.method !== 8)
      throw new FormatError(
        wording`${name} is packed by method ${stored.method}; only "stored" and "deflated" are read.`,
      );
    if (names.has(name)) throw new FormatError(wording`The archive has ${name} twice: make it anew.`);
    names.add(name);
    if (!name.endsWith('/')) entries.push(stored);
    at += 46 + length + extra + comment;
  }
  noOverlap(entries);
  return entries;
}

/** The record at the end, before a comment of at most 64 KiB. */
function endOfDirectory(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--)
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  throw new FormatError(wording`The file is no zip archive, or breaks off: send it again.`);
}

/** Entries that share bytes are how a small archive becomes a huge one (Fifield 2019, "A better zip bomb"). */
function noOverlap(entries: readonly Stored[]): void {
  let end = 0;
  for (const e of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (e.offset < end) throw bomb(e.name);
    end = e.offset + 30 + e.packed;
  }
}

function contentOf(view: DataView, bytes: Uint8Array, { name, offset, packed }: Stored): Uint8Array {
  if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== LOCAL) throw broken();
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > view.byteLength)
    throw new FormatError(wording`${name} breaks off in the archive: send the file again.`);
  return bytes.subarray(start, start + packed);
}

const broken = () => new FormatError(wording`The directory of the archive is damaged: send the file again.`);
const bomb = (name: string) =>
  new FormatError(wording`${name} is packed over ${LIMITS.ratio} to 1, as no table is: a bomb, or damaged.`);
const tooMuch = (size: number) =>
  new FormatError(
    wording`The archive unpacks to ${inThousands(size)} bytes or more; at most ${inThousands(LIMITS.unpackedBytes)} are read.`,
  );

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of ISO 3309, begun with 0xffffffff and inverted at the end. */
function crc32(crc: number, bytes: Uint8Array): number {
  let c = crc;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return c;
}
