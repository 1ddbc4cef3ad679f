/**
 * What belongs to the entries and is no entry (contents with their salts, names, idempotency keys, earlier checkpoints)
 * as records in plain files beside the tiles: u32 length ‖ 8 bytes of SHA-256 ‖ u8 length of key ‖ key ‖ value.
 */
import { concat, same } from './bytes.js';
import { sha256 } from './hash.js';

export interface PackRecord {
  key: Uint8Array;
  value: Uint8Array;
}

const headBytes = 12;

export function formatRecords(records: readonly PackRecord[]): Uint8Array {
  return concat(
    ...records.flatMap(({ key, value }) => {
      const body = concat(Uint8Array.of(key.length), key, value);
      const head = new Uint8Array(headBytes);
      new DataView(head.buffer).setUint32(0, body.length);
      head.set(sha256(body).subarray(0, 8), 4);
      return [head, body];
    }),
  );
}

/** The whole and undamaged records at the front of the bytes, and how many bytes they take. */
export function parseRecords(bytes: Uint8Array): { records: PackRecord[]; length: number } {
  const records: PackRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + headBytes < bytes.length) {
    const end = at + headBytes + view.getUint32(at);
    if (end > bytes.length) break;
    const body = bytes.subarray(at + headBytes, end);
    const keyLength = body[0] ?? 0;
    if (keyLength === 0 || keyLength >= body.length) break;
    if (!same(sha256(body).subarray(0, 8), bytes.subarray(at + 4, at + headBytes))) break;
    records.push({ key: body.subarray(1, 1 + keyLength), value: body.subarray(1 + keyLength) });
    at = end;
  }
  return { records, length: at };
}
