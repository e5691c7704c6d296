/** Matrices in blocks become matrices with one scale an output, and stand for the same numbers but for a step's half. */
import { describe, expect, it } from 'vitest';
import { largestStep } from '../../../models/graph/integerProducts';
import { dequantise, quantise, type MatrixParameter } from '../../../models/storage/quantisation';
import { integerMatrix } from '../../../models/transformer/integerMatrices';
import { randomNumbers } from './smallModel';

describe.each([
  [64, 3],
  [33, 70],
  [5, 1],
  [256, 200],
])('%i inputs, %i outputs', (inputs, outputs) => {
  const parameter: MatrixParameter = { name: 'w', shape: [inputs, outputs], initialiser: 'matrix' };
  // Outputs of very different sizes, and blocks too; the last output is all zeros.
  const values = randomNumbers(inputs * outputs, 3).map((draw, place) => {
    const [input, output] = [Math.floor(place / outputs), place % outputs];
    return output === outputs - 1 ? 0 : draw * 10 ** (output % 4) * (input < 32 ? 1 : 0.1);
  });
  const quantised = quantise(values, parameter);
  const stored = dequantise(quantised, parameter);
  const { steps, scales } = integerMatrix(quantised, inputs, outputs);

  it('keeps every number within half a step', () => {
    for (let output = 0; output < outputs; output++) {
      const column = Array.from({ length: inputs }, (_, input) => stored[input * outputs + output]!);
      const largest = Math.max(...column.map(Math.abs));
      expect(scales[output]).toBeCloseTo(largest / largestStep, 6);
      column.forEach((value, input) => {
        const step = steps[input * outputs + output]!;
        expect(Math.abs(step)).toBeLessThanOrEqual(largestStep);
        expect(Math.abs(step * scales[output]! - value)).toBeLessThanOrEqual(scales[output]! * 0.50001);
      });
      if (largest > 0) {
        const used = column.map((_, input) => Math.abs(steps[input * outputs + output]!));
        expect(Math.max(...used)).toBe(largestStep);
      }
    }
  });

  it('leaves zeros where there is nothing', () => {
    for (let input = 0; input < inputs; input++) expect(steps[input * outputs + outputs - 1]).toBe(0);
    expect(scales[outputs - 1]).toBe(0);
  });
});
