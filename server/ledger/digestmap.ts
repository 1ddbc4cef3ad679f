/**
 * Whole numbers by SHA-256 digest, in flat arrays: 55 to 110 bytes an entry, and nothing for the collector to trace. A Map from
 * digests in hex takes 250, which for a million entries is more memory than a verifier may use.
 */
export interface DigestMap {
  /** Digests are 64 lowercase hexadecimal digits or 32 bytes; what is no digest is not in the map. */
  get(digest: string | Uint8Array): number | undefined;
  /** Sets the number of a digest; returns its place, by which `digestAt` gives it back. Throws RangeError for what is no digest. */
  set(digest: string | Uint8Array, value: number): number;
  /** The place of a digest that is in the map, else −1. */
  placeOf(digest: string | Uint8Array): number;
  digestAt(place: number): string;
  size(): number;
}

/** 32-bit words of a digest. */
const WORDS = 8;

/** Value of a hexadecimal digit by character code; 255 for any other character. */
const nibble = new Uint8Array(128).fill(255);
for (let i = 0; i < 16; i++) nibble['0123456789abcdef'.charCodeAt(i)] = i;

export function newDigestMap(): DigestMap {
  // who writes the log chooses digests, but not these
  const seeds = Int32Array.from({ length: WORDS }, () => Math.floor(Math.random() * 2 ** 32) | 1);
  let words = new Uint32Array(WORDS * 16);
  let values = new Float64Array(16);
  /** Places plus one, 0 where free; a power of two, at most half full. */
  let table = new Int32Array(32);
  let count = 0;
  const key = new Uint32Array(WORDS);

  /** Into `key`; false for what is no digest. */
  function read(digest: string | Uint8Array): boolean {
    if (digest.length !== (typeof digest === 'string' ? 8 : 4) * WORDS) return false;
    for (let w = 0; w < WORDS; w++) {
      let word = 0;
      if (typeof digest === 'string')
        for (let i = 8 * w; i < 8 * w + 8; i++) {
          const digit = nibble[digest.charCodeAt(i)] ?? 255;
          if (digit > 15) return false;
          word = (word << 4) | digit;
        }
      else for (let i = 4 * w; i < 4 * w + 4; i++) word = (word << 8) | digest[i]!;
      key[w] = word;
    }
    return true;
  }

  const slotOf = (from: Uint32Array, at: number): number => {
    let hash = 0;
    for (let w = 0; w < WORDS; w++) hash = (hash + Math.imul(from[at + w]!, seeds[w]!)) | 0;
    return (hash ^ (hash >>> 15)) & (table.length - 1);
  };

  /** Where the key is, or the free slot where it belongs. */
  function find(): number {
    for (let slot = slotOf(key, 0); ; slot = (slot + 1) & (table.length - 1)) {
      const place = table[slot]! - 1;
      if (place < 0) return slot;
      let w = 0;
      while (w < WORDS && words[place * WORDS + w] === key[w]) w++;
      if (w === WORDS) return slot;
    }
  }

  function grow(): void {
    const old = { words, values };
    words = new Uint32Array(old.words.length * 2);
    words.set(old.words);
    values = new Float64Array(old.values.length * 2);
    values.set(old.values);
    table = new Int32Array(table.length * 2);
    for (let place = 0; place < count; place++) {
      let slot = slotOf(words, place * WORDS);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = place + 1;
    }
  }

  function placeOf(digest: string | Uint8Array): number {
    return read(digest) ? table[find()]! - 1 : -1;
  }

  return {
    placeOf,
    get(digest) {
      const place = placeOf(digest);
      return place < 0 ? undefined : values[place];
    },
    set(digest, value) {
      if (!read(digest)) throw new RangeError(`not a digest: ${digest}`);
      if (count === values.length) grow();
      const slot = find();
      if (table[slot] === 0) {
        words.set(key, count * WORDS);
        table[slot] = ++count;
      }
      const place = table[slot]! - 1;
      values[place] = value;
      return place;
    },
    digestAt: (place) =>
      Array.from(words.subarray(place * WORDS, (place + 1) * WORDS), (w) => w.toString(16).padStart(8, '0')).join(''),
    size: () => count,
  };
}
