/** The graph of one training step: forward, loss, backward, as one program. */
import { gradients } from '../graph/gradients';
import { halveProducts } from '../graph/halfProducts';
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { input, type Tensor } from '../graph/tensor';
import type { Device } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import { seededDropout, type DropoutRates } from '../transformer/dropout';
import { embeddingTable, outputBias } from '../transformer/embeddings';
import { inferenceContext } from '../transformer/layers';
import { sourceInput, targetInput, transformer } from '../transformer/model';
import { ParameterInputs, Scope, type ParameterShape } from '../transformer/parameters';
import { labelSmoothedCrossEntropy, type Loss } from './loss';
import type { Precision } from './precision';

export interface StepOptions {
  readonly dropout: DropoutRates;
  readonly labelSmoothing: number;
  /** Into how many parts the rows of the vocabulary projection are cut. */
  readonly lossChunks: number;
  /** R-Drop's α: how much is made of the distance between two passes with other units dropped; 0 unless given. */
  readonly rDrop?: number;
  /** `float32` unless given. */
  readonly precision?: Precision;
}

export const gradientPrefix = 'gradient:';

export interface StepProgram {
  /**
   * Inputs: `sourceIds`, `targetIds` (int32 `[batch, length]`), `rows` (int32 `[n]`, the places in the flattened
   * `[batch·targetLength]` that predict a token), `labels` (int32 `[n]`), `scale` (the loss is Σ·scale), `seed` where
   * there is dropout, and every parameter by name. Outputs: `loss` (Σ smoothed), `negativeLogLikelihood` (Σ), and for
   * each parameter `gradient:` + name, of the scaled loss.
   */
  readonly program: Program;
  readonly parameters: readonly ParameterShape[];
}

interface LossGraph {
  readonly inputs: ParameterInputs;
  readonly loss: Loss;
}

function lossGraph(
  config: TransformerConfig,
  { dropout, labelSmoothing, lossChunks, rDrop = 0 }: StepOptions,
  training: boolean,
  device: Device = 'cpu',
): LossGraph {
  const inputs = new ParameterInputs();
  const scope = new Scope(inputs);
  const hasDropout = Object.values(dropout).some((rate: number) => rate > 0);
  const build = hasDropout
    ? {
        config,
        dropout: seededDropout(input('seed', 'uint32', []), dropout, device === 'cpu' ? 'truth' : 'number'),
      }
    : inferenceContext(config);
  const ids = [sourceInput(), targetInput()] as const;
  const [sourceIds, targetIds] = rDrop > 0 ? (ids.map(twice) as [Tensor, Tensor]) : ids;
  const { decoded } = transformer(build, inputs, sourceIds, targetIds);
  const flat = graph.reshape(decoded.states, [-1, config.dModel]);
  const rows = input('rows', 'int32', ['rows']);
  const loss = labelSmoothedCrossEntropy(
    {
      states: pickRows(flat, rDrop > 0 ? rowsOfBothPasses(rows, ids[1]) : rows),
      targets: input('labels', 'int32', ['rows']),
      embedding: embeddingTable(scope, config),
      bias: config.outputBias ? outputBias(scope, config) : undefined,
    },
    { labelSmoothing, chunks: lossChunks, training, rDrop },
  );
  return { inputs, loss };
}

/** A batch and the same again, `[2·batch, length]`: each place of the two has units of its own dropped. */
function twice(ids: Tensor): Tensor {
  return graph.concat([ids, ids], 0, `2·${ids.shape[0]!}`);
}

/** Places in the flattened `[2·batch·length]` of ids said twice, `[2·n]`. */
function rowsOfBothPasses(rows: Tensor, ids: Tensor): Tensor {
  const places = graph.cast(graph.multiply(graph.sizeOf(ids, 0), graph.sizeOf(ids, 1)), 'int32');
  return graph.concat([rows, graph.add(rows, places)], 0, `2·${rows.shape[0]!}`);
}

/** Rows that are all different, `[n, width]`: unlike for `gather` in general, their gradients need no adding up. */
function pickRows(x: Tensor, rows: Tensor): Tensor {
  return graph.withGradient(graph.gather(x, rows), [x], (g) => [
    graph.scatterUniqueRows(graph.zerosLike(x), graph.cast(graph.unsqueeze(rows, [1]), 'int64'), g),
  ]);
}

/** @param device what will run it; the results are the same */
export function buildStep(
  config: TransformerConfig,
  options: StepOptions,
  device: Device = 'cpu',
): StepProgram {
  const { inputs, loss } = lossGraph(config, options, true, device);
  const scale = input('scale', 'float32', []);
  const tensors = [...inputs.tensors.values()];
  const results = gradients(graph.multiply(loss.smoothed, scale), tensors);
  const outputs: Record<string, Tensor> = {
    loss: loss.smoothed,
    negativeLogLikelihood: loss.negativeLogLikelihood,
  };
  inputs.shapes.forEach(({ name }, index) => {
    outputs[gradientPrefix + name] = results[index]!;
  });
  return {
    program: buildProgram('trainStep', options.precision === 'mixed' ? mixed(outputs, device) : outputs),
    parameters: inputs.shapes,
  };
}

function mixed(outputs: Readonly<Record<string, Tensor>>, device: Device): Record<string, Tensor> {
  // onnxruntime has no products in float16 on a processor: it would leave out the casts as well.
  const halved = halveProducts(Object.values(outputs), { holdCasts: device === 'cpu' });
  return Object.fromEntries(Object.keys(outputs).map((name, index) => [name, halved[index]!]));
}

/** The loss alone, for validation: no dropout, no gradients. */
export function buildEvaluation(
  config: TransformerConfig,
  options: Omit<StepOptions, 'dropout' | 'rDrop'>,
): Program {
  const { loss } = lossGraph(
    config,
    { ...options, rDrop: 0, dropout: { residual: 0, attention: 0, feedForward: 0 } },
    false,
  );
  return buildProgram('evaluate', { loss: loss.smoothed, negativeLogLikelihood: loss.negativeLogLikelihood });
}
