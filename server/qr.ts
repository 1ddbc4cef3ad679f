/**
 * QR codes (ISO/IEC 18004) of short texts: bytes, level L, versions 1 to 14. For the receipt on a printed brief; a package that does
 * all of the standard is seven kilobytes of the page's eighty. Imports nothing, as it runs in the browser.
 */

/** By version from 1: codewords of error correction a block, blocks, codewords of data. */
const VERSIONS: readonly (readonly [number, number, number])[] = [
  ...([
    [7, 1, 19],
    [10, 1, 34],
    [15, 1, 55],
    [20, 1, 80],
    [26, 1, 108],
    [18, 2, 136],
    [20, 2, 156],
  ] as const),
  ...([
    [24, 2, 194],
    [30, 2, 232],
    [18, 4, 274],
    [20, 4, 324],
    [24, 4, 370],
    [26, 4, 428],
    [30, 4, 461],
  ] as const),
];

/** Whether a module is dark, row by row; a square. Throws a RangeError where the text has more than 458 bytes of UTF-8. */
export function qrModules(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + VERSIONS.findIndex(([, , data], i) => bytes.length + (i < 9 ? 2 : 3) <= data);
  if (version === 0) throw new RangeError(`a text of ${bytes.length} bytes does not fit a QR code of version 14-L`);
  const { modules, fixed } = functionPatterns(version);
  const words = interleave(dataWords(bytes, version), version);
  placeWords(modules, fixed, words);
  const masked = Array.from({ length: 8 }, (_, mask) => withMask(modules, fixed, mask));
  return masked.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

function dataWords(bytes: Uint8Array, version: number): number[] {
  const total = VERSIONS[version - 1]![2];
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4); // byte mode
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, total * 8 - bits.length));
  while (bits.length % 8 > 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => 2 * byte + bit, 0),
  );
  for (let pad = 0xec; words.length < total; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Blocks with their error correction, a word of each in turn. */
function interleave(words: readonly number[], version: number): number[] {
  const [ec, count, total] = VERSIONS[version - 1]!;
  const short = Math.floor(total / count);
  const long = total % count;
  let at = 0;
  const blocks = Array.from({ length: count }, (_, i) => {
    const length = short + (i >= count - long ? 1 : 0);
    at += length;
    return words.slice(at - length, at);
  });
  const corrections = blocks.map((block) => remainder(block, ec));
  const turns = (lists: readonly number[][], length: number) =>
    Array.from({ length }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
  return [...turns(blocks, short + 1), ...turns(corrections, ec)];
}

/** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> i) & 1) * a);
  return product;
}

/** Reed–Solomon: data · x^n modulo (x − 1)(x − 2)(x − 4)…, n factors. */
function remainder(data: readonly number[], n: number): number[] {
  let divisor = [1];
  for (let i = 0, root = 1; i < n; i++, root = times(root, 2))
    divisor = [...divisor, 0].map((one, j) => one ^ (j > 0 ? times(divisor[j - 1]!, root) : 0));
  let rest: number[] = Array(n).fill(0);
  for (const word of data) {
    const factor = word ^ rest[0]!;
    rest = [...rest.slice(1), 0].map((one, j) => one ^ times(divisor[j + 1]!, factor));
  }
  return rest;
}

interface Square {
  modules: boolean[][];
  /** What is no data. */
  fixed: boolean[][];
}

function functionPatterns(version: number): Square {
  const size = 17 + 4 * version;
  const square = () => Array.from({ length: size }, (): boolean[] => Array(size).fill(false));
  const [modules, fixed] = [square(), square()];
  const set = (row: number, column: number, dark: boolean) => {
    if (modules[row]?.[column] === undefined) return;
    modules[row][column] = dark;
    fixed[row]![column] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const rings = (row: number, column: number, radius: number, dark: (ring: number) => boolean) => {
    for (let r = -radius; r <= radius; r++)
      for (let c = -radius; c <= radius; c++) set(row + r, column + c, dark(Math.max(Math.abs(r), Math.abs(c))));
  };
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    rings(row, column, 4, (ring) => ring !== 2 && ring !== 4);
  const centres = alignments(version, size);
  for (const row of centres)
    for (const column of centres) {
      const inFinder = (row === 6 && (column === 6 || column === size - 7)) || (column === 6 && row === size - 7);
      if (!inFinder) rings(row, column, 2, (ring) => ring !== 1);
    }
  placeFormat(set, size, 0);
  if (version >= 7) {
    const info = coded(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [far, near] = [size - 11 + (i % 3), Math.floor(i / 3)];
      set(far, near, ((info >>> i) & 1) === 1);
      set(near, far, ((info >>> i) & 1) === 1);
    }
  }
  return { modules, fixed };
}

function alignments(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - step * i)];
}

/** value · x^n and its remainder by the generator, whose highest power is n. */
function coded(value: number, n: number, generator: number): number {
  let rest = value;
  for (let i = 0; i < n; i++) rest = (rest << 1) ^ ((rest >>> (n - 1)) * generator);
  return (value << n) | rest;
}

function placeFormat(set: (row: number, column: number, dark: boolean) => void, size: number, mask: number): void {
  const bits = coded((1 << 3) | mask, 10, 0x537) ^ 0x5412; // level L is 01
  for (let i = 0; i < 15; i++) {
    const dark = ((bits >>> i) & 1) === 1;
    const near = i < 6 ? i : i < 8 ? i + 1 : 14 - i;
    if (i < 8) set(near, 8, dark);
    else set(8, i === 8 ? 7 : near, dark);
    if (i < 8) set(8, size - 1 - i, dark);
    else set(size - 15 + i, 8, dark);
  }
  set(size - 8, 8, true);
}

/** Two columns at a time, from the right, up and down in turn. */
function placeWords(modules: boolean[][], fixed: boolean[][], words: readonly number[]): void {
  const size = modules.length;
  let i = 0;
  for (let right = size - 1; right >= 1; right -= right === 8 ? 3 : 2)
    for (let step = 0; step < size; step++)
      for (const column of [right, right - 1]) {
        const up = ((right + (right < 6 ? 1 : 0)) & 2) === ((size - 1) & 2);
        const row = up ? size - 1 - step : step;
        if (fixed[row]![column]) continue;
        modules[row]![column] = (((words[i >>> 3] ?? 0) >>> (7 - (i & 7))) & 1) === 1;
        i++;
      }
}

const MASKS: readonly ((row: number, column: number) => number)[] = [
  (r, c) => (r + c) % 2,
  (r) => r % 2,
  (_, c) => c % 3,
  (r, c) => (r + c) % 3,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2,
  (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];

function withMask(modules: readonly boolean[][], fixed: readonly boolean[][], mask: number): boolean[][] {
  const is = MASKS[mask]!;
  const result = modules.map((row, r) => row.map((dark, c) => (fixed[r]![c] ? dark : dark !== (is(r, c) === 0))));
  placeFormat(
    (r, c, dark) => {
      result[r]![c] = dark;
    },
    modules.length,
    mask,
  );
  return result;
}

/** Long runs and squares of one colour are hard to read; the other two rules of the standard say little more of short texts. */
function penalty(modules: readonly boolean[][]): number {
  let sum = 0;
  const n = modules.length;
  for (const at of [(i: number, j: number) => modules[i]![j]!, (i: number, j: number) => modules[j]![i]!])
    for (let i = 0; i < n; i++)
      for (let j = 1, run = 1; j <= n; j++) {
        if (j < n && at(i, j) === at(i, j - 1)) run++;
        else {
          if (run >= 5) sum += run - 2;
          run = 1;
        }
      }
  for (let i = 1; i < n; i++)
    for (let j = 1; j < n; j++) {
      const dark = modules[i]![j]!;
      if (dark === modules[i - 1]![j] && dark === modules[i]![j - 1] && dark === modules[i - 1]![j - 1]) sum += 3;
    }
  return sum;
}
