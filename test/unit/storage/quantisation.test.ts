/** Matrices in 8 bits: how far from the numbers that they stand for, and where each of them lies. */
import { describe, expect, it } from 'vitest';
import { dequantise, quantise, type MatrixParameter } from '../../../models/storage/quantisation';
import { fromFloat16, toFloat16 } from '../../../models/storage/float16';
import { randomNumbers } from '../transformer/smallModel';

const linear = (inputs: number, outputs: number): MatrixParameter => ({
  name: 'w',
  shape: [inputs, outputs],
  initialiser: 'matrix',
});
const table = (rows: number, width: number): MatrixParameter => ({
  name: 'e',
  shape: [rows, width],
  initialiser: 'embedding',
});
const size = ({ shape: [a, b] }: MatrixParameter): number => a * b;

const parameters: [string, MatrixParameter][] = [
  ['a matrix of whole blocks', linear(64, 5)],
  ['a matrix whose blocks are not full', linear(40, 3)],
  ['a matrix of less than a block', linear(3, 2)],
  ['an embedding of whole blocks', table(7, 96)],
  ['an embedding whose blocks are not full', table(5, 33)],
  ['a single number', table(1, 1)],
];

describe.each(parameters)('%s', (_, parameter) => {
  const [first, second] = parameter.shape;
  const [rows, width] = parameter.initialiser === 'matrix' ? [second, first] : [first, second];
  const blocks = Math.ceil(width / 32);
  /** Where a row's number lies in the matrix. */
  const place = (row: number, index: number): number =>
    parameter.initialiser === 'matrix' ? index * second + row : row * second + index;

  it('is as near as half a step of its block', () => {
    const values = randomNumbers(size(parameter), 1).map((value, index) => value * (1 + (index % 9)));
    const quantised = quantise(values, parameter);
    expect(quantised.bytes).toHaveLength(rows * blocks * 32);
    expect(quantised.scales).toHaveLength(rows * blocks);
    const back = dequantise(quantised, parameter);
    for (let row = 0; row < rows; row++) {
      for (let block = 0; block < blocks; block++) {
        const inBlock = Array.from({ length: Math.min(32, width - 32 * block) }, (_, index) =>
          place(row, 32 * block + index),
        );
        const largest = Math.max(...inBlock.map((at) => Math.abs(values[at]!)));
        const scale = quantised.scales[row * blocks + block]!;
        // The scale as float16 holds it.
        expect(Math.abs(scale - largest / 127)).toBeLessThanOrEqual((largest / 127) * 2 ** -11);
        for (const at of inBlock)
          expect(Math.abs(back[at]! - values[at]!)).toBeLessThanOrEqual(scale * (0.5 + 127 * 2 ** -11));
      }
    }
  });

  it('has the bytes of a row one after the other, and 0 after its end', () => {
    const values = new Float32Array(size(parameter));
    for (let row = 0; row < rows; row++)
      for (let index = 0; index < width; index++)
        values[place(row, index)] = (index % 2 === 0 ? 1 : -1) * (row + 1);
    const { bytes } = quantise(values, parameter);
    const wanted = Array.from({ length: rows * blocks * 32 }, (_, at) => {
      const index = at % (blocks * 32);
      return index >= width ? 128 : index % 2 === 0 ? 255 : 1;
    });
    expect([...bytes]).toEqual(wanted);
  });
});

describe('numbers of every size', () => {
  const whole = table(1, 4);

  it('zeros stay zeros', () => {
    const { bytes, scales } = quantise(new Float32Array(4), whole);
    expect([...bytes.subarray(0, 4)]).toEqual([128, 128, 128, 128]);
    expect([...scales]).toEqual([0]);
    expect([...dequantise({ bytes, scales }, whole)]).toEqual([0, 0, 0, 0]);
  });

  it('numbers of which float16 keeps no scale become zeros', () => {
    expect([...dequantise(quantise(Float32Array.of(1e-7, -1e-7, 0, 0), whole), whole)]).toEqual([0, 0, 0, 0]);
  });

  it('small scales are rounded coarsely, and the bytes with them', () => {
    const values = Float32Array.of(1.3e-4, -1.3e-4, 6e-5, 0);
    const [scale] = fromFloat16(Uint16Array.of(toFloat16(1.3e-4 / 127)));
    const back = dequantise(quantise(values, whole), whole);
    back.forEach((value, index) => expect(Math.abs(value - values[index]!)).toBeLessThanOrEqual(scale! * 3));
  });

  it('a block with a large number does not coarsen the next', () => {
    const parameter = table(1, 64);
    const values = new Float32Array(64).fill(0.01);
    values[0] = 1000;
    const back = dequantise(quantise(values, parameter), parameter);
    expect(back[1]).toBe(0);
    expect(Math.abs(back[63]! - 0.01)).toBeLessThan(1e-5);
  });
});
