// Joins pictures into one that moves: an animated PNG, lossless and shown by every browser; what knows no animation
// shows the first picture. PNG Specification (Third Edition), §4.9 and §11.3.6.
import { crc32 } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * @param {readonly { png: Buffer, milliseconds: number }[]} frames all of one size and colour type, as one browser
 *   writes them; repeated without end
 * @returns {Buffer}
 */
export function animatedPng(frames) {
  const [first] = frames;
  if (first === undefined) throw new Error('An animation needs a picture.');
  const header = chunksOf(first.png).find(({ type }) => type === 'IHDR')?.data;
  if (header === undefined) throw new Error('The first picture is no PNG.');
  let sequence = 0;
  const parts = [signature, chunk('IHDR', header), chunk('acTL', numbers(frames.length, 0))];
  for (const [index, { png, milliseconds }] of frames.entries()) {
    const chunks = chunksOf(png);
    if (chunks.find(({ type }) => type === 'IHDR')?.data.equals(header) !== true) {
      throw new Error(`Picture ${index + 1} has not the size and colours of the first.`);
    }
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence++, 0);
    header.copy(control, 4, 0, 8);
    control.writeUInt16BE(milliseconds, 20);
    control.writeUInt16BE(1000, 22);
    parts.push(chunk('fcTL', control));
    for (const { type, data } of chunks) {
      if (type !== 'IDAT') continue;
      // The first frame is the picture that every reader knows; the others are numbered.
      if (index === 0) parts.push(chunk('IDAT', data));
      else parts.push(chunk('fdAT', Buffer.concat([numbers(sequence++), data])));
    }
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** @param {Buffer} png @returns {{ type: string, data: Buffer }[]} */
function chunksOf(png) {
  const chunks = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

/** @param {number[]} values */
function numbers(...values) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}
