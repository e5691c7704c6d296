/** Rows of memories are moved without a program: which ones, and where they lie afterwards. */
import { describe, expect, it } from 'vitest';
import { keepRows } from '../../../models/inference/keptRows';
import { ort } from '../../../models/runtime/session';

/** `[4, 1, 2]`: 0 1, 10 11, 20 21, 30 31. */
function memory(): ort.Tensor {
  const numbers = Float32Array.from({ length: 8 }, (_, index) => 10 * (index >> 1) + (index % 2));
  return new ort.Tensor('float32', numbers, [4, 1, 2]);
}

describe('rows of a memory', () => {
  it.each([
    [[1, 3], [10, 11, 30, 31], true],
    [[0, 1, 2, 3], [0, 1, 10, 11, 20, 21, 30, 31], true],
    [[2], [20, 21], true],
    // As a beam begins: each source for every hypothesis.
    [[0, 0, 3, 3, 3], [0, 1, 0, 1, 30, 31, 30, 31, 30, 31], false],
    [[3, 1], [30, 31, 10, 11], false],
  ])('%j', (rows, expected, isInPlace) => {
    const before = memory();
    const numbers = before.data as Float32Array;
    const kept = keepRows(before, rows);
    expect([...(kept.data as Float32Array)]).toEqual(expected);
    expect(kept.dims).toEqual([rows.length, 1, 2]);
    expect((kept.data as Float32Array).buffer === numbers.buffer).toBe(isInPlace);
  });
});
