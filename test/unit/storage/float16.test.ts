import { describe, expect, it } from 'vitest';
import { randomWords } from '../../../models/data/random';
import { fromFloat16, toFloat16 } from '../../../models/storage/float16';

const allHalves = Uint16Array.from({ length: 1 << 16 }, (_, half) => half);

/** Every finite half from 0 up, with its value as the standard (IEEE 754-2019, §3.4) defines it. */
const finite = Array.from({ length: 0x7c00 }, (_, half) => {
  const [exponent, fraction] = [Math.floor(half / 1024), half % 1024];
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** What is nearer to 2¹⁶ than to 65504, or as near, becomes infinite. */
const candidates = [...finite, 2 ** 16];

/** The half nearest to a positive number, found by looking; of two that are equally near the even one. */
function nearestHalf(value: number): number {
  let low = 0;
  let high = candidates.length - 1;
  if (value >= candidates[high]!) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (candidates[middle]! <= value) low = middle;
    else high = middle;
  }
  const [below, above] = [value - candidates[low]!, candidates[high]! - value];
  if (below !== above) return below < above ? low : high;
  return low % 2 === 0 ? low : high;
}

describe('fromFloat16', () => {
  const values = fromFloat16(allHalves);

  it('gives what the standard says for every half', () => {
    finite.forEach((value, half) => {
      if (values[half] !== value || values[half + 0x8000] !== -value) {
        expect([half, values[half], values[half + 0x8000]]).toEqual([half, value, -value]);
      }
    });
    expect([values[0x7c00], values[0xfc00]]).toEqual([Infinity, -Infinity]);
    expect([...values.slice(0x7c01, 0x8000), ...values.slice(0xfc01)].every(Number.isNaN)).toBe(true);
  });

  it('keeps the sign of zero', () => {
    expect(Object.is(values[0x8000], -0)).toBe(true);
    expect(Object.is(values[0], 0)).toBe(true);
  });
});

describe('toFloat16', () => {
  it('gives every half back', () => {
    const wrong = [...fromFloat16(allHalves)].flatMap((value, half) => {
      const back = toFloat16(value);
      return back === half || (Number.isNaN(value) && back === 0x7e00) ? [] : [{ half, back }];
    });
    expect(wrong).toEqual([]);
  });

  it('rounds to the nearest half, ties to even, at every border between two halves', () => {
    const wrong: unknown[] = [];
    const check = (value: number): void => {
      const expected = nearestHalf(value);
      if (toFloat16(value) !== expected || toFloat16(-value) !== (expected | 0x8000)) {
        wrong.push({ value, expected, got: toFloat16(value) });
      }
    };
    const bits = new Uint32Array(1);
    const single = new Float32Array(bits.buffer);
    for (const [half, value] of finite.entries()) {
      // Halfway is exact in a single; so are its neighbours.
      single[0] = (value + (finite[half + 1] ?? 2 ** 16)) / 2;
      check(single[0]);
      bits[0]! += 1;
      check(single[0]);
      bits[0]! -= 2;
      check(single[0]);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds any single, the tiniest included', () => {
    const words = randomWords(16);
    const bits = new Uint32Array(1);
    const single = new Float32Array(bits.buffer);
    for (let round = 0; round < 100_000; round++) {
      // Exponents from far below the subnormal halves to beyond the largest one.
      bits[0] = (((90 + (words() % 55)) << 23) | (words() >>> 9)) >>> 0;
      const value = single[0]!;
      if (toFloat16(value) !== nearestHalf(value))
        expect([value, toFloat16(value)]).toEqual([value, nearestHalf(value)]);
    }
    for (const value of [2 ** -149, 2 ** -126, 2 ** -26, 2 ** -25]) expect(toFloat16(value)).toBe(0);
  });

  it('makes what is too large infinite, and keeps what is no number', () => {
    expect(toFloat16(65504)).toBe(0x7bff);
    expect(toFloat16(65519.996)).toBe(0x7bff);
    for (const large of [65520, 65536, 1e10, Infinity]) {
      expect(toFloat16(large)).toBe(0x7c00);
      expect(toFloat16(-large)).toBe(0xfc00);
    }
    expect(Number.isNaN(fromFloat16(Uint16Array.of(toFloat16(NaN)))[0])).toBe(true);
  });
});
