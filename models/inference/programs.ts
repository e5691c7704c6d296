/**
 * The programs that translate, with the weights inside: the encoder once a sentence, the decoder once a token.
 * Tensors that go from one run to the next are in memories.ts.
 */
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { constant, input, type Tensor } from '../graph/tensor';
import type { TransformerConfig } from '../transformer/config';
import { crossMemories, decodeStep } from '../transformer/decoder';
import { project } from '../transformer/embeddings';
import { firstByteId } from '../text/reservedTokens';
import { encode } from '../transformer/encoder';
import { inferenceContext, stackLayers } from '../transformer/layers';
import { sourceInput, targetInput, transformer } from '../transformer/model';
import {
  ParameterConstants,
  Scope,
  type MixedWeights,
  type QuantisedProducts,
} from '../transformer/parameters';
import { handedOn, memoryInputs, memoryOutputs } from './memories';
import { recallFromLog } from './memoryLog';
import { recallWhole } from './wholeMemory';

export const crossMask = 'crossMask';

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

const crossInputs = (config: TransformerConfig, batch: string) =>
  memoryInputs('cross', config, (width) => [batch, config.heads, 'sourceLength', width]);

export interface StepForm {
  /** How it looks back at the tokens before: as memoryLog.ts or as wholeMemory.ts says. */
  readonly selfMemory: 'log' | 'whole';
  /**
   * Of what may follow: everything, as others expect of a model, or what a search looks at, which is a thousandth: not
   * to hand out the rest saves a tenth of a batch's time.
   */
  readonly says: 'everything' | 'likeliest';
}

/**
 * One decoder step for hypotheses that each go on from one of the step before.
 *
 * Inputs: `tokenIds` int32 `[batch, 1]`; `position` int32, tokens so far; cross memories and mask of the batch; what it
 * looks back at; where it says the likeliest, `count` int64 `[1]`.
 * Outputs: `logProbabilities` `[batch, vocabularySize]`, or what decoderOutput.ts has of them; `crossAttention`
 * `[layer, batch, head, 1, sourceLength]`, where in the source it looked for them; what it hands on for the next step.
 */
export function buildDecoderStep(
  config: TransformerConfig,
  weights: MixedWeights,
  products: QuantisedProducts,
  { selfMemory, says }: StepForm,
): Program {
  const build = { ...inferenceContext(config), scaledQueries: true };
  const scope = new Scope(new ParameterConstants(weights, products));
  const past = selfMemory === 'log' ? recallFromLog(config) : recallWhole(config);
  const cross = { memories: crossInputs(config, 'batch'), mask: crossMaskInput('batch') };
  const tokenIds = input('tokenIds', 'int32', ['batch', 1]);
  const step = decodeStep(build, scope, tokenIds, input('position', 'int32', []), past.recall, cross);
  const logProbabilities = graph.logSoftmax(project(config, scope, step.states));
  return buildProgram<string>('decoderStep', {
    ...(says === 'everything'
      ? { logProbabilities, crossAttention: stackLayers(step.crossAttention) }
      : {
          ...likeliest(logProbabilities, config),
          crossAttention: graph.concat(step.crossAttention, 0, 'layers*batch'),
        }),
    ...past.outputs(),
  });
}

/** Of a step that says the likeliest, besides what it remembers. */
export type StepOutput = keyof ReturnType<typeof likeliest> | 'crossAttention';

/** Of log-probabilities `[batch, vocabularySize]` those of the tokens before the bytes, and the likeliest others. */
function likeliest(
  logProbabilities: Tensor,
  { vocabularySize }: TransformerConfig,
): Record<'reserved' | 'likeliest' | 'likeliestPlaces', Tensor> {
  const place = (value: number): Tensor => constant('int64', [1], [value]);
  const columns = (from: number, to: number): Tensor =>
    graph.slice(logProbabilities, 1, place(from), place(to), to - from);
  const count = input('count', 'int64', [1]);
  const { values, places } = graph.topK(columns(firstByteId, vocabularySize), count, 'count');
  return {
    reserved: columns(0, firstByteId),
    likeliest: values,
    likeliestPlaces: graph.cast(places, 'int32'),
  };
}

/** Cross memories and mask of some rows of a batch: those sentences that are not finished. Input `rows` int32. */
export function buildSelectRows(config: TransformerConfig): Program {
  const rows = input('rows', 'int32', ['batch']);
  const selected = crossInputs(config, 'before').map(({ keys, values }) => ({
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
