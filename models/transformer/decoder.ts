/**
 * The decoder stack, §3.1: masked self-attention, attention over the encoder's output, feed-forward.
 * Two ways through the same layers: a whole target at once (training, attention maps) and token by token with a cache.
 */
import * as graph from '../graph/operators';
import type { Tensor } from '../graph/tensor';
import {
  causalMask,
  multiHeadAttention,
  projectMemory,
  projectQueries,
  projectSelf,
  type Memory,
} from './attention';
import { embed } from './embeddings';
import type { Encoded } from './encoder';
import { feedForward } from './feedForward';
import { closeStack, residual, type BuildContext } from './layers';
import type { Scope } from './parameters';

export interface Decoded {
  /** `[batch, targetLength, dModel]` */
  readonly states: Tensor;
  /** One a layer, `[batch, heads, targetLength, targetLength]`. */
  readonly selfAttention: readonly Tensor[];
  /** One a layer, `[batch, heads, targetLength, sourceLength]`. */
  readonly crossAttention: readonly Tensor[];
}

interface LayerMemories {
  readonly crossMemory: Memory;
  readonly crossMask: Tensor;
  readonly selfMask?: Tensor;
  /** What self-attention looks at, given what the layer's own input offers. */
  readonly selfMemory: (own: Memory) => Memory;
}

function decoderLayer(build: BuildContext, layer: Scope, states: Tensor, memories: LayerMemories) {
  let selfWeights: Tensor | undefined;
  let crossWeights: Tensor | undefined;
  const afterSelf = residual(build, layer.in('selfAttentionNorm'), states, (x) => {
    const at = layer.in('selfAttention');
    const { queries, memory } = projectSelf(build, at, x);
    const { context, weights } = multiHeadAttention(
      build,
      at,
      queries,
      memories.selfMemory(memory),
      memories.selfMask,
    );
    selfWeights = weights;
    return context;
  });
  const afterCross = residual(build, layer.in('crossAttentionNorm'), afterSelf, (x) => {
    const at = layer.in('crossAttention');
    const queries = projectQueries(build, at, x);
    const { crossMemory, crossMask } = memories;
    const { context, weights } = multiHeadAttention(build, at, queries, crossMemory, crossMask);
    crossWeights = weights;
    return context;
  });
  const output = residual(build, layer.in('feedForwardNorm'), afterCross, (x) =>
    feedForward(build, layer.in('feedForward'), x),
  );
  return { output, selfWeights: selfWeights!, crossWeights: crossWeights! };
}

function layerScope(scope: Scope, index: number): Scope {
  return scope.in(`decoder.layers.${index}`);
}

/**
 * The whole target in one pass, each position seeing itself and those before it.
 *
 * @param targetIds int32 `[batch, targetLength]`: the start token, then the target without its last token
 */
export function decode(build: BuildContext, scope: Scope, targetIds: Tensor, encoded: Encoded): Decoded {
  const selfMask = causalMask(targetIds);
  const selfAttention: Tensor[] = [];
  const crossAttention: Tensor[] = [];
  let states = embed(build, scope, 'decoder', targetIds);
  for (let index = 0; index < build.config.decoderLayers; index++) {
    const layer = layerScope(scope, index);
    const { output, selfWeights, crossWeights } = decoderLayer(build, layer, states, {
      crossMemory: projectMemory(build, layer.in('crossAttention'), encoded.states),
      crossMask: encoded.mask,
      selfMask,
      selfMemory: (own) => own,
    });
    selfAttention.push(selfWeights);
    crossAttention.push(crossWeights);
    states = output;
  }
  return { states: closeStack(build, scope.in('decoder.norm'), states), selfAttention, crossAttention };
}

/** Every layer's keys and values of the encoder's output: computed once a sentence. */
export function crossMemories(build: BuildContext, scope: Scope, encoded: Tensor): Memory[] {
  return Array.from({ length: build.config.decoderLayers }, (_, index) =>
    projectMemory(build, layerScope(scope, index).in('crossAttention'), encoded),
  );
}

/**
 * What self-attention in a layer looks at: what the tokens before offered it, and behind them what this one does.
 *
 * @param own of one position, `[batch, heads, 1, dKey]` and `[batch, heads, 1, dValue]`
 */
export type Recall = (layer: number, own: Memory) => Memory;

export interface DecodedStep {
  /** `[batch, dModel]` */
  readonly states: Tensor;
  /** One a layer, `[batch, heads, 1, sourceLength]`. */
  readonly crossAttention: readonly Tensor[];
}

/**
 * One more token, given what the earlier ones left behind.
 *
 * @param tokenIds int32 `[batch, 1]`
 * @param position int32 without axes: how many tokens came before
 */
export function decodeStep(
  build: BuildContext,
  scope: Scope,
  tokenIds: Tensor,
  position: Tensor,
  recall: Recall,
  cross: { readonly memories: readonly Memory[]; readonly mask: Tensor },
): DecodedStep {
  const crossAttention: Tensor[] = [];
  let states = embed(build, scope, 'decoder', tokenIds, position);
  cross.memories.forEach((crossMemory, index) => {
    const { output, crossWeights } = decoderLayer(build, layerScope(scope, index), states, {
      crossMemory,
      crossMask: cross.mask,
      selfMemory: (own) => recall(index, own),
    });
    crossAttention.push(crossWeights);
    states = output;
  });
  // Reshaped before it is normalised, or onnxruntime makes one operator of the last sum and its normalisation, which
  // takes twice as long as both.
  const rows = graph.reshape(states, [-1, build.config.dModel]);
  return { states: closeStack(build, scope.in('decoder.norm'), rows), crossAttention };
}
