/** Position-wise feed-forward networks, §3.3: two linear maps with an activation between them. */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';
import type { TransformerConfig } from './config';
import { linear, type BuildContext } from './layers';
import type { Scope } from './parameters';

const activationFunctions: Record<TransformerConfig['activation'], (x: Tensor) => Tensor> = {
  /** max(0, x), the paper's. */
  relu: graph.relu,
  /** x·Φ(x), Hendrycks and Gimpel 2016, in its exact form. */
  gelu: (x) => {
    const half = graph.multiply(x, graph.constantLike(0.5, x));
    const error = graph.erf(graph.multiply(x, graph.constantLike(Math.SQRT1_2, x)));
    return graph.multiply(half, graph.add(error, graph.constantLike(1, x)));
  },
  /** x·σ(x), Ramachandran et al. 2017; Marian's models use it. */
  swish: (x) => graph.multiply(x, graph.sigmoid(x)),
};

/** @param x `[batch, length, dModel]` */
export function feedForward({ config, dropout, watch }: BuildContext, scope: Scope, x: Tensor): Tensor {
  const inner = activationFunctions[config.activation](
    linear(x, { scope: scope.in('inner'), width: config.dFf }),
  );
  watch?.(`${scope.path}.activations`, inner);
  return linear(dropout.feedForward(inner), { scope: scope.in('outer'), width: config.dModel });
}
