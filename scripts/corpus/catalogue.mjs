// Reads compiled gettext catalogues (.mo). A catalogue comes from a package, so it is foreign: every offset is checked
// before it is followed, and what it may hold is bounded.

/**
 * @typedef {object} Message
 * @property {string} [context] what `msgctxt` was
 * @property {string} source
 * @property {boolean} plural whether the message has plural forms; `source` and `target` are those of one thing
 * @property {string} target
 */

const magic = 0x950412de;
const largestCatalogue = 64 * 2 ** 20;
/** Strings may overlap in a made-up catalogue; real ones decode to less than they are long. */
const mostDecoded = 2 * largestCatalogue;

/**
 * The messages of a catalogue with their translations, in its order (sorted by source). Of plural forms the first is
 * taken, which is that of one thing, unless the language counts otherwise (Arabic's first form is that of nothing).
 * @param {Uint8Array} bytes
 * @returns {Message[]}
 * @throws {RangeError} a sentence without a subject, if the bytes are no catalogue
 */
export function readCatalogue(bytes) {
  if (bytes.length < 28) throw new RangeError('is too short for a catalogue');
  if (bytes.length > largestCatalogue) throw new RangeError('is longer than 64 MiB');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint32(0, true) === magic;
  if (!little && view.getUint32(0, false) !== magic)
    throw new RangeError('does not begin as a catalogue does');
  /** @param {number} offset */
  const number = (offset) => {
    if (offset + 4 > bytes.length) throw new RangeError('ends in the middle of its tables');
    return view.getUint32(offset, little);
  };
  const revision = number(4) >>> 16;
  if (revision > 1) throw new RangeError(`is of revision ${revision}, which nobody has defined yet`);
  const count = number(8);
  const sources = number(12);
  const targets = number(16);
  if (count * 8 > bytes.length) throw new RangeError('claims more messages than it has room for');

  let decoded = 0;
  /** @param {number} table @param {number} index */
  const slice = (table, index) => {
    const length = number(table + 8 * index);
    const start = number(table + 8 * index + 4);
    if (start + length > bytes.length) throw new RangeError('refers to text behind its end');
    decoded += length;
    if (decoded > mostDecoded) throw new RangeError('holds the same text too many times');
    return bytes.subarray(start, start + length);
  };

  const header = headerOf(count, (index) => [slice(sources, index), slice(targets, index)]);
  const decoder = decoderFor(/charset=([\w:.-]+)/i.exec(header)?.[1] ?? 'utf-8');
  const firstIsOne = !/plural=\s*\(?\s*n\s*==\s*0\s*\?\s*0/.test(header);
  /** @type {Message[]} */
  const messages = [];
  for (let index = 0; index < count; index++) {
    const key = decoder.decode(slice(sources, index));
    const value = decoder.decode(slice(targets, index));
    const [id = '', pluralId] = key.split('\0');
    const border = id.indexOf('\x04');
    const source = border < 0 ? id : id.slice(border + 1);
    const plural = pluralId !== undefined;
    const target = value.split('\0')[0] ?? '';
    if (source === '' || target === '' || (plural && !firstIsOne)) continue;
    messages.push({ ...(border < 0 ? {} : { context: id.slice(0, border) }), source, plural, target });
  }
  return messages;
}

/**
 * The translation of the empty message: lines such as `Content-Type: text/plain; charset=UTF-8`.
 * @param {number} count
 * @param {(index: number) => [Uint8Array, Uint8Array]} pair
 */
function headerOf(count, pair) {
  if (count === 0) return '';
  // Sources are sorted, and nothing comes before nothing.
  const [source, target] = pair(0);
  return source.length === 0 ? new TextDecoder('latin1').decode(target) : '';
}

/** A decoder turns broken bytes into U+FFFD, which the filters drop. @param {string} charset */
function decoderFor(charset) {
  try {
    return new TextDecoder(charset);
  } catch {
    throw new RangeError(`is in an encoding called “${charset}”, which is not known`);
  }
}
