/** Pictures as a camera would make them, by a PNG writer of our own (ISO 15948), and the size of a JPEG by its frame header. */
import { crc32, deflateSync } from 'node:zlib';

/** A sky over a field with some grain; `grain` from 0 to 255. */
export function photoPng(width: number, height: number, grain: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  let seed = 1;
  const noise = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 24) % (grain + 1);
  };
  for (let y = 0, at = 0; y < height; y++) {
    at++; // filter 0
    for (let x = 0; x < width; x++)
      for (const level of y < height / 2 ? [120, 160, 220] : [90, 140 + (x % 32), 60])
        rows[at++] = Math.min(255, level + noise());
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // eight bits, RGB
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** Width and height by SOF0 or SOF2 (ITU T.81, B.2.2). */
export function sizeOfJpeg(bytes: Buffer): [number, number] {
  if (bytes.readUInt16BE(0) !== 0xffd8) throw new Error('no JPEG');
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker === 0xffc0 || marker === 0xffc2) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  throw new Error('a JPEG without a frame');
}
