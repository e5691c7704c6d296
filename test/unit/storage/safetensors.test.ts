import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type StoredBytes,
  type StoredTensor,
} from '../../../models/storage/safetensors';
import { UserError } from '../../../models/userError';

const tensors = new Map<string, StoredTensor>([
  ['weight', { shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 65504, 2 ** -24, -0) }],
  ['scalar', { shape: [], values: Float32Array.of(7) }],
  ['empty', { shape: [0, 4], values: new Float32Array() }],
]);

type Entry = Record<string, unknown>;

/** A file with this header and these data bytes. */
function file(header: string, data: Uint8Array | number = 0): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), typeof data === 'number' ? Buffer.alloc(data) : data]);
}

/** The sentence that a file is refused with. Anything but a UserError that names the file fails the test. */
function refusal(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'some/x.safetensors');
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toMatch(/^some\/x\.safetensors.*\.$/s);
    expect(message.length).toBeLessThan(400);
    return message;
  }
  return 'accepted';
}

describe('encodeSafetensors', () => {
  it('writes bytes beside numbers, each as it is', () => {
    const mixed = new Map<string, StoredTensor | StoredBytes>([
      ['bytes', { shape: [2, 2], bytes: Uint8Array.of(0, 255, 127, 128) }],
      ['odd', { shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
      ['halves', { shape: [2], values: Float32Array.of(0.5, -2) }],
    ]);
    const file = Buffer.concat(encodeSafetensors(mixed, 'F16'));
    const header = file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString();
    expect([...header.matchAll(/"dtype":"(\w+)"/g)].map(([, type]) => type)).toEqual(['U8', 'U8', 'F16']);
    expect(file.length).toBe(8 + header.length + 4 + 3 + 2 * 2);
    expect(decodeSafetensors(file, 'x')).toEqual(mixed);
  });

  it.each(['F32', 'F16'] as const)('writes %s that reads back', (type) => {
    const back = decodeSafetensors(Buffer.concat(encodeSafetensors(tensors, type, { format: 'test' })), 'x');
    expect(back).toEqual(tensors);
  });

  it('writes the format, byte for byte', () => {
    const two = new Map<string, StoredTensor>([
      ['a', { shape: [2], values: Float32Array.of(1, -2) }],
      ['b', { shape: [1, 1], values: Float32Array.of(0.5) }],
    ]);
    const header =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1,1],"data_offsets":[4,6]}}';
    const padded = header.padEnd(136);
    const expected = file(padded, Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38));
    expect(Buffer.concat(encodeSafetensors(two, 'F16', { k: 'v' })).equals(expected)).toBe(true);
  });

  it('writes float32 of any part of a buffer, and starts the numbers at a multiple of eight', () => {
    const all = Float32Array.of(9, 1.5, 9);
    const part = new Map([['µ', { shape: [1], values: all.subarray(1, 2) }]]);
    const bytes = Buffer.concat(encodeSafetensors(part, 'F32'));
    expect(bytes.readFloatLE(bytes.length - 4)).toBe(1.5);
    expect((bytes.length - 4) % 8).toBe(0);
    expect(decodeSafetensors(bytes, 'x')).toEqual(part);
  });

  it('refuses numbers that float16 cannot hold', () => {
    for (const value of [65520, -1e9, Infinity, NaN]) {
      const large = new Map([['big', { shape: [1], values: Float32Array.of(value) }]]);
      expect(() => encodeSafetensors(large, 'F16')).toThrow(UserError);
      expect(() => encodeSafetensors(large, 'F16')).toThrow(/“big” holds .*float16/);
    }
  });

  it('writes tensors named like the parts of an object', () => {
    const odd = new Map(
      ['__proto__', 'constructor', 'toString'].map((name) => [
        name,
        { shape: [1], values: Float32Array.of(3) },
      ]),
    );
    expect(decodeSafetensors(Buffer.concat(encodeSafetensors(odd, 'F32')), 'x')).toEqual(odd);
  });
});

describe('decodeSafetensors', () => {
  it('reads tensors in any order, at odd places, among others’ metadata', () => {
    const header =
      '{ "b":{"shape":[1],"dtype":"F16","data_offsets":[4,6]} , "a":{"data_offsets":[0,4],"dtype":"F32","shape":[1,1]}, "__metadata__":{"format":"pt"}}';
    // An offset in the whole file that no float32 array could have.
    const whole = Buffer.concat([Buffer.alloc(3), file(header, Uint8Array.of(0, 0, 128, 63, 0, 60))]);
    const back = decodeSafetensors(whole.subarray(3), 'x');
    expect([...back.keys()]).toEqual(['b', 'a']);
    const [a, b] = ['a', 'b'].map((name) => back.get(name) as StoredTensor);
    expect([a!.values[0], b!.values[0]]).toEqual([1, 1]);
    expect(back.get('a')!.shape).toEqual([1, 1]);
  });

  it('reads a file without tensors', () => {
    expect(decodeSafetensors(file('{}'), 'x').size).toBe(0);
  });

  const entry = (dtype: unknown, shape: unknown, offsets: unknown): string =>
    JSON.stringify({ dtype, shape, data_offsets: offsets });
  const one = (dtype: unknown, shape: unknown, offsets: unknown): string =>
    `{"w":${entry(dtype, shape, offsets)}}`;
  const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  const cases: [name: string, bytes: Uint8Array, sentence: RegExp][] = [
    ['no bytes', new Uint8Array(), /shorter than eight bytes/],
    ['seven bytes', new Uint8Array(7), /shorter than eight bytes/],
    ['a header longer than the file', file('{}').subarray(0, 9), /its header would be 2 bytes long/],
    ['a header of 2⁶⁴ − 1 bytes', new Uint8Array(16).fill(255), /would be 18446744073709551615 bytes/],
    ['a header without bytes', file(''), /its header is no sound JSON/],
    ['a header that is no JSON', file('{"w":'), /its header is no sound JSON/],
    [
      'a header that is no UTF-8',
      file('{"\u0080":1}').map((byte) => (byte === 0xc2 ? 0xff : byte)),
      /its header is no sound JSON/,
    ],
    ['a list for a header', file('[]'), /its header is not an object/],
    ['null for a header', file('null'), /its header is not an object/],
    ['null for a tensor', file('{"w":null}'), /“w” is of type missing/],
    ['a text for a tensor', file('{"w":"F32"}'), /“w” is of type missing/],
    ['another type', file(one('BF16', [1], [0, 2]), 2), /“w” is of type "BF16"; F32, F16 and U8 are read/],
    [
      'a type that cannot be made a text',
      file('{"w":{"dtype":{"toString":1}}}'),
      /“w” is of type {"toString":1}/,
    ],
    [
      'a type of endless depth',
      file(`{"w":{"dtype":${deep(100_000)}}}`),
      /its header is no sound JSON \(it is nested more than 64 levels deep\)/,
    ],
    ['a very long type', file(one('F'.repeat(100_000), [1], [0, 2]), 2), /“w” is of type "F+…; F32, F16/],
    ['no shape', file(one('F32', undefined, [0, 4]), 4), /“w” has no valid shape/],
    ['a shape of endless depth', file(`{"w":{"dtype":"F32","shape":${deep(60)}}}`), /no valid shape/],
    ['a negative dimension', file(one('F32', [-1, -1], [0, 4]), 4), /“w” has no valid shape/],
    ['a fraction for a dimension', file(one('F32', [0.5, 2], [0, 4]), 4), /“w” has no valid shape/],
    ['a dimension beyond 2⁵³', file(one('F32', [2 ** 60], [0, 4]), 4), /“w” has no valid shape/],
    ['a text for a dimension', file(one('F32', ['1'], [0, 4]), 4), /“w” has no valid shape/],
    [
      'dimensions whose product overflows',
      file(one('F32', new Array(40).fill(2 ** 40), [0, 4]), 4),
      /needs Infinity bytes, not 4/,
    ],
    [
      'dimensions whose product wraps in 32 bits',
      file(one('F32', [2 ** 16, 2 ** 16], [0, 0])),
      /needs 17179869184 bytes, not 0/,
    ],
    [
      'a shape for more bytes',
      file(one('F32', [3], [0, 4]), 4),
      /has shape \[3\], which needs 12 bytes, not 4/,
    ],
    ['bytes that are no whole number', file(one('F32', [1], [0, 3]), 3), /needs 4 bytes, not 3/],
    ['offsets beyond the end', file(one('F32', [2], [0, 8]), 4), /“w” points outside the file/],
    ['offsets that run backwards', file(one('F32', [1], [4, 0]), 4), /“w” points outside the file/],
    ['a negative offset', file(one('F32', [2], [-4, 4]), 4), /“w” points outside the file/],
    ['three offsets', file(one('F32', [1], [0, 4, 4]), 4), /“w” points outside the file/],
    ['no offsets', file(one('F32', [1], null), 4), /“w” points outside the file/],
    ['a hole in front', file(one('F32', [1], [4, 8]), 8), /overlap or leave holes at byte 0/],
    ['bytes at the end', file(one('F32', [1], [0, 4]), 5), /1 bytes? belong to no tensor/],
    ['bytes without tensors', file('{}', 4), /4 bytes belong to no tensor/],
    [
      'an overlap',
      file(`{"a":${entry('F32', [2], [0, 8])},"b":${entry('F32', [1], [4, 8])}}`, 8),
      /overlap or leave holes at byte 8/,
    ],
    [
      'two tensors in one place',
      file(`{"a":${entry('F32', [1], [0, 4])},"b":${entry('F32', [1], [0, 4])}}`, 4),
      /overlap or leave holes at byte 4/,
    ],
    [
      'an offset twice',
      file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}', 4),
      /it holds “data_offsets” twice/,
    ],
    [
      'a name twice, at two places',
      file(`{"w":${entry('F32', [1], [0, 4])},"w":${entry('F32', [1], [4, 8])}}`, 8),
      /it holds “w” twice/,
    ],
    [
      'a name twice, at one place',
      file(`{"w":${entry('F32', [4, 1], [0, 16])},"w":${entry('F32', [2, 2], [0, 16])}}`, 16),
      /it holds “w” twice/,
    ],
    [
      'a name twice, written in two ways',
      file(`{"w":${entry('F32', [1], [0, 4])},"\\u0077":${entry('F32', [1], [0, 4])}}`, 4),
      /it holds “w” twice/,
    ],
    [
      'numbers that are not finite',
      file(one('F32', [1], [0, 4]), Uint8Array.of(0, 0, 0x80, 0x7f)),
      /“w” holds numbers that are not finite/,
    ],
    [
      'halves that are no numbers',
      file(one('F16', [1], [0, 2]), Uint8Array.of(0, 0x7e)),
      /“w” holds numbers that are not finite/,
    ],
    ['a fault under a very long name', file(`{"${'n'.repeat(100_000)}":3}`), /“n+…” is of type missing/],
  ];
  it.each(cases)('refuses %s', (_name, bytes, sentence) => {
    expect(refusal(bytes)).toMatch(sentence);
  });

  it('takes a name for what it is, whatever signs it holds', () => {
    const names = ['"{', '}":{"', '\\', ':', 'a', ''];
    const odd = new Map(names.map((name) => [name, { shape: [1], values: Float32Array.of(3) }]));
    expect(decodeSafetensors(Buffer.concat(encodeSafetensors(odd, 'F32')), 'x')).toEqual(odd);
  });

  it('takes no memory for a thousand tensors in one place', () => {
    const shared = entry('F32', [2 ** 20], [0, 2 ** 22]);
    const names = Array.from({ length: 1000 }, (_, index) => `"${index}":${shared}`);
    const before = process.memoryUsage.rss();
    expect(refusal(file(`{${names.join()}}`, 2 ** 22))).toMatch(/overlap or leave holes/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });

  it('reads a header with a very long text quickly', () => {
    const header = `{"__metadata__":{"about":"${'\\"'.repeat(4_000_000)}"}}`;
    expect(decodeSafetensors(file(header), 'x').size).toBe(0);
  });

  it('reads or refuses whatever becomes of the bytes', () => {
    const sound = Buffer.concat(encodeSafetensors(tensors, 'F16', { format: 'test' }));
    const place = fc.nat(sound.length - 1);
    const change = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), place, byte: fc.nat(255) }),
      fc.record({ kind: fc.constant('insert' as const), place, byte: fc.nat(255) }),
      fc.record({ kind: fc.constant('remove' as const), place, byte: fc.nat(60) }),
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = [...sound];
        for (const { kind, place: at, byte } of changes) {
          if (kind === 'set') bytes[at] = byte;
          else if (kind === 'insert') bytes.splice(at, 0, byte);
          else bytes.splice(at, byte);
        }
        if (refusal(Uint8Array.from(bytes)) !== 'accepted') refused++;
      }),
      { seed: 3, numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(700);
  });

  it('reads or refuses whatever the header says', () => {
    const odd = fc.constantFrom<unknown>(
      null, true, -1, -0, 0.5, 1, 12, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, '', 'F16', 'F64', '12', [], {}, [[]], [0, 12],
      [12, 0], [2 ** 32, 2 ** 32], [0, 0, 0], { toString: 1 }, { dtype: 'F16', shape: [0], data_offsets: [0, 0] },
    ); // prettier-ignore
    const where = fc.tuple(
      fc.constantFrom('weight', 'scalar', 'empty', '__proto__', '__metadata__', 'new', ''),
      fc.constantFrom(undefined, 'dtype', 'shape', 'data_offsets'),
      fc.option(fc.nat(3), { nil: undefined }),
    );
    const sound = Buffer.concat(encodeSafetensors(tensors, 'F16'));
    const start = 8 + Number(sound.readBigUInt64LE());
    let refused = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(where, odd), { minLength: 1, maxLength: 3 }), (changes) => {
        const header = JSON.parse(sound.toString('utf8', 8, start)) as Record<string, Entry | null>;
        for (const [[name, key, index], value] of changes) {
          const target = Object.hasOwn(header, name) ? header[name] : undefined;
          const list = key === undefined ? undefined : target?.[key];
          if (Array.isArray(list) && index !== undefined) list[index] = value;
          else if (target && typeof target === 'object' && key !== undefined) target[key] = value;
          else
            Object.defineProperty(header, name, {
              value,
              enumerable: true,
              configurable: true,
              writable: true,
            });
        }
        if (refusal(file(JSON.stringify(header), sound.subarray(start))) !== 'accepted') refused++;
      }),
      { seed: 4, numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(700);
  });
});

describe('readSafetensors', () => {
  it('takes numbers alone, where bytes would be of no use', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'polyhead-safetensors-'));
    try {
      const name = path.join(folder, 'x.safetensors');
      const bytes = { shape: [1], bytes: Uint8Array.of(1) };
      await writeFile(name, Buffer.concat(encodeSafetensors(new Map([['w', bytes]]), 'F32')));
      await expect(readSafetensors(name)).rejects.toThrow(
        `${name}: “w” is of type "U8"; F32 and F16 are read.`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads a file, and says what is wrong where there is none', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'polyhead-safetensors-'));
    try {
      const name = path.join(folder, 'x.safetensors');
      await writeFile(name, Buffer.concat(encodeSafetensors(tensors, 'F32')));
      expect(await readSafetensors(name)).toEqual(tensors);
      for (const absent of [path.join(folder, 'absent'), folder]) {
        const failing = expect(readSafetensors(absent)).rejects;
        await failing.toThrow(UserError);
        await expect(readSafetensors(absent)).rejects.toThrow(`${absent} cannot be read`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
