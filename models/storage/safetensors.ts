/**
 * The safetensors format (https://github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header, the numbers. Files may come from anywhere, so that everything the header says is checked.
 */
import { parseStrictJson, type JsonLimits } from '../text/strictJson';
import { shorten, show, UserError } from '../userError';
import { fromFloat16, toFloat16 } from './float16';
import { openForeignFile, readPart, type OpenFile } from './foreignFile';

/** A tensor of numbers, whatever they are stored as. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A tensor of bytes. */
export interface StoredBytes {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** What numbers are stored as. */
export type StoredType = 'F32' | 'F16';

/** What a tensor is stored as; U8: bytes. */
export type ElementType = StoredType | 'U8';

const bytesPerElement: Record<ElementType, number> = { F32: 4, F16: 2, U8: 1 };
const longestHeader = 16 * 1024 * 1024;
const alignment = 8;
const metadataKey = '__metadata__';
/** A tensor takes about eight values and four keys; a model of 200 layers has some 5,000 tensors. */
const headerLimits: JsonLimits = { mostValues: 2 ** 18, mostKeys: 2 ** 17 };

/**
 * A file's chunks, in order. Numbers are stored as `type`: float16 rounds to nearest; values that it cannot hold are an
 * error.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor | StoredBytes>,
  type: StoredType,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
  let offset = 0;
  const chunks: Uint8Array[] = [];
  for (const [name, tensor] of tensors) {
    const [dtype, bytes] =
      'bytes' in tensor ? ['U8', tensor.bytes] : [type, elementBytes(name, tensor.values, type)];
    const end = offset + bytes.length;
    header.push([name, { dtype, shape: tensor.shape, data_offsets: [offset, end] }]);
    chunks.push(bytes);
    offset = end;
  }
  // fromEntries makes properties of its own, even of a name like __proto__.
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const json = Buffer.alloc(Math.ceil(text.length / alignment) * alignment, ' ');
  text.copy(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return [length, json, ...chunks];
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

/** The longest file that is read: the moments of a thousand million weights. Tensors are read one by one. */
const longestFile = 8e9;

/**
 * The most bytes that a file with so many bytes of elements can have. Asked before a file is read, so that one that is
 * too long takes no memory.
 */
export function mostBytesOf(elementBytes: number): number {
  return Math.min(longestFile, 8 + longestHeader + elementBytes);
}

/** What a header says of a tensor. */
export interface StoredEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Bytes from where the numbers begin: [start, end). */
  readonly start: number;
  readonly end: number;
}

interface Layout {
  readonly entries: readonly StoredEntry[];
  /** Where the numbers begin, in bytes. */
  readonly dataStart: number;
}

/** Every tensor of a file as float32. A UserError names the file and what is wrong with it. */
export async function readSafetensors(file: string): Promise<Map<string, StoredTensor>> {
  const tensors = await readMixedSafetensors(file, (entries) => {
    const bytes = entries.find(({ type }) => type === 'U8');
    if (bytes) throw new UserError(`${nameIn(file, bytes.name)} is of type "U8"; F32 and F16 are read.`);
  });
  return tensors as Map<string, StoredTensor>;
}

/**
 * Every tensor of a file, numbers as float32, read one after the other, so that the file's bytes are never in memory
 * beside them all. A UserError names the file and what is wrong with it.
 *
 * @param check is shown what the header says before any number is read, and throws where that is not wanted
 * @param mostBytes a longer file is refused unread
 */
export async function readMixedSafetensors(
  file: string,
  check: (entries: readonly StoredEntry[]) => void,
  mostBytes = longestFile,
): Promise<Map<string, StoredTensor | StoredBytes>> {
  const opened = await openForeignFile(file, { mostBytes });
  try {
    const { entries, dataStart } = await readLayout(opened, file);
    check(entries);
    const tensors = new Map<string, StoredTensor | StoredBytes>();
    for (const entry of entries) {
      const { start, end } = entry;
      const bytes = await readPart(opened, dataStart + start, end - start, file);
      tensors.set(entry.name, decodeTensor(bytes, entry, file));
    }
    return tensors;
  } finally {
    await opened.handle.close();
  }
}

/** What the header of an open file says, checked against the file's length. @param where names the file in errors */
export async function readEntries(opened: OpenFile, where: string): Promise<readonly StoredEntry[]> {
  return (await readLayout(opened, where)).entries;
}

async function readLayout(opened: OpenFile, where: string): Promise<Layout> {
  const start = await readPart(opened, 0, Math.min(8, opened.size), where);
  const length = headerLength(start, opened.size, where);
  return layout(await readPart(opened, 8, length, where), opened.size, where);
}

/** As `readMixedSafetensors`, of bytes in memory. @param where names the file in errors */
export function decodeSafetensors(bytes: Uint8Array, where: string): Map<string, StoredTensor | StoredBytes> {
  const length = headerLength(bytes, bytes.length, where);
  const { entries, dataStart } = layout(bytes.subarray(8, 8 + length), bytes.length, where);
  return new Map(
    entries.map((entry) => {
      // Copied, since offsets need not be aligned (`slice` would not do: a Buffer's is no copy).
      const copy = new Uint8Array(bytes.subarray(dataStart + entry.start, dataStart + entry.end));
      return [entry.name, decodeTensor(copy, entry, where)];
    }),
  );
}

/** @param bytes begin where their buffer does */
function decodeTensor(
  bytes: Uint8Array,
  { name, type, shape }: StoredEntry,
  where: string,
): StoredTensor | StoredBytes {
  if (type === 'U8') return { shape, bytes };
  const { buffer, byteLength } = bytes;
  const values =
    type === 'F32'
      ? new Float32Array(buffer, 0, byteLength / bytesPerElement.F32)
      : fromFloat16(new Uint16Array(buffer, 0, byteLength / bytesPerElement.F16));
  if (!values.every(Number.isFinite))
    throw new UserError(`${nameIn(where, name)} holds numbers that are not finite.`);
  return { shape, values };
}

function nameIn(where: string, tensor: string): string {
  return `${where}: “${shorten(tensor)}”`;
}

function damaged(where: string, what: string): UserError {
  return new UserError(`${where} is no safetensors file, or a damaged one: ${what}.`);
}

/** @param start the file's first eight bytes, or more */
function headerLength(start: Uint8Array, fileLength: number, where: string): number {
  if (start.length < 8) throw damaged(where, 'it is shorter than eight bytes');
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(longestHeader, fileLength - 8)))
    throw damaged(where, `its header would be ${length} bytes long`);
  return Number(length);
}

function layout(header: Uint8Array, fileLength: number, where: string): Layout {
  const dataStart = 8 + header.length;
  const dataLength = fileLength - dataStart;
  const entries = Object.entries(parseHeader(header, where))
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => checkEntry(name, value, dataLength, nameIn(where, name)));
  // Before any is read: a thousand tensors in one place would take the place of a thousand.
  checkCover(entries, dataLength, where);
  return { entries, dataStart };
}

function parseHeader(bytes: Uint8Array, where: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), headerLimits);
  } catch (error) {
    throw damaged(where, `its header is no sound JSON (${(error as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw damaged(where, 'its header is not an object');
  return header as Record<string, unknown>;
}

function checkEntry(name: string, value: unknown, dataLength: number, where: string): StoredEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'U8')
    throw new UserError(`${where} is of type ${show(dtype)}; F32, F16 and U8 are read.`);
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
  return { name, type: dtype, shape, start: offsets[0]!, end: offsets[1]! };
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((element) => Number.isSafeInteger(element) && (element as number) >= 0)
  );
}

/** The tensors must fill the file without holes or overlaps, as the format asks. */
function checkCover(entries: readonly StoredEntry[], length: number, where: string): void {
  let covered = 0;
  for (const { start, end } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      throw new UserError(`${where}: its tensors overlap or leave holes at byte ${covered}.`);
    covered = end;
  }
  if (covered !== length) throw new UserError(`${where}: ${length - covered} bytes belong to no tensor.`);
}
