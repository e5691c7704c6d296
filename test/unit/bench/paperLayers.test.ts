/** The layers that Table 1 is measured with compute what they are called, and their gradients are right. */
import { describe, expect, it } from 'vitest';
import { normals, randomWords } from '../../../models/data/random';
import * as graph from '../../../models/graph/operators';
import { constant, input, type Tensor } from '../../../models/graph/tensor';
import { ParameterInputs } from '../../../models/transformer/parameters';
import { longestChain, paperLayers } from '../../bench/layers/paperLayers';
import { onnxGru, unrolledGru } from '../../bench/layers/recurrence';
import { convolution, restrictedAttention } from '../../bench/layers/windows';
import { gradientError } from '../graph/numericalGradient';
import { evaluate, fed, numbers } from '../graph/run';

function drawn(count: number, seed: number): number[] {
  const normal = normals(randomWords(seed, 0));
  return Array.from({ length: count }, () => 0.5 * normal());
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

describe('recurrence', () => {
  const [length, batch, width] = [7, 2, 3];

  it("unrolled, gives the states of ONNX's own operator", async () => {
    const x = input('x', 'float32', [length, batch, width]);
    const weights = {
      input: input('input', 'float32', [width, 3 * width]),
      recurrent: input('recurrent', 'float32', [width, 3 * width]),
    };
    const { ours, onnx } = await evaluate(
      { ours: unrolledGru(x, weights), onnx: onnxGru(x, weights) },
      {
        x: fed('float32', [length, batch, width], drawn(length * batch * width, 1)),
        input: fed('float32', [width, 3 * width], drawn(3 * width * width, 2)),
        recurrent: fed('float32', [width, 3 * width], drawn(3 * width * width, 3)),
      },
    );
    expect(ours.dims).toEqual([length, batch, width]);
    expect(largestDifference(numbers(ours), numbers(onnx))).toBeLessThan(1e-6);
  });

  it('has the right gradients, also of the matrix that all steps share', async () => {
    const error = await gradientError({
      shapes: [
        [length, batch, width],
        [width, 3 * width],
        [width, 3 * width],
      ],
      build: (x, fromInput, recurrent) => unrolledGru(x, { input: fromInput, recurrent }),
    });
    expect(error).toBeLessThan(1e-6);
  });
});

describe('convolution', () => {
  const [batch, length, width] = [2, 5, 3];

  it.each([2, 3, 5])('with a kernel of %i sums over the window', async (size) => {
    const x = drawn(batch * length * width, 1);
    const kernel = drawn(size * width * width, 2);
    const expected = Array.from({ length: batch * length * width }, (_, index) => {
      const column = index % width;
      const place = Math.floor(index / width) % length;
      const sentence = Math.floor(index / width / length);
      let sum = 0;
      for (let offset = 0; offset < size; offset++) {
        const from = place + offset - Math.floor((size - 1) / 2);
        if (from < 0 || from >= length) continue;
        for (let row = 0; row < width; row++)
          sum +=
            x[(sentence * length + from) * width + row]! * kernel[(offset * width + row) * width + column]!;
      }
      return sum;
    });
    const { y } = await evaluate(
      {
        y: convolution(
          input('x', 'float32', [batch, length, width]),
          input('k', 'float32', [size * width, width]),
          size,
        ),
      },
      { x: fed('float32', [batch, length, width], x), k: fed('float32', [size * width, width], kernel) },
    );
    expect(largestDifference(numbers(y), expected)).toBeLessThan(1e-5);
  });

  it('has the right gradients', async () => {
    const error = await gradientError({
      shapes: [
        [batch, length, width],
        [3 * width, width],
      ],
      build: (x, kernel) => convolution(x, kernel, 3),
    });
    expect(error).toBeLessThan(1e-6);
  });
});

describe('restricted self-attention', () => {
  const [batch, length, width, heads] = [2, 12, 4, 2];

  /** Self-attention over the whole sequence, with a mask that hides all that is more than r/2 away. */
  function masked(x: Tensor, reach: number): Tensor {
    const split = graph.transpose(graph.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
    const band = Array.from({ length: length * length }, (_, index) =>
      Math.abs((index % length) - Math.floor(index / length)) <= reach / 2 ? 0 : -1e9,
    );
    const scores = graph.multiply(
      graph.matmul(split, graph.transpose(split, [0, 1, 3, 2])),
      graph.constantLike((width / heads) ** -0.5, x),
    );
    const weights = graph.softmax(graph.add(scores, constant(x.type, [length, length], band)));
    return graph.reshape(graph.transpose(graph.matmul(weights, split), [0, 2, 1, 3]), [batch, length, width]);
  }

  it.each([2, 4, 6, 12])('sees the neighbourhood of %i alone', async (reach) => {
    const x = input('x', 'float32', [batch, length, width]);
    const { blocks, whole } = await evaluate(
      { blocks: restrictedAttention(x, heads, reach), whole: masked(x, reach) },
      { x: fed('float32', [batch, length, width], drawn(batch * length * width, 5)) },
    );
    expect(blocks.dims).toEqual([batch, length, width]);
    expect(largestDifference(numbers(blocks), numbers(whole))).toBeLessThan(1e-6);
  });

  it('has the right gradients', async () => {
    const error = await gradientError({
      shapes: [[batch, length, width]],
      build: (x) => restrictedAttention(x, heads, 4),
    });
    expect(error).toBeLessThan(1e-6);
  });
});

describe('the rows of Table 1', () => {
  const sizes = { batch: 1, width: 64, kernel: 3, neighbourhood: 16 };

  it.each(paperLayers.filter(({ forwardOnly }) => !forwardOnly))(
    '$name keeps the shape and waits $sequential times',
    (layer) => {
      const chains = [16, 64].map((length) => {
        const x = input('x', 'float32', [1, length, 64]);
        const y = layer.build(x, new ParameterInputs(), { ...sizes, length });
        expect(y.shape).toEqual(x.shape);
        return longestChain(y);
      }) as [number, number];
      if (layer.sequential === 'n') expect(chains[1]).toBeGreaterThan(3 * chains[0]);
      else expect(chains[1]).toBe(chains[0]);
    },
  );

  it('have the longest paths that the paper gives', () => {
    const paths = paperLayers.map(({ name, longestPath }) => [name, longestPath({ ...sizes, length: 81 })]);
    expect(paths).toEqual([
      ['self-attention', 1],
      ['the same with its four linear maps', 1],
      ['recurrence (GRU), unrolled', 81],
      ["recurrence, ONNX's GRU", 81],
      // 81 = 3⁴, and 81/16 rounded up.
      ['convolution', 4],
      ['restricted self-attention', 6],
    ]);
  });
});
