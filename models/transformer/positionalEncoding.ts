/** Where a token stands: sines and cosines (§3.5), of any length and without a table, or vectors that are learned. */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';
import type { positionLayouts, TransformerConfig } from './config';
import { lookUp } from './matrices';
import type { Scope } from './parameters';

/**
 * PE(pos, 2i) = sin(pos/10000^(2i/dModel)), PE(pos, 2i+1) = cos of the same (§3.5).
 *
 * @param positions float32 `[length]` → `[length, dModel]`
 */
export function sinusoids(
  positions: Tensor,
  dModel: number,
  layout: (typeof positionLayouts)[number],
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

/**
 * A vector a position, as Table 3's row E has it (Gehring et al. 2017). Training sees none beyond the last; where a
 * translation runs on that far all the same, what follows shares the last one.
 *
 * @param positions int32 `[length]` → `[length, dModel]`
 */
export function learnedPositions(
  scope: Scope,
  positions: Tensor,
  { dModel, maximumPositions }: TransformerConfig,
): Tensor {
  const rows = maximumPositions!;
  const table = scope.matrix('weight', [rows, dModel], 'embedding');
  const last = graph.constantLike(rows - 1, positions);
  return lookUp(table, graph.where(graph.greater(positions, last), last, positions), dModel);
}
