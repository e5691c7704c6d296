/**
 * What can be wrong with the files of a model, by chance or on purpose: one change at a time, drawn from a generator
 * that a seed decides.
 */
export class Chance {
  constructor(private state: number) {}

  /** A whole number from 0 to below − 1 (mulberry32). */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

type Mutation = (bytes: Buffer, chance: Chance) => Buffer;

const replaced = (bytes: Buffer, start: number, removed: number, inserted: Uint8Array): Buffer =>
  Buffer.concat([
    bytes.subarray(0, start),
    inserted,
    bytes.subarray(Math.min(bytes.length, start + removed)),
  ]);

const overwritten = (bytes: Buffer, start: number, by: Uint8Array): Buffer => {
  const changed = Buffer.from(bytes);
  changed.set(by.subarray(0, bytes.length - start), start);
  return changed;
};

/** Changes of any file, whatever it holds. */
export const byteMutations: readonly Mutation[] = [
  (bytes, chance) => {
    const changed = Buffer.from(bytes);
    for (let flips = 1 + chance.below(8); flips > 0; flips--)
      changed[chance.below(bytes.length)]! ^= 1 << chance.below(8);
    return changed;
  },
  (bytes, chance) => bytes.subarray(0, chance.below(bytes.length)),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 1 + chance.below(64), new Uint8Array()),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 0, Buffer.alloc(1 + chance.below(64), chance.below(256))),
  (bytes, chance) => {
    const start = chance.below(bytes.length);
    return replaced(bytes, start, 0, bytes.subarray(start, start + chance.below(200)));
  },
  (bytes, chance) => Buffer.concat([bytes, Buffer.alloc(1 + chance.below(2 ** 16))]),
  () => Buffer.alloc(0),
]; // prettier-ignore

const oddValues: readonly (() => unknown)[] = [
  ...[null, true, false, '', 'x', '../../x', '\u0000', '\ud800', 'x'.repeat(10_000)].map((value) => () => value),
  ...[0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e15, 1e308, -1e308].map((value) => () => value),
  () => [],
  () => ({}),
  () => [[]],
  () => ({ toString: 1, length: 1e9, constructor: null }),
  () => Array.from({ length: 3 }, () => 2 ** 30),
  () => Array.from({ length: 10_000 }, (_, index) => index),
  () => nested(40),
]; // prettier-ignore

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [{ a: nested(depth - 1) }];
}

type Container = Record<string, unknown> | unknown[];

/** A place in a JSON tree, any level as likely as another. */
function somePlace(root: unknown, chance: Chance): { container: Container; key: string } | undefined {
  let place: { container: Container; key: string } | undefined;
  for (let value = root; typeof value === 'object' && value !== null;) {
    const keys = Object.keys(value);
    if (keys.length === 0 || (place !== undefined && chance.below(3) === 0)) break;
    place = { container: value as Container, key: chance.of(keys) };
    value = (place.container as Record<string, unknown>)[place.key];
  }
  return place;
}

type TreeMutation = (container: Record<string, unknown>, key: string, chance: Chance) => void;

const define = (container: object, key: string, value: unknown): void =>
  void Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });

const treeMutations: readonly TreeMutation[] = [
  (container, key, chance) => define(container, key, chance.of(oddValues)()),
  (container, key) => Reflect.deleteProperty(container, key),
  (container, key, chance) => {
    const value = container[key];
    Reflect.deleteProperty(container, key);
    define(container, chance.of(['__proto__', 'constructor', 'toString', '', 'x', `${key} `]), value);
  },
  (container, key, chance) => {
    const other = chance.of(Object.keys(container));
    const value = container[key];
    define(container, key, container[other]);
    define(container, other, value);
  },
  (container, _, chance) => define(container, chance.of(['__proto__', 'x', '0']), chance.of(oddValues)()),
  (container, key, chance) => {
    const value = container[key];
    if (typeof value === 'number') define(container, key, value + chance.of([-1, 1, 2, 8, 1000, 1e9]));
  },
];

/** Changes of what a JSON text says; each result is JSON. */
export const jsonMutations: readonly Mutation[] = [
  ...treeMutations.map((mutate): Mutation => (bytes, chance) => {
    const root = JSON.parse(bytes.toString()) as unknown;
    const place = somePlace(root, chance);
    if (place !== undefined) mutate(place.container as Record<string, unknown>, place.key, chance);
    return Buffer.from(JSON.stringify(root));
  }),
  // A key twice, at any level.
  (bytes, chance) => {
    const keys = [...bytes.toString().matchAll(/"(?:[^"\\]|\\.)*"\s*:/g)];
    const { index, 0: key } = chance.of(keys);
    return replaced(bytes, Buffer.byteLength(bytes.toString().slice(0, index)), 0, Buffer.from(`${key} 1, `));
  },
  // A number, anywhere, that no double holds.
  (bytes, chance) => {
    const text = bytes.toString();
    const numbers = [...text.matchAll(/(?<=[:[,]\s*)\d+/g)];
    const { index, 0: number } = chance.of(numbers);
    const large = chance.of(['1e999', '-1e999', '99999999999999999999', '1e-400']);
    return Buffer.from(text.slice(0, index) + large + text.slice(index + number.length));
  },
  // Depth without end, for the whole or a part.
  (bytes, chance) => {
    const depth = chance.of([65, 5000]);
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    if (chance.below(4) === 0) return Buffer.from(deep);
    return Buffer.from(bytes.toString().replace(/:\s*(?:"[^"]*"|\d+|null|true|false)/, () => `:${deep}`));
  },
];

const headerLength = (bytes: Buffer): number => Number(bytes.readBigUInt64LE());

/** A safetensors file with another header in front of the same numbers. */
function withHeader(bytes: Buffer, change: (header: Buffer) => Buffer): Buffer {
  const end = 8 + headerLength(bytes);
  const header = change(bytes.subarray(8, end));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, bytes.subarray(end)]);
}

/** Patterns of float32 and of float16 that are no numbers, or very large ones. */
const oddPatterns = [0x7f800000, 0xff800000, 0x7fc00000, 0x7f7fffff, 0x7c007c00, 0x7e007e00].map((word) => {
  const pattern = Buffer.alloc(4);
  pattern.writeUInt32LE(word);
  return pattern;
});

export const safetensorsMutations: readonly Mutation[] = [
  ...jsonMutations.map((mutate): Mutation => (bytes, chance) => withHeader(bytes, (header) => mutate(header, chance))),
  // Tensors change places or names.
  (bytes, chance) =>
    withHeader(bytes, (json) => {
      const header = JSON.parse(json.toString()) as Record<string, Record<string, unknown>>;
      const names = Object.keys(header).filter((name) => name !== '__metadata__');
      const [one, other] = [chance.of(names), chance.of(names)];
      const field = chance.of(['data_offsets', 'shape', 'dtype']);
      [header[one]![field], header[other]![field]] = [header[other]![field], header[one]![field]];
      return Buffer.from(JSON.stringify(header));
    }),
  // All tensors in one place.
  (bytes) =>
    withHeader(bytes, (json) => {
      const header = JSON.parse(json.toString()) as Record<string, Record<string, unknown>>;
      for (const tensor of Object.values(header)) tensor['data_offsets'] = [0, bytes.length - 8 - json.length];
      return Buffer.from(JSON.stringify(header));
    }),
  // A header of another length.
  (bytes, chance) => {
    const length = Buffer.alloc(8);
    const lengths = [0n, 1n, BigInt(bytes.length), 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
    length.writeBigUInt64LE(chance.of([...lengths, BigInt(headerLength(bytes) + chance.of([-8, -1, 1, 8]))]));
    return overwritten(bytes, 0, length);
  },
  // Numbers that are none, or too large to compute with.
  (bytes, chance) => {
    const start = 8 + headerLength(bytes);
    const count = 1 + chance.below(64);
    const place = start + 4 * chance.below((bytes.length - start) / 4);
    return overwritten(bytes, place, Buffer.concat(Array.from({ length: count }, () => chance.of(oddPatterns))));
  },
]; // prettier-ignore
