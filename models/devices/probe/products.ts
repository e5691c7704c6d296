/** How many operations a second a device makes of products of matrices, in float32. */
import * as graph from '../../graph/operators';
import { buildProgram, type Program } from '../../graph/program';
import { input } from '../../graph/tensor';
import { normals, randomWords } from '../../data/random';
import { ort, Session, type InferenceDevice } from '../../runtime/session';

/** One after the other, so that starting them counts little. */
const inARow = 8;
const sizes = [128, 256, 512, 1024] as const;
/** A size that takes this long is large enough to tell. */
const enoughMs = 40;

/** The sum of a·b·b·…; the numbers stay about as large as they were. */
function buildProducts(size: number): Program {
  const b = input('b', 'float32', [size, size]);
  let product = input('a', 'float32', [size, size]);
  for (let index = 0; index < inARow; index++) product = graph.matmul(product, b);
  return buildProgram('products', { sum: graph.reduceSum(product, [0, 1]) });
}

/** @returns billions a second, at the largest size that was tried */
export async function measureProducts(device: InferenceDevice): Promise<number> {
  let gigaflops = 0;
  for (const size of sizes) {
    const session = await Session.create(buildProducts(size), { device });
    const normal = normals(randomWords(size));
    const matrix = (deviation: number): ort.Tensor =>
      new ort.Tensor(
        'float32',
        Float32Array.from({ length: size * size }, () => deviation * normal()),
        [size, size],
      );
    const feeds = { a: matrix(1), b: matrix(size ** -0.5) };
    let fastest = Infinity;
    // The first run prepares the others.
    for (let repetition = 0; repetition < 3; repetition++) {
      const started = performance.now();
      await session.run(feeds);
      if (repetition > 0) fastest = Math.min(fastest, performance.now() - started);
    }
    await session.dispose();
    gigaflops = (inARow * 2 * size ** 3) / fastest / 1e6;
    if (fastest > enoughMs) break;
  }
  return gigaflops;
}
