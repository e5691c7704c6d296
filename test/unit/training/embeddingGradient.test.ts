/**
 * The gradient of an embedding table where tokens repeat: every row of the batch must arrive, in every run. (On CPU
 * with two or more threads onnxruntime’s ScatterND with reduction “add” loses some of them in a few runs of a hundred.)
 */
import { expect, it } from 'vitest';
import { ancestors, gradients } from '../../../models/graph/gradients';
import type { Operator } from '../../../models/graph/operator';
import { gather, multiply, reduceSum } from '../../../models/graph/operators';
import { input } from '../../../models/graph/tensor';
import { fed, prepare } from '../graph/run';
import { randomNumbers, range } from '../transformer/smallModel';

const [vocabularySize, dModel, tokens, runs] = [500, 256, 2048, 100];

/** Few tokens make up most of a text: more than half of these are one of ten. */
function frequentTokens(): Int32Array {
  return Int32Array.from(randomNumbers(tokens, 3), (value) =>
    Math.floor(((value + 1) / 2) ** 6 * vocabularySize),
  );
}

function isScatterNdAdd({ onnxType, encode }: Operator<object>, attributes: object): boolean {
  return onnxType === 'ScatterND' && encode?.(attributes)['reduction'] === 'add';
}

it(`adds up repeated tokens the same way in ${runs} runs on two threads`, async () => {
  const table = input('table', 'float32', ['v', dModel]);
  const ids = input('ids', 'int32', ['batch', 'length']);
  const weights = input('weights', 'float32', ['batch', 'length', dModel]);
  const [gradient] = gradients(reduceSum(multiply(gather(table, ids), weights), [0, 1, 2]), [table]);
  // A machine that is busy elsewhere may lose nothing for a hundred runs: the culprit is looked for by name, too.
  const unsafe = ancestors([gradient!]).filter(
    ({ origin }) =>
      origin.kind === 'node' &&
      isScatterNdAdd(origin.operator as unknown as Operator<object>, origin.attributes),
  );
  expect(unsafe).toEqual([]);
  const session = await prepare({ gradient: gradient! }, 2);

  const rows = frequentTokens();
  const updates = randomNumbers(tokens * dModel, 5);
  const expected = new Float64Array(vocabularySize * dModel);
  rows.forEach((row, index) => {
    for (const column of range(dModel)) expected[row * dModel + column]! += updates[index * dModel + column]!;
  });
  expect(new Set(rows).size).toBeLessThan(tokens / 4);
  expect(rows.filter((row) => row < 10).length).toBeGreaterThan(tokens / 2);

  const feeds = {
    table: fed('float32', [vocabularySize, dModel], new Float32Array(vocabularySize * dModel)),
    ids: fed('int32', [32, tokens / 32], rows),
    weights: fed('float32', [32, tokens / 32, dModel], updates),
  };
  let first: Uint8Array | undefined;
  for (let run = 0; run < runs; run++) {
    const values = (await session.run(feeds)).gradient.data as Float32Array;
    const error = values.reduce(
      (worst, value, index) => Math.max(worst, Math.abs(value - expected[index]!)),
      0,
    );
    expect(error, `run ${run}`).toBeLessThan(1e-4);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    first ??= bytes;
    expect(Buffer.compare(bytes, first), `run ${run} differs from the first`).toBe(0);
  }
  await session.dispose();
});
