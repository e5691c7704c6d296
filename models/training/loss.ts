/**
 * Label-smoothed cross entropy, §5.4 (Szegedy et al. 2015), over chunks of rows: logits of a whole batch never exist
 * at once, only those of a chunk. Loss and gradient need the same softmax, so that both are made together.
 *
 * For a row with state h, target y, logits z = E·h + c and V classes:
 *   loss = log Σ exp(z) − (1 − ε)·z_y − ε/V·Σ z
 *   ∂loss/∂z = softmax(z) − (1 − ε)·1_y − ε/V
 * so that everything but the softmax is a sum over rows of E, which no chunk has to be there for.
 */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';

export interface LossInputs {
  /** Decoder states that predict a token, `[rows, dModel]`: padding is left out before. */
  readonly states: Tensor;
  /** int32 `[rows]`, the tokens to predict. */
  readonly targets: Tensor;
  /** `[vocabularySize, dModel]` */
  readonly embedding: Tensor;
  /** `[vocabularySize]` */
  readonly bias?: Tensor | undefined;
}

export interface Loss {
  /** Σ over rows, nats, without axes. */
  readonly smoothed: Tensor;
  /** −Σ log p(y) over rows, nats, without axes: what perplexity is made of. */
  readonly negativeLogLikelihood: Tensor;
}

/** What a chunk of rows leaves behind: no logits. */
interface Chunk {
  /** Σ log Σ exp(z) over the chunk's rows. */
  readonly logPartition: Tensor;
  /** Where the next chunk starts, int64 [1]: known once this chunk's work is done. */
  readonly end: Tensor;
  readonly gradients?: ChunkGradients;
}

/** With respect to the part of the loss that is log Σ exp(z) − (1 − ε)·z_y. */
interface ChunkGradients {
  /** `[chunk rows, dModel]` */
  readonly states: Tensor;
  /**
   * Sum of this chunk's and all before it, `[dModel, vocabularySize]`: turned, since errors are then multiplied as they lie,
   * where onnxruntime would turn them twice and take a fifth more time.
   */
  readonly embedding: Tensor;
  readonly bias?: Tensor;
}

export interface LossOptions {
  readonly labelSmoothing: number;
  /** Into how many parts the rows are cut. */
  readonly chunks: number;
  /** Whether gradients will be asked for. */
  readonly training: boolean;
}

/**
 * Rows of logits that are there at once, about: 20 MB with a vocabulary of 8,000. Half as many take 3 % more of a step's
 * time, since the gradients of the embedding are added to once a chunk.
 */
export const rowsOfChunk = 600;

/** Into how many chunks a batch is cut. */
export function lossChunks(batchTokens: number): number {
  return Math.max(1, Math.ceil(batchTokens / rowsOfChunk));
}

const int64 = (value: number): Tensor => constant('int64', [1], [value]);
const scaled = (x: Tensor, factor: number): Tensor => graph.multiply(x, graph.constantLike(factor, x));

/** The loss of all rows together, chunk after chunk; its gradients flow to states, embedding and bias. */
export function labelSmoothedCrossEntropy(inputs: LossInputs, options: LossOptions): Loss {
  const { states, targets, embedding, bias } = inputs;
  const { labelSmoothing, chunks } = options;
  const parts: Chunk[] = [];
  for (let index = 0; index < chunks; index++) parts.push(makeChunk(inputs, options, index, parts.at(-1)));
  const logPartition = parts.map((part) => part.logPartition).reduce((a, b) => graph.add(a, b));
  const targetRows = graph.gather(embedding, targets);
  const embeddingSum = graph.reduceSum(embedding, [0], { keepDimensions: true });
  const stateSum = graph.reduceSum(states, [0], { keepDimensions: true });
  let targetScore = graph.reduceSum(graph.multiply(states, targetRows), [0, 1]);
  let scoreSum = graph.reduceSum(graph.multiply(stateSum, embeddingSum), [0, 1]);
  const rows = graph.cast(graph.reshape(graph.sizeOf(states, 0), []), states.type);
  if (bias) {
    targetScore = graph.add(targetScore, graph.reduceSum(graph.gather(bias, targets), [0]));
    scoreSum = graph.add(scoreSum, graph.multiply(rows, graph.reduceSum(bias, [0])));
  }
  const uniform = labelSmoothing / (embedding.shape[0] as number);
  const negativeLogLikelihood = graph.subtract(logPartition, targetScore);
  const smoothed = graph.subtract(
    graph.subtract(logPartition, scaled(targetScore, 1 - labelSmoothing)),
    scaled(scoreSum, uniform),
  );
  if (!options.training) return { smoothed, negativeLogLikelihood };

  const rule = (g: Tensor): Tensor[] => {
    const uniformRow = scaled(embeddingSum, -uniform);
    const { embedding: turned, bias: biasGradient } = parts.at(-1)!.gradients!;
    const stateParts = parts.map(({ gradients }) => gradients!.states);
    const result = [
      graph.multiply(graph.add(graph.concat(stateParts, 0, states.shape[0]), uniformRow), g),
      graph.multiply(graph.add(graph.transpose(turned, [1, 0]), scaled(stateSum, -uniform)), g),
    ];
    if (biasGradient) result.push(graph.multiply(graph.subtract(biasGradient, scaled(rows, uniform)), g));
    return result;
  };
  return {
    smoothed: graph.withGradient(smoothed, bias ? [states, embedding, bias] : [states, embedding], rule),
    negativeLogLikelihood,
  };
}

function makeChunk(
  { states, targets, embedding, bias }: LossInputs,
  { labelSmoothing, chunks, training }: LossOptions,
  index: number,
  before: Chunk | undefined,
): Chunk {
  // Rounded up, so that the last chunks may be smaller or, in a very small batch, empty.
  const size = graph.divide(graph.add(graph.sizeOf(states, 0), int64(chunks - 1)), int64(chunks));
  const start = before?.end ?? int64(0);
  const end = graph.add(start, size);
  const name = `${states.shape[0]!} in chunk ${index} of ${chunks}`;
  const chunkStates = graph.slice(states, 0, start, end, name);
  const products = graph.gemm(chunkStates, embedding, { transposeB: true });
  const logits = bias ? graph.add(products, bias) : products;
  const probabilities = graph.softmax(logits);
  // log Σ exp(z) = max z − log max p, since max p = exp(max z − log Σ exp(z)) and never underflows.
  const highest = graph.reduceMax(logits, [1]);
  const logPartitions = graph.subtract(highest, graph.log(graph.reduceMax(probabilities, [1])));
  const logPartition = graph.reduceSum(logPartitions, [0]);
  if (!training) return { logPartition, end: afterWork(end, [logPartition]) };

  const places = graph.unsqueeze(graph.slice(targets, 0, start, end, name), [1]);
  const minusTarget = graph.expandLike(
    constant(states.type, [1, 1], [labelSmoothing - 1]),
    graph.unsqueeze(logPartitions, [1]),
  );
  /** softmax − (1 − ε)·1_y, `[chunk rows, vocabularySize]` */
  const error = graph.scatterElementsAdd(probabilities, places, minusTarget, 1);
  const addTo = (sum: Tensor | undefined, x: Tensor): Tensor => (sum ? graph.add(sum, x) : x);
  const earlier = before?.gradients;
  const gradients: ChunkGradients = {
    states: graph.gemm(error, embedding),
    embedding: graph.gemm(chunkStates, error, {
      transposeA: true,
      ...(earlier && { addend: earlier.embedding }),
    }),
    ...(bias && { bias: addTo(earlier?.bias, graph.reduceSum(error, [0])) }),
  };
  const work = [corner(gradients.states), corner(gradients.embedding)];
  return { logPartition, end: afterWork(end, work), gradients };
}

/**
 * The same place, but known only when these numbers are: onnxruntime may run what it likes first, and would otherwise
 * make the logits of all chunks before it uses those of one.
 */
function afterWork(place: Tensor, numbers: readonly Tensor[]): Tensor {
  return numbers.reduce(
    (result, number) => graph.add(result, graph.multiply(graph.cast(number, 'int64'), int64(0))),
    place,
  );
}

/** The first element of a matrix without axes; 0 where it has no rows. */
function corner(matrix: Tensor): Tensor {
  const row = graph.slice(matrix, 0, int64(0), int64(1), 'at most 1');
  return graph.reduceSum(graph.slice(row, 1, int64(0), int64(1), 1), [0, 1]);
}
