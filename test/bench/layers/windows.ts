/**
 * The layers of Table 1 that look at a window of the sequence: convolution, and self-attention restricted to a
 * neighbourhood. Windows are put together from slices, whose gradients are slices again; rows gathered by index would
 * have to be added up one by one on the way back.
 *
 * Letters: b batch, n length, d width, h heads.
 */
import * as graph from '../../../models/graph/operators';
import { constant, type DataType, type Tensor } from '../../../models/graph/tensor';

const at = (place: number): Tensor => constant('int64', [1], [place]);

/** x `[b, n, d]` between zeros. */
function padded(x: Tensor, before: number, after: number): Tensor {
  const [batch, , width] = x.shape as [number, number, number];
  const zeros = (length: number): Tensor =>
    constant(x.type, [batch, length, width], new Float32Array(batch * length * width));
  return graph.concat([...(before > 0 ? [zeros(before)] : []), x, ...(after > 0 ? [zeros(after)] : [])], 1);
}

/** x `[b, n, d]`, kernel `[k·d, d]` → `[b, n, d]`: the k rows around each place side by side, and one product. */
export function convolution(x: Tensor, kernel: Tensor, size: number): Tensor {
  const length = x.shape[1] as number;
  const before = (size - 1) >> 1;
  const wide = padded(x, before, size - 1 - before);
  const shifted = Array.from({ length: size }, (_, shift) =>
    graph.slice(wide, 1, at(shift), at(shift + length), length),
  );
  return graph.matmul(graph.concat(shifted, 2), kernel);
}

const hidden = -1e9;

/** For queries in blocks of r, which of the 2r keys around a block each may see: those at most r/2 away, and real. */
function bandMask(type: DataType, length: number, reach: number): Tensor {
  const half = reach / 2;
  const values = new Float32Array(length * 2 * reach);
  for (let query = 0; query < length; query++) {
    const first = query - (query % reach) - half;
    for (let place = 0; place < 2 * reach; place++) {
      const key = first + place;
      const isSeen = key >= 0 && key < length && Math.abs(key - query) <= half;
      values[query * 2 * reach + place] = isSeen ? 0 : hidden;
    }
  }
  return constant(type, [length / reach, 1, reach, 2 * reach], values);
}

/**
 * Self-attention of each place to those at most r/2 away, x `[b, n, d]` → `[b, n, d]`, x being queries, keys and values.
 * Computed in blocks of r queries with the 2r keys around them, of which a mask hides what is too far away; n must be a
 * multiple of r, and r even.
 */
export function restrictedAttention(x: Tensor, heads: number, reach: number): Tensor {
  const [batch, length, width] = x.shape as [number, number, number];
  const blocks = length / reach;
  const perHead = width / heads;
  const wide = padded(x, reach / 2, reach / 2);
  const halves = [0, reach].map((start) =>
    graph.reshape(graph.slice(wide, 1, at(start), at(start + length), length), [batch, blocks, reach, width]),
  );
  const split = (sequence: Tensor, size: number): Tensor =>
    graph.transpose(graph.reshape(sequence, [batch, blocks, size, heads, perHead]), [0, 1, 3, 2, 4]);
  const queries = split(graph.multiply(x, graph.constantLike(perHead ** -0.5, x)), reach);
  const memory = split(graph.concat(halves, 2), 2 * reach);
  const scores = graph.matmul(queries, graph.transpose(memory, [0, 1, 2, 4, 3]));
  const weights = graph.softmax(graph.add(scores, bandMask(x.type, length, reach)));
  const context = graph.transpose(graph.matmul(weights, memory), [0, 1, 3, 2, 4]);
  return graph.reshape(context, [batch, length, width]);
}
