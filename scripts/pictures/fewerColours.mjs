// `node scripts/pictures/fewerColours.mjs docs/images/attention.png …`: writes pictures anew with at most 256 colours, a
// byte a pixel: a screenshot is then a half to a third as large. Colours of grounds and lines stay exactly as they are;
// shades of smoothed letters go to their nearest neighbours, without the dots that would be seen and do not compress.
// Prints sizes, and how far colours went. PNG Specification (Third Edition), §9 and §11.2.
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const most = 256;
/** A colour that covers so much of the picture is no shade: it stays. */
const covering = 1 / 2000;
const rounds = 12;

/** @typedef {readonly [red: number, green: number, blue: number]} Colour */
/** @typedef {{ width: number, height: number, pixels: Uint8Array }} Picture three bytes a pixel */

/** @param {Buffer} png @returns {Picture} */
function decode(png) {
  const header = png.subarray(16, 29);
  const [width, height, depth, type, interlaced] = [
    ...[header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9], header[12]],
  ];
  const channels = { 2: 3, 3: 1, 6: 4 }[Number(type)];
  if (depth !== 8 || interlaced !== 0 || channels === undefined)
    throw new Error('Only pictures of eight bits, in colours or with a palette, not interlaced.');
  /** @type {Buffer[]} */
  const parts = [];
  let palette = Buffer.alloc(0);
  for (let at = signature.length; at < png.length;) {
    const [length, name] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    const data = png.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') parts.push(data);
    if (name === 'PLTE') palette = Buffer.from(data);
    if (name === 'acTL') throw new Error('A picture that moves has more than one.');
    at += length + 12;
  }
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), Number(width) * channels, channels);
  const pixels = new Uint8Array(3 * Number(width) * Number(height));
  for (let pixel = 0; 3 * pixel < pixels.length; pixel++) {
    const from = type === 3 ? palette.subarray(3 * (rows[pixel] ?? 0)) : rows.subarray(channels * pixel);
    pixels.set(from.subarray(0, 3), 3 * pixel);
  }
  return { width: Number(width), height: Number(height), pixels };
}

/** §9.2. @param {Buffer} bytes @param {number} stride bytes of a row @param {number} channels */
function unfiltered(bytes, stride, channels) {
  const height = bytes.length / (stride + 1);
  const rows = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = bytes[row * (stride + 1)];
    for (let at = 0; at < stride; at++) {
      const left = at < channels ? 0 : (rows[row * stride + at - channels] ?? 0);
      const above = row === 0 ? 0 : (rows[(row - 1) * stride + at] ?? 0);
      const corner = row === 0 || at < channels ? 0 : (rows[(row - 1) * stride + at - channels] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][Number(filter)];
      rows[row * stride + at] = (bytes[row * (stride + 1) + 1 + at] ?? 0) + (guess ?? 0);
    }
  }
  return rows;
}

/** @param {number} left @param {number} above @param {number} corner */
function paeth(left, above, corner) {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** How many pixels each colour has, by its 24 bits. @param {Picture} picture */
function countsOf({ pixels }) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 3) {
    const key = keyOf(pixels, at);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** @param {Uint8Array} pixels @param {number} at */
const keyOf = (pixels, at) =>
  ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);
/** @param {number} key @returns {Colour} */
const colourOf = (key) => [key >> 16, (key >> 8) & 255, key & 255];
/** @param {Colour} one @param {Colour} other */
const squared = (one, other) =>
  (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;

/** @param {readonly Colour[]} palette @param {Colour} colour */
function nearest(palette, colour) {
  let [best, least] = [0, Infinity];
  for (const [index, candidate] of palette.entries()) {
    const distance = squared(candidate, colour);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/**
 * What covers much, and for the rest the means of those that lie together: each next beginning is the colour that is
 * farthest from all before, then Lloyd's iterations.
 *
 * @param {ReadonlyMap<number, number>} counts
 * @returns {Colour[]}
 */
function paletteOf(counts) {
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  if (sorted.length <= most) return sorted.map(([key]) => colourOf(key));
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const fixed = sorted.filter(([, count]) => count > covering * all).slice(0, most >> 1);
  const rest = sorted.slice(fixed.length).map(([key, count]) => ({ colour: colourOf(key), count }));
  const palette = fixed.map(([key]) => colourOf(key));
  const distances = rest.map(({ colour }) =>
    Math.min(...palette.map((one) => squared(one, colour)), 3 * 255 ** 2),
  );
  while (palette.length < most) {
    const weights = distances.map((distance, index) => distance * Math.sqrt(rest[index]?.count ?? 0));
    const chosen = rest[weights.indexOf(weights.reduce((one, other) => Math.max(one, other)))]?.colour;
    if (chosen === undefined) break;
    palette.push(chosen);
    for (const [index, { colour }] of rest.entries())
      distances[index] = Math.min(distances[index] ?? 0, squared(chosen, colour));
  }
  for (let round = 0; round < rounds; round++) {
    const sums = palette.map(() => [0, 0, 0, 0]);
    for (const { colour, count } of rest) {
      const sum = sums[nearest(palette, colour)] ?? [];
      [...colour, 1].forEach((value, part) => (sum[part] = (sum[part] ?? 0) + value * count));
    }
    for (const [index, [red = 0, green = 0, blue = 0, count = 0]] of sums.entries()) {
      if (index < fixed.length || count === 0) continue;
      palette[index] = [Math.round(red / count), Math.round(green / count), Math.round(blue / count)];
    }
  }
  return palette;
}

/** @param {Picture} picture @param {Map<number, number>} indices @param {readonly Colour[]} palette */
function encode({ width, height, pixels }, indices, palette) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const row = Math.floor(pixel / width);
    rows[pixel + row + 1] = indices.get(keyOf(pixels, 3 * pixel)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

for (const file of process.argv.slice(2)) {
  const before = readFileSync(file);
  const picture = decode(before);
  const counts = countsOf(picture);
  const palette = paletteOf(counts);
  /** @type {Map<number, number>} */
  const indices = new Map();
  let [sum, farthest] = [0, 0];
  for (const [key, count] of counts) {
    const index = nearest(palette, colourOf(key));
    indices.set(key, index);
    const distance = squared(palette[index] ?? [0, 0, 0], colourOf(key));
    sum += distance * count;
    farthest = Math.max(farthest, Math.sqrt(distance));
  }
  const after = encode(picture, indices, palette);
  const error = Math.sqrt(sum / (picture.width * picture.height)).toFixed(2);
  process.stdout.write(
    `${file}: ${before.length} → ${after.length} bytes, ${counts.size} → ${palette.length} colours, of 255 apart ${error} on average and ${farthest.toFixed(0)} at most\n`,
  );
  if (after.length < before.length) writeFileSync(file, after);
}
