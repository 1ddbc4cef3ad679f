/** Rows of byte strings between two processes: u32 length of what follows ‖ u32 number ‖ (u32 length ‖ bytes)*. */

/** Stand in the place of a length. */
const absent = 0xffff_ffff;
const unsent = 0xffff_fffe;

/** A value that was left out, as the answer was large enough without it. */
export const notSent = Symbol('not sent');

export type Part = Uint8Array | undefined | typeof notSent;

export function formatFrame(id: number, parts: readonly Part[]): Uint8Array {
  let length = 8;
  for (const part of parts) length += 4 + (part instanceof Uint8Array ? part.length : 0);
  const frame = new Uint8Array(length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length - 4);
  view.setUint32(4, id);
  let at = 8;
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      view.setUint32(at, part.length);
      frame.set(part, at + 4);
      at += part.length;
    } else view.setUint32(at, part === undefined ? absent : unsent);
    at += 4;
  }
  return frame;
}

/** Takes a stream in chunks and hands on each whole frame; its parts are views of one buffer. */
export function frameReader(take: (id: number, parts: Part[]) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 4;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      take(bytes.readUInt32BE(4), partsOf(bytes.subarray(8, end)));
      bytes = bytes.subarray(end);
    }
    chunks = [bytes];
    held = bytes.length;
    needed = held < 4 ? 4 : 4 + bytes.readUInt32BE(0);
  };
}

function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    at += 4;
    if (length === absent) parts.push(undefined);
    else if (length === unsent) parts.push(notSent);
    else {
      // Not a Buffer: its slice() would be a view.
      parts.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at, length));
      at += length;
    }
  }
  return parts;
}
