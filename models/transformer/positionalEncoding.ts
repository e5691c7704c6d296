/** Sinusoidal positional encoding, §3.5, computed in the graph: any length, no table. */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';

/** PE(pos, 2i) = sin(pos/10000^(2i/dModel)), PE(pos, 2i+1) = cos of the same: positions `[length]` → `[length, dModel]`. */
export function positionalEncoding(
  positions: Tensor,
  { dModel, positions: layout }: TransformerConfig,
): Tensor {
  const frequencies = Array.from({ length: dModel / 2 }, (_, i) => 10_000 ** ((-2 * i) / dModel));
  const angles = graph.multiply(
    graph.unsqueeze(positions, [1]),
    constant('float32', [1, dModel / 2], frequencies),
  );
  const [sines, cosines] = [graph.sin(angles), graph.cos(angles)];
  if (layout === 'halves') return graph.concat([sines, cosines], 1);
  const pairs = graph.concat([graph.unsqueeze(sines, [2]), graph.unsqueeze(cosines, [2])], 2);
  return graph.reshape(pairs, [0, dModel]);
}
