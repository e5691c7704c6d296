/** The encoder stack, §3.1: self-attention and feed-forward, layer upon layer. */
import type { Tensor } from '../graph/tensor';
import { multiHeadAttention, paddingMask, projectSelf } from './attention';
import { embed } from './embeddings';
import { feedForward } from './feedForward';
import { closeStack, residual, type BuildContext } from './layers';
import type { Scope } from './parameters';

export interface Encoded {
  /** `[batch, sourceLength, dModel]` */
  readonly states: Tensor;
  /** Hides the source's padding, `[batch, 1, 1, sourceLength]`. */
  readonly mask: Tensor;
  /** One a layer, `[batch, heads, sourceLength, sourceLength]`. */
  readonly attention: readonly Tensor[];
}

/** @param sourceIds int32 `[batch, sourceLength]`, padded at the end */
export function encode(build: BuildContext, scope: Scope, sourceIds: Tensor): Encoded {
  const mask = paddingMask(sourceIds, build.config.paddingToken);
  const attention: Tensor[] = [];
  let states = embed(build, scope, 'encoder', sourceIds);
  for (let index = 0; index < build.config.encoderLayers; index++) {
    const layer = scope.in(`encoder.layers.${index}`);
    states = residual(build, layer.in('selfAttentionNorm'), states, (x) => {
      const at = layer.in('selfAttention');
      const { queries, memory } = projectSelf(build, at, x);
      const { context, weights } = multiHeadAttention(build, at, queries, memory, mask);
      attention.push(weights);
      return context;
    });
    states = residual(build, layer.in('feedForwardNorm'), states, (x) =>
      feedForward(build, layer.in('feedForward'), x),
    );
  }
  return { states: closeStack(build, scope.in('encoder.norm'), states), mask, attention };
}
