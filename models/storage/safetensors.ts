/**
 * The safetensors format (https://github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header, the numbers. Files may come from anywhere, so that everything the header says is checked.
 */
import { parseStrictJson } from '../text/strictJson';
import { shorten, show, UserError } from '../userError';
import { fromFloat16, toFloat16 } from './float16';
import { readForeignFile } from './foreignFile';

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type StoredType = 'F32' | 'F16';

const bytesPerElement: Record<StoredType, number> = { F32: 4, F16: 2 };
const longestHeader = 16 * 1024 * 1024;
const alignment = 8;
const metadataKey = '__metadata__';

/** A file's chunks, in order. float16 rounds to nearest; values that float16 cannot hold are an error. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  type: StoredType,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const end = offset + values.length * bytesPerElement[type];
    header.push([name, { dtype: type, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // fromEntries makes properties of its own, even of a name like __proto__.
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const json = Buffer.alloc(Math.ceil(text.length / alignment) * alignment, ' ');
  text.copy(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return [length, json, ...[...tensors].map(([name, { values }]) => elementBytes(name, values, type))];
}

function elementBytes(name: string, values: Float32Array, type: StoredType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    halves[i] = toFloat16(values[i]!);
    if ((halves[i]! & 0x7c00) === 0x7c00) {
      throw new UserError(`“${name}” holds ${values[i]!}, which float16 cannot: its training has diverged.`);
    }
  }
  return new Uint8Array(halves.buffer);
}

/** The longest file that is read: what Node reads at once. */
const longestFile = 2 ** 31 - 1;

/**
 * The most bytes that a file with so many elements can have. Asked before a file is read, so that one that is too long
 * takes no memory.
 */
export function mostBytesFor(elements: number): number {
  return Math.min(longestFile, 8 + longestHeader + elements * bytesPerElement.F32);
}

/**
 * Every tensor of a file as float32. A UserError names the file and what is wrong with it.
 *
 * @param mostBytes a longer file is refused unread
 */
export async function readSafetensors(
  file: string,
  mostBytes = longestFile,
): Promise<Map<string, StoredTensor>> {
  return decodeSafetensors(await readForeignFile(file, { mostBytes }), file);
}

/** @param where names the file in errors */
export function decodeSafetensors(bytes: Uint8Array, where: string): Map<string, StoredTensor> {
  const { header, dataStart } = readHeader(bytes, where);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => ({ name, entry: checkEntry(value, data.length, nameIn(where, name)) }));
  // Before any is copied: a thousand tensors in one place would take the place of a thousand.
  checkCover(
    entries.map(({ entry }) => entry),
    data.length,
    where,
  );
  const tensors = new Map<string, StoredTensor>();
  for (const { name, entry } of entries) {
    const values = readElements(data, entry);
    if (!values.every(Number.isFinite))
      throw new UserError(`${nameIn(where, name)} holds numbers that are not finite.`);
    tensors.set(name, { shape: entry.shape, values });
  }
  return tensors;
}

function nameIn(where: string, tensor: string): string {
  return `${where}: “${shorten(tensor)}”`;
}

function readHeader(
  bytes: Uint8Array,
  where: string,
): { header: Record<string, unknown>; dataStart: number } {
  const fail = (what: string): never => {
    throw new UserError(`${where} is no safetensors file, or a damaged one: ${what}.`);
  };
  if (bytes.length < 8) fail('it is shorter than eight bytes');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(longestHeader, bytes.length - 8)))
    fail(`its header would be ${length} bytes long`);
  const dataStart = 8 + Number(length);
  let header: unknown;
  try {
    header = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch (error) {
    fail(`its header is no sound JSON (${(error as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    fail('its header is not an object');
  return { header: header as Record<string, unknown>, dataStart };
}

interface Entry {
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function checkEntry(value: unknown, dataLength: number, where: string): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (dtype !== 'F32' && dtype !== 'F16')
    throw new UserError(`${where} is of type ${show(dtype)}; F32 and F16 are read.`);
  if (!isCounts(shape)) throw new UserError(`${where} has no valid shape.`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]! || offsets[1]! > dataLength) {
    throw new UserError(`${where} points outside the file.`);
  }
  const expected = shape.reduce((count, dimension) => count * dimension, 1) * bytesPerElement[dtype];
  if (offsets[1]! - offsets[0]! !== expected) {
    const stored = offsets[1]! - offsets[0]!;
    throw new UserError(
      `${where} has shape [${shorten(shape.join(', '))}], which needs ${expected} bytes, not ${stored}.`,
    );
  }
  return { type: dtype, shape, start: offsets[0]!, end: offsets[1]! };
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((element) => Number.isSafeInteger(element) && (element as number) >= 0)
  );
}

/** Copies, since offsets need not be aligned (`slice` would not do: a Buffer's is no copy). */
function readElements(data: Uint8Array, { type, start, end }: Entry): Float32Array {
  const { buffer } = new Uint8Array(data.subarray(start, end));
  return type === 'F32' ? new Float32Array(buffer) : fromFloat16(new Uint16Array(buffer));
}

/** The tensors must fill the file without holes or overlaps, as the format asks. */
function checkCover(entries: readonly Entry[], length: number, where: string): void {
  let covered = 0;
  for (const { start, end } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      throw new UserError(`${where}: its tensors overlap or leave holes at byte ${covered}.`);
    covered = end;
  }
  if (covered !== length) throw new UserError(`${where}: ${length - covered} bytes belong to no tensor.`);
}
