/**
 * What a person sees who walks through the model with one token of the source and one place of the target: every value
 * on their way, out of the same graph that translates.
 */
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { input, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from '../transformer/config';
import { project } from '../transformer/embeddings';
import { inferenceContext, stackLayers, type BuildContext } from '../transformer/layers';
import { sourceInput, targetInput, transformer } from '../transformer/model';
import { ParameterConstants, Scope, type MixedWeights } from '../transformer/parameters';

/** The three attentions, as outputs' names begin, with the stack and the sub-layer of each. */
export const walkAttentions = {
  encoder: ['encoder', 'selfAttention'],
  decoder: ['decoder', 'selfAttention'],
  cross: ['decoder', 'crossAttention'],
} as const;
export type WalkAttention = keyof typeof walkAttentions;

export const attentionValues = ['queries', 'scores', 'weights', 'context'] as const;
export const embeddingValues = ['rows', 'encoding', 'sum'] as const;

/**
 * Inputs: `sourceIds` and `targetIds` of a batch of one; `sourcePlace` and `targetPlace` int32 `[1]`, which token of
 * each. Outputs, of these places alone:
 * - `embedding.rows`, `.encoding`, `.sum`: `[1, 1, dModel]` (the positions' encoding `[1, dModel]`), of the source;
 * - for each attention `<attention>.queries` `[layer, 1, 1, head, dKey]`, `.scores` and `.weights`
 *   `[layer, 1, 1, head, key]`, `.context` `[layer, 1, 1, head, dValue]`;
 * - for each stack `<stack>.activations` `[layer, 1, 1, dFf]` and `<stack>.states` `[layer, 1, 1, dModel]`, after each
 *   layer;
 * - `logits` `[1, vocabularySize]`, of what is said at the target's place.
 */
export function buildWalk(config: TransformerConfig, weights: MixedWeights): Program {
  const watched = new Map<string, Tensor>();
  const build: BuildContext = {
    ...inferenceContext(config),
    watch: (name, value) => void watched.set(name, value),
  };
  const parameters = new ParameterConstants(weights);
  const { decoded } = transformer(build, parameters, sourceInput(), targetInput());
  const places = {
    encoder: input('sourcePlace', 'int32', [1]),
    decoder: input('targetPlace', 'int32', [1]),
  };
  const at = (stack: 'encoder' | 'decoder', name: string): Tensor =>
    placeOf(watched.get(`${stack}.${name}`)!, places[stack]);
  const ofLayers = (stack: 'encoder' | 'decoder', name: string): Tensor =>
    stackLayers(
      Array.from({ length: config[`${stack}Layers`] }, (_, layer) => at(stack, `layers.${layer}.${name}`)),
    );
  const outputs: Record<string, Tensor> = {};
  for (const name of embeddingValues) outputs[`embedding.${name}`] = at('encoder', `embedding.${name}`);
  for (const [attention, [stack, sublayer]] of Object.entries(walkAttentions)) {
    for (const name of attentionValues)
      outputs[`${attention}.${name}`] = ofLayers(stack, `${sublayer}.${name}`);
  }
  for (const stack of ['encoder', 'decoder'] as const) {
    outputs[`${stack}.activations`] = ofLayers(stack, 'feedForward.activations');
    outputs[`${stack}.states`] = ofLayers(stack, 'feedForwardNorm.output');
  }
  const state = graph.reshape(placeOf(decoded.states, places.decoder), [-1, config.dModel]);
  outputs['logits'] = project(config, new Scope(parameters), state);
  return buildProgram('walk', outputs);
}

/**
 * One place of a sequence: `[length, width]` → `[1, width]`, `[batch, length, width]` → `[1, batch, width]`,
 * `[batch, head, length, width]` → `[1, batch, head, width]`.
 */
function placeOf(value: Tensor, place: Tensor): Tensor {
  const last = value.rank - 2;
  const others = value.shape.map((_, axis) => axis).filter((axis) => axis !== last);
  return graph.gather(last === 0 ? value : graph.transpose(value, [last, ...others]), place);
}
