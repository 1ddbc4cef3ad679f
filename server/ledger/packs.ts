/**
 * What belongs to the entries and is no entry (contents with their salts, names, idempotency keys, earlier checkpoints)
 * as records in plain files beside the tiles: u32 length ‖ 8 bytes of SHA-256 ‖ u8 length of key ‖ key ‖ value.
 */
import { same } from './bytes.js';
import { sha256 } from './hash.js';

export interface PackRecord {
  key: Uint8Array;
  value: Uint8Array;
}

const headBytes = 12;

export function formatRecords(records: readonly PackRecord[]): Uint8Array {
  let length = 0;
  for (const { key, value } of records) length += headBytes + 1 + key.length + value.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { key, value } of records) {
    const start = at + headBytes;
    const end = start + 1 + key.length + value.length;
    bytes[start] = key.length;
    bytes.set(key, start + 1);
    bytes.set(value, start + 1 + key.length);
    view.setUint32(at, end - start);
    bytes.set(sha256(bytes.subarray(start, end)).subarray(0, 8), at + 4);
    at = end;
  }
  return bytes;
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
