/**
 * The programs that translate, with the weights inside: the encoder once a sentence, the decoder once a token.
 * Tensors that go from one run to the next are named by `memoryNames`, and leave a program as `handedOn` of that name.
 */
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { input, type Tensor } from '../graph/tensor';
import type { Memory } from '../transformer/attention';
import type { TransformerConfig } from '../transformer/config';
import { crossMemories, decodeStep } from '../transformer/decoder';
import { project } from '../transformer/embeddings';
import { encode } from '../transformer/encoder';
import { inferenceContext, stackLayers } from '../transformer/layers';
import { sourceInput, targetInput, transformer } from '../transformer/model';
import {
  ParameterConstants,
  Scope,
  type MixedWeights,
  type QuantisedProducts,
} from '../transformer/parameters';

export const crossMask = 'crossMask';

/** Keys and values of every layer of the decoder: `crossKeys0`, `crossValues0`, `crossKeys1`, … */
export function memoryNames(kind: 'cross' | 'self', config: TransformerConfig): string[] {
  return Array.from({ length: config.decoderLayers }, (_, layer) => [
    `${kind}Keys${layer}`,
    `${kind}Values${layer}`,
  ]).flat();
}

/** What a run hands on: a value cannot leave a program under the name that another entered with. */
export const handedOn = (name: string): string => `next.${name}`;

function memoryOutputs(kind: 'cross' | 'self', memories: readonly Memory[]): Record<string, Tensor> {
  return Object.fromEntries(
    memories.flatMap(({ keys, values }, layer) => [
      [handedOn(`${kind}Keys${layer}`), keys],
      [handedOn(`${kind}Values${layer}`), values],
    ]),
  );
}

function memoryInputs(
  kind: 'cross' | 'self',
  config: TransformerConfig,
  batch: string,
  length: string,
): Memory[] {
  const { decoderLayers, heads, dKey, dValue } = config;
  return Array.from({ length: decoderLayers }, (_, layer) => ({
    keys: input(`${kind}Keys${layer}`, 'float32', [batch, heads, length, dKey]),
    values: input(`${kind}Values${layer}`, 'float32', [batch, heads, length, dValue]),
  }));
}

const crossMaskInput = (batch: string): Tensor => input(crossMask, 'float32', [batch, 1, 1, 'sourceLength']);

/**
 * `sourceIds` int32 `[batch, sourceLength]` → the cross memories `[batch, heads, sourceLength, dKey]` and
 * `crossMask` `[batch, 1, 1, sourceLength]`, handed on.
 */
export function buildEncoder(
  config: TransformerConfig,
  weights: MixedWeights,
  products: QuantisedProducts,
): Program {
  const build = { ...inferenceContext(config), scaledQueries: true };
  const scope = new Scope(new ParameterConstants(weights, products));
  const { states, mask } = encode(build, scope, sourceInput());
  return buildProgram('encoder', {
    ...memoryOutputs('cross', crossMemories(build, scope, states)),
    [handedOn(crossMask)]: mask,
  });
}

/**
 * One decoder step for hypotheses that each go on from a row of the step before.
 *
 * Inputs: `tokenIds` int32 `[batch, 1]`; `position` int32, tokens so far; `rows` int32 `[batch]`, which row of the self
 * memories `[before, heads, past, dKey]` each hypothesis goes on from; cross memories and mask of the batch.
 * Outputs: `logProbabilities` `[batch, vocabularySize]`; `crossAttention` `[layer, batch, head, 1, sourceLength]`, where
 * in the source it looked for them; the self memories with this token.
 */
export function buildDecoderStep(
  config: TransformerConfig,
  weights: MixedWeights,
  products: QuantisedProducts,
): Program {
  const build = { ...inferenceContext(config), scaledQueries: true };
  const scope = new Scope(new ParameterConstants(weights, products));
  const rows = input('rows', 'int32', ['batch']);
  const past = memoryInputs('self', config, 'before', 'past').map(({ keys, values }) => ({
    keys: graph.gather(keys, rows),
    values: graph.gather(values, rows),
  }));
  const cross = {
    memories: memoryInputs('cross', config, 'batch', 'sourceLength'),
    mask: crossMaskInput('batch'),
  };
  const tokenIds = input('tokenIds', 'int32', ['batch', 1]);
  const step = decodeStep(build, scope, tokenIds, input('position', 'int32', []), past, cross, 'now');
  const states = graph.reshape(step.states, [-1, config.dModel]);
  return buildProgram('decoderStep', {
    logProbabilities: graph.logSoftmax(project(config, scope, states)),
    crossAttention: stackLayers(step.crossAttention),
    ...memoryOutputs('self', step.selfMemories),
  });
}

/** Cross memories and mask of some rows of a batch: those sentences that are not finished. Input `rows` int32. */
export function buildSelectRows(config: TransformerConfig): Program {
  const rows = input('rows', 'int32', ['batch']);
  const selected = memoryInputs('cross', config, 'before', 'sourceLength').map(({ keys, values }) => ({
    keys: graph.gather(keys, rows),
    values: graph.gather(values, rows),
  }));
  return buildProgram('selectRows', {
    ...memoryOutputs('cross', selected),
    [handedOn(crossMask)]: graph.gather(crossMaskInput('before'), rows),
  });
}

/**
 * A given target in one masked pass: `logProbabilities` `[batch·targetLength, vocabularySize]` and all attention, as
 * `[layer, batch, head, query, key]`: what maps are drawn from, and what decoding step by step must equal.
 */
export function buildMaskedPass(config: TransformerConfig, weights: MixedWeights): Program {
  const parameters = new ParameterConstants(weights);
  const { encoded, decoded } = transformer(
    inferenceContext(config),
    parameters,
    sourceInput(),
    targetInput(),
  );
  const states = graph.reshape(decoded.states, [-1, config.dModel]);
  return buildProgram('maskedPass', {
    logProbabilities: graph.logSoftmax(project(config, new Scope(parameters), states)),
    encoderAttention: stackLayers(encoded.attention),
    decoderAttention: stackLayers(decoded.selfAttention),
    crossAttention: stackLayers(decoded.crossAttention),
  });
}
