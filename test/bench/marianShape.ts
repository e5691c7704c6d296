/**
 * A model in the form that @huggingface/transformers reads Marian's models in: an encoder, and a decoder step that takes
 * keys and values of the tokens before and hands them on whole, by the names and types that the library goes by.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as graph from '../../models/graph/operators';
import { buildProgram } from '../../models/graph/program';
import { constant, input, type Tensor } from '../../models/graph/tensor';
import type { Memory } from '../../models/transformer/attention';
import type { TransformerConfig } from '../../models/transformer/config';
import { crossMemories, decodeStep } from '../../models/transformer/decoder';
import { project } from '../../models/transformer/embeddings';
import { encode } from '../../models/transformer/encoder';
import { inferenceContext } from '../../models/transformer/layers';
import { ParameterConstants, Scope, type MixedWeights } from '../../models/transformer/parameters';

const [batch, source] = ['batch_size', 'encoder_sequence_length'];

type Side = 'decoder' | 'encoder';

function pastOf(side: Side, { heads, dKey, dValue, decoderLayers }: TransformerConfig): Memory[] {
  const length = side === 'decoder' ? 'past_decoder_sequence_length' : 'past_encoder_sequence_length';
  const one = (layer: number, part: string, width: number): Tensor =>
    input(`past_key_values.${layer}.${side}.${part}`, 'float32', [batch, heads, length, width]);
  return Array.from({ length: decoderLayers }, (_, layer) => ({
    keys: one(layer, 'key', dKey),
    values: one(layer, 'value', dValue),
  }));
}

function presentOf(side: Side, memories: readonly Memory[]): Record<string, Tensor> {
  return Object.fromEntries(
    memories.flatMap(({ keys, values }, layer) => [
      [`present.${layer}.${side}.key`, keys],
      [`present.${layer}.${side}.value`, values],
    ]),
  );
}

function behind(past: Memory, latest: Memory, length: string): Memory {
  return {
    keys: graph.concat([past.keys, latest.keys], 2, length),
    values: graph.concat([past.values, latest.values], 2, length),
  };
}

function buildEncoder(config: TransformerConfig, weights: MixedWeights): Uint8Array {
  const scope = new Scope(new ParameterConstants(weights));
  const ids = graph.cast(input('input_ids', 'int64', [batch, source]), 'int32');
  const { states } = encode(inferenceContext(config), scope, ids);
  return buildProgram('encoder_model', { last_hidden_state: states }).model;
}

function buildDecoder(config: TransformerConfig, weights: MixedWeights): Uint8Array {
  const build = { ...inferenceContext(config), scaledQueries: true };
  const scope = new Scope(new ParameterConstants(weights));
  const encoded = input('encoder_hidden_states', 'float32', [batch, source, config.dModel]);
  const past = { decoder: pastOf('decoder', config), encoder: pastOf('encoder', config) };
  // What is remembered of the source is not computed again, but for one position, which goes nowhere: onnxruntime does
  // not quantise rows that are none. (Marian's own has two branches for it.)
  const [zero, one] = [constant('int64', [1], [0]), constant('int64', [1], [1])];
  const isCached = graph.cast(input('use_cache_branch', 'bool', [1]), 'int64');
  const count = graph.multiply(graph.sizeOf(encoded, 1), graph.subtract(one, isCached));
  const upTo = (x: Tensor, axis: number, end: Tensor, name: string): Tensor =>
    graph.slice(x, axis, zero, end, name);
  const computed = upTo(encoded, 1, graph.add(count, isCached), 'computed');
  const fresh = crossMemories(build, scope, computed).map(({ keys, values }) => ({
    keys: upTo(keys, 2, count, 'fresh'),
    values: upTo(values, 2, count, 'fresh'),
  }));
  const mask = input('encoder_attention_mask', 'int64', [batch, source]);
  const hidden = graph.equal(mask, constant('int64', [], [0]));
  const position = graph.reshape(graph.sizeOf(past.decoder[0]!.keys, 2), []);
  const latest: Memory[] = [];
  const step = decodeStep(
    build,
    scope,
    graph.cast(input('input_ids', 'int64', [batch, 1]), 'int32'),
    graph.cast(position, 'int32'),
    (layer, own) => (latest[layer] = behind(past.decoder[layer]!, own, 'decoder_sequence_length')),
    {
      memories: fresh.map((memory, layer) => behind(past.encoder[layer]!, memory, source)),
      mask: graph.unsqueeze(
        graph.where(hidden, constant('float32', [], [-1e9]), constant('float32', [], [0])),
        [1, 2],
      ),
    },
  );
  return buildProgram<string>('decoder_model_merged', {
    logits: graph.reshape(project(config, scope, step.states), [-1, 1, config.vocabularySize]),
    ...presentOf('decoder', latest),
    ...presentOf('encoder', fresh),
  }).model;
}

/** Into a folder that the library loads as a local model, with its products in whole numbers as ours has them. */
export async function writeMarianShape(
  folder: string,
  config: TransformerConfig,
  weights: MixedWeights,
): Promise<void> {
  const special = {
    decoder_start_token_id: config.decoderStartToken,
    eos_token_id: config.endToken,
    pad_token_id: config.paddingToken,
  };
  const settings = {
    ...special,
    architectures: ['MarianMTModel'],
    model_type: 'marian',
    is_encoder_decoder: true,
    vocab_size: config.vocabularySize,
    d_model: config.dModel,
    encoder_layers: config.encoderLayers,
    decoder_layers: config.decoderLayers,
    encoder_attention_heads: config.heads,
    decoder_attention_heads: config.heads,
  };
  const onnx = path.join(folder, 'onnx');
  await mkdir(onnx, { recursive: true });
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(settings));
  await writeFile(path.join(folder, 'generation_config.json'), JSON.stringify(special));
  await writeFile(path.join(onnx, 'encoder_model.onnx'), buildEncoder(config, weights));
  await writeFile(path.join(onnx, 'decoder_model_merged.onnx'), buildDecoder(config, weights));
}
