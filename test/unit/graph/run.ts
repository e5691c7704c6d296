/** Runs graphs for tests: tensors as results, numbers in, numbers out. */
import { buildProgram } from '../../../models/graph/program';
import type { DataType, Tensor } from '../../../models/graph/tensor';
import { ort, Session, type Feeds } from '../../../models/runtime/session';

export type { Feeds } from '../../../models/runtime/session';

const arrays = {
  /** As bits. */
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const;

/** A value to feed, from plain numbers (booleans as 0 and 1). */
export function fed(type: DataType, dims: readonly number[], values: Iterable<number>): ort.Tensor {
  const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : arrays[type].from(values);
  return new ort.Tensor(type, data, dims);
}

/** A result as numbers, whatever its type. */
export function numbers(tensor: ort.Tensor): number[] {
  return Array.from(tensor.data as Iterable<number | bigint | boolean>, Number);
}

/** A session over the graph that makes these results. */
export async function prepare<Output extends string>(
  outputs: Readonly<Record<Output, Tensor>>,
  threads = 1,
): Promise<Session<Output>> {
  return Session.create(buildProgram('test', outputs), { threads });
}

/** Builds, runs once and forgets. */
export async function evaluate<Output extends string>(
  outputs: Readonly<Record<Output, Tensor>>,
  feeds: Feeds = {},
  threads = 1,
): Promise<Record<Output, ort.Tensor>> {
  const session = await prepare(outputs, threads);
  const results = await session.run(feeds);
  await session.dispose();
  return results;
}
