/** Our QR codes against those of qrcode-generator, module by module once the mask that each chose is taken off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import qrcode from 'qrcode-generator';
import { qrModules } from '../server/qr.js';

/** Masks as the standard states them (ISO/IEC 18004, table 10). */
const MASKS: ((i: number, j: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

/** The five bits of level and mask, from row 8, the mask of the format taken off. */
function formatOf(modules: boolean[][]): number {
  const [bits] = [[0, 1, 2, 3, 4].map((column) => (modules[8]![column] ? 1 : 0))];
  return bits!.reduce((value: number, bit) => 2 * value + bit, 0) ^ 0b10101;
}

function theirs(text: string): boolean[][] {
  const code = qrcode(0, 'L');
  code.addData(Buffer.from(text, 'utf8').toString('latin1'), 'Byte');
  code.make();
  const n = code.getModuleCount();
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => code.isDark(i, j)));
}

test('QR codes carry what another implementation carries, at every version', () => {
  const versions = new Set<number>();
  for (let length = 1; length <= 458; length += length < 20 ? 1 : 7) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 31 + length * 7) % 90))).join('');
    const [own, other] = [qrModules(text), theirs(text)];
    assert.equal(own.length, other.length, `${length} bytes`);
    versions.add((own.length - 17) / 4);
    const [ownFormat, otherFormat] = [formatOf(own), formatOf(other)];
    assert.equal(ownFormat >> 3, 1, 'level L');
    const [a, b] = [MASKS[ownFormat & 7]!, MASKS[otherFormat & 7]!];
    let differ = 0;
    let unmasked = 0;
    const n = own.length;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const format = (i === 8 && (j < 9 || j >= n - 8)) || (j === 8 && (i < 9 || i >= n - 8));
        if (format) continue;
        const [x, y] = [own[i]![j]!, other[i]![j]!];
        // data differ exactly where the masks do; what is fixed does not differ at all
        if ((x !== y) === (a(i, j) !== b(i, j))) unmasked++;
        else if (x !== y) differ++;
      }
    assert.equal(differ, 0, `${length} bytes: modules that no mask explains`);
    // the rest are patterns on which the masks would differ and the codes do not
    const fixed = n * n - unmasked - differ;
    assert.ok(fixed < 600 + 20 * n, `${length} bytes: ${fixed} modules are not as the other's data`);
  }
  assert.deepEqual(
    [...versions].sort((x, y) => x - y),
    Array.from({ length: 14 }, (_, i) => i + 1),
  );
});

test('a text that does not fit is refused; one in UTF-8 is its bytes', () => {
  assert.throws(() => qrModules('x'.repeat(459)), RangeError);
  assert.equal(qrModules('é'.repeat(229)).length, 17 + 4 * 14);
});
