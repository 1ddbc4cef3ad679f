/**
 * Zip archives (PKWARE APPNOTE 6.3.10) in pieces: of what is read from the files' sources only the piece at hand is in
 * memory. The same files give the same bytes: every entry is dated 1 January 1980, the first day that the format knows.
 */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

export interface ZipFile {
  /** Path inside the archive, with slashes. */
  name: string;
  /** Texts are written as UTF-8. */
  pieces: Iterable<string | Uint8Array>;
  /** As it is: for what is compressed already. */
  stored?: boolean;
}

/** Characters or bytes that are compressed at once: calls of the compressor cost more than its work on single rows. */
const PIECE = 1 << 16;
/** Of 1 to 9: a table packs to 12 % at 3 and to 11 % at 6, which takes twice as long. */
const LEVEL = 3;
/** Sizes and offsets are of 32 bits; the 64-bit form is not written here. */
const MOST_BYTES = 2 ** 32 - 1;
// In local time, as fflate asks a date for its local fields: so it is the same day everywhere.
const DATED = new Date(1980, 0, 1);

const encoder = new TextEncoder();

/** The archive piece by piece. Throws a RangeError where a file or the whole would exceed 4 GB, which the format cannot hold. */
export function* writeZip(files: Iterable<ZipFile>): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let written = 0;
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  function* taken(): Generator<Uint8Array> {
    for (const piece of ready.splice(0)) {
      written += piece.length;
      if (written > MOST_BYTES) throw new RangeError('a zip archive holds at most 4 GB');
      if (piece.length > 0) yield piece;
    }
  }
  for (const { name, pieces, stored } of files) {
    const entry = stored ? new ZipPassThrough(name) : new ZipDeflate(name, { level: LEVEL });
    entry.mtime = DATED;
    zip.add(entry);
    let size = 0;
    for (const piece of inLargePieces(pieces)) {
      size += piece.length;
      if (size > MOST_BYTES) throw new RangeError(`${name}: a file in a zip archive has at most 4 GB`);
      entry.push(piece);
      yield* taken();
    }
    entry.push(new Uint8Array(), true);
    yield* taken();
  }
  zip.end();
  yield* taken();
}

/** Neighbouring texts joined until it is worth while to compress them. */
function* inLargePieces(pieces: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      if (text.length < PIECE) continue;
      yield encoder.encode(text);
      text = '';
      continue;
    }
    if (text !== '') yield encoder.encode(text);
    text = '';
    // the compressor keeps what it is given, and who gave it may use it again
    if (piece.length > 0) yield piece.slice();
  }
  if (text !== '') yield encoder.encode(text);
}
