/** Weights before the first step. */
import { normals, randomWords } from '../data/random';
import { elementCount, type ParameterShape } from '../transformer/parameters';

/** Glorot and Bengio's uniform distribution for matrices, N(0, 1/dModel) for embeddings (they are scaled by √dModel). */
export function initialWeights(
  parameters: readonly ParameterShape[],
  seed: number,
): Map<string, Float32Array> {
  const words = randomWords(seed, 0x1717);
  const normal = normals(words);
  return new Map(
    parameters.map(({ name, shape, initialiser }) => {
      const values = new Float32Array(elementCount(shape));
      if (initialiser === 'ones') values.fill(1);
      if (initialiser === 'matrix') {
        const bound = Math.sqrt(6 / (shape[0]! + shape[1]!));
        for (let i = 0; i < values.length; i++) values[i] = bound * ((2 * words()) / 2 ** 32 - 1);
      }
      if (initialiser === 'embedding') {
        const deviation = shape.at(-1)! ** -0.5;
        for (let i = 0; i < values.length; i++) values[i] = deviation * normal();
      }
      return [name, values];
    }),
  );
}
