/**
 * Canonical JSON (RFC 8785) as UTF-8, written in pieces: an allocation of a nation is tens of megabytes, and a text of
 * more than 512 MB is more than a string of Node may hold.
 */

const PIECE = 1 << 16;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA, QUOTE, POINT] = [
  0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x22, 0x2e,
];
const encoder = new TextEncoder();
/** A surrogate without its partner; with the flag u, pairs are one character. */
const LONE = /[\ud800-\udfff]/u;

interface Writer {
  piece: Uint8Array;
  used: number;
  send: (piece: Uint8Array) => void;
  /** Objects and arrays around the value being written. */
  open: object[];
  /** Keys of the last object at each depth, as they came and in order: rows of a list have the same. */
  shapes: Shape[];
}

interface Shape {
  keys: string[];
  sorted: string[];
  /** `"key":` of each. */
  labels: string[];
}

/**
 * Sends the canonical JSON of a value to `send`, piece by piece; a piece is only good until `send` returns. As in
 * JSON.stringify a property that is undefined counts as absent. Throws a TypeError for what JSON cannot hold: NaN,
 * infinities, BigInt, functions, lone surrogates, cycles.
 */
export function writeCanonical(value: unknown, send: (piece: Uint8Array) => void): void {
  const w: Writer = { piece: new Uint8Array(PIECE), used: 0, send, open: [], shapes: [] };
  if (absent(value)) throw new TypeError('no canonical JSON: the value is undefined');
  write(w, value);
  send(w.piece.subarray(0, w.used));
}

/** All of it at once; see `writeCanonical`. */
export function canonicalBytes(value: unknown): Uint8Array {
  let bytes = new Uint8Array(PIECE);
  let length = 0;
  writeCanonical(value, (piece) => {
    if (length + piece.length > bytes.length) {
      const larger = new Uint8Array(2 * (length + piece.length));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(piece, length);
    length += piece.length;
  });
  return bytes.slice(0, length);
}

const absent = (value: unknown): boolean => value === undefined || typeof value === 'symbol';

function write(w: Writer, value: unknown): void {
  if (typeof value === 'string') writeString(w, value);
  else if (typeof value === 'number') writeNumber(w, value);
  else if (typeof value === 'boolean' || value === null) put(w, String(value));
  else if (typeof value === 'object') writeInside(w, value);
  else throw new TypeError(`no canonical JSON: a ${typeof value}`);
}

function writeInside(w: Writer, value: object): void {
  if (w.open.includes(value)) throw new TypeError('no canonical JSON: the value holds itself');
  w.open.push(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') write(w, value.toJSON());
  else if (Array.isArray(value)) writeArray(w, value);
  else writeObject(w, value as Record<string, unknown>); // what is neither null nor an array has keys
  w.open.pop();
}

function writeArray(w: Writer, list: unknown[]): void {
  putByte(w, OPEN_LIST);
  for (let i = 0; i < list.length; i++) {
    if (i > 0) putByte(w, COMMA);
    const item = list[i];
    if (typeof item === 'number') writeNumber(w, item);
    else write(w, absent(item) ? null : item);
  }
  putByte(w, CLOSE_LIST);
}

function writeObject(w: Writer, object: Record<string, unknown>): void {
  const { sorted, labels } = shapeOf(w, Object.keys(object));
  putByte(w, OPEN_OBJECT);
  let first = true;
  for (let i = 0; i < sorted.length; i++) {
    const item = object[sorted[i]!];
    if (absent(item)) continue;
    if (!first) putByte(w, COMMA);
    first = false;
    put(w, labels[i]!);
    write(w, item);
  }
  putByte(w, CLOSE_OBJECT);
}

function shapeOf(w: Writer, keys: string[]): Shape {
  const depth = w.open.length;
  const last = w.shapes[depth];
  if (last && last.keys.length === keys.length && last.keys.every((key, i) => key === keys[i])) return last;
  const sorted = [...keys].sort(); // by UTF-16 units, as RFC 8785 wants
  const labels = sorted.map((key) => `${quoted(key)}:`);
  const shape = { keys, sorted, labels };
  w.shapes[depth] = shape;
  return shape;
}

function quoted(text: string): string {
  if (LONE.test(text)) throw new TypeError('no canonical JSON: a lone surrogate');
  return JSON.stringify(text);
}

function writeString(w: Writer, text: string): void {
  if (w.used + text.length + 2 > PIECE) flush(w);
  const { piece } = w;
  let at = w.used;
  if (text.length + 2 <= PIECE) {
    piece[at++] = QUOTE;
    let plain = true;
    for (let i = 0; i < text.length && plain; i++) {
      const c = text.charCodeAt(i);
      plain = c >= 0x20 && c < 0x7f && c !== QUOTE && c !== 0x5c;
      piece[at++] = c;
    }
    if (plain) {
      piece[at++] = QUOTE;
      w.used = at;
      return;
    }
  }
  put(w, quoted(text));
}

/** Decimals with four places are written without a string: lots of 0.0001 and coordinates have no more. */
const PLACES = 4;
const ONE = 10 ** PLACES;

/** Number::toString of ECMA-262, which is what RFC 8785 asks for. */
function writeNumber(w: Writer, x: number): void {
  if (!Number.isFinite(x)) throw new TypeError(`no canonical JSON: ${x}`);
  if (w.used + 20 > PIECE) flush(w);
  if (Number.isSafeInteger(x) && x >= 0) {
    writeWhole(w, x);
    return;
  }
  // decimals of up to fifteen digits have doubles of their own, so no shorter one can mean x
  const units = Math.round(x * ONE);
  if (!(units >= 1 && units < 1e15 && units / ONE === x)) {
    put(w, String(x));
    return;
  }
  const whole = Math.floor(units / ONE);
  writeWhole(w, whole);
  w.piece[w.used++] = POINT;
  let part = units - ONE * whole;
  let places = PLACES;
  while (part % 10 === 0) {
    part /= 10;
    places--;
  }
  writeDigits(w, part, places);
}

const BILLION = 1e9;

function writeWhole(w: Writer, x: number): void {
  if (x >= BILLION) {
    const billions = Math.floor(x / BILLION);
    writeWhole(w, billions);
    writeDigits(w, x - BILLION * billions, 9);
    return;
  }
  let digits = 1;
  for (let limit = 10; x >= limit; limit *= 10) digits++;
  writeDigits(w, x, digits);
}

/** The last so many digits of a whole number below 2^31. */
function writeDigits(w: Writer, x: number, digits: number): void {
  let rest = x | 0;
  for (let at = w.used + digits - 1; at >= w.used; at--) {
    const tenth = (rest / 10) | 0;
    w.piece[at] = 0x30 + rest - 10 * tenth;
    rest = tenth;
  }
  w.used += digits;
}

function putByte(w: Writer, byte: number): void {
  if (w.used === PIECE) flush(w);
  w.piece[w.used++] = byte;
}

/** Text of any length; what is not ASCII goes through the encoder. */
function put(w: Writer, text: string): void {
  if (w.used + text.length > PIECE) flush(w);
  if (text.length <= PIECE) {
    let at = w.used;
    let ascii = true;
    for (let i = 0; i < text.length && ascii; i++) {
      const c = text.charCodeAt(i);
      ascii = c < 0x80;
      w.piece[at++] = c;
    }
    if (ascii) {
      w.used = at;
      return;
    }
  }
  flush(w);
  w.send(encoder.encode(text));
}

function flush(w: Writer): void {
  if (w.used > 0) w.send(w.piece.subarray(0, w.used));
  w.used = 0;
}
