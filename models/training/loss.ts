/**
 * Label-smoothed cross entropy, §5.4 (Szegedy et al. 2015), over chunks of rows: logits of a whole batch never exist
 * at once, only those of a chunk. Loss and gradient need the same softmax, so that both are made together.
 *
 * For a row with state h, target y, logits z = E·h + c and V classes:
 *   loss = log Σ exp(z) − (1 − ε)·z_y − ε/V·Σ z
 *   ∂loss/∂z = softmax(z) − (1 − ε)·1_y − ε/V
 * so that everything but the softmax is a sum over rows of E, which no chunk has to be there for.
 *
 * With R-Drop (rDrop.ts) every row is there twice, as two passes with other units dropped say it.
 */
import * as graph from '../graph/operators';
import { constant, type Tensor } from '../graph/tensor';
import { drawTogether, passesOf, unitOf, type Prediction } from './rDrop';

export interface LossInputs {
  /**
   * Decoder states that predict a token, `[rows, dModel]`: padding is left out before. With R-Drop `[2·rows, dModel]`,
   * all of one pass before all of the other.
   */
  readonly states: Tensor;
  /** int32 `[rows]`, the tokens to predict. */
  readonly targets: Tensor;
  /** `[vocabularySize, dModel]` */
  readonly embedding: Tensor;
  /** `[vocabularySize]` */
  readonly bias?: Tensor | undefined;
}

export interface Loss {
  /** Σ over rows, nats, without axes; with R-Drop half of what the two passes and their distance add up to. */
  readonly smoothed: Tensor;
  /** −Σ log p(y) over rows, nats, without axes: what perplexity is made of; the mean of two passes. */
  readonly negativeLogLikelihood: Tensor;
}

/** What a chunk of rows leaves behind: no logits. */
interface Chunk {
  /** Σ log Σ exp(z) over the chunk's rows. */
  readonly logPartition: Tensor;
  /** α·Σ D over the chunk's rows. */
  readonly divergence?: Tensor | undefined;
  /** Where the next chunk starts, int64 [1]: known once this chunk's work is done. */
  readonly end: Tensor;
  readonly gradients?: ChunkGradients;
}

/** With respect to the part of the loss that is log Σ exp(z) − (1 − ε)·z_y, and to α·D; in units of `unitOf`. */
interface ChunkGradients {
  /** `[chunk rows, dModel]`, one a pass. */
  readonly states: readonly Tensor[];
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
  /** R-Drop's α; 0 for one pass. */
  readonly rDrop?: number;
}

/**
 * Rows of logits that are there at once, about: 20 MB with a vocabulary of 8,000. Half as many take 3 % more of a step's
 * time, since the gradients of the embedding are added to once a chunk.
 */
export const rowsOfChunk = 600;

/** Into how many chunks a batch is cut. */
export function lossChunks(batchTokens: number, rDrop = 0): number {
  return Math.max(1, Math.ceil((batchTokens * passesOf(rDrop)) / rowsOfChunk));
}

const int64 = (value: number): Tensor => constant('int64', [1], [value]);
const scaled = (x: Tensor, factor: number): Tensor => graph.multiply(x, graph.constantLike(factor, x));

/** The loss of all rows together, chunk after chunk; its gradients flow to states, embedding and bias. */
export function labelSmoothedCrossEntropy(inputs: LossInputs, options: LossOptions): Loss {
  const { states, embedding, bias } = inputs;
  const { labelSmoothing, chunks, rDrop = 0 } = options;
  const passes = passesOf(rDrop);
  const eachPass = passes === 1 ? [states] : halves(states, inputs.targets);
  const parts: Chunk[] = [];
  for (let index = 0; index < chunks; index++) {
    parts.push(makeChunk(inputs, eachPass, options, index, parts.at(-1)));
  }
  const sum = (terms: readonly Tensor[]): Tensor => terms.reduce((a, b) => graph.add(a, b));
  const logPartition = sum(parts.map((part) => part.logPartition));
  const targets =
    passes === 1 ? inputs.targets : graph.concat([inputs.targets, inputs.targets], 0, states.shape[0]);
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
  const aPass = (x: Tensor): Tensor => (passes === 1 ? x : scaled(x, 1 / passes));
  const negativeLogLikelihood = aPass(graph.subtract(logPartition, targetScore));
  const divergences = parts.flatMap(({ divergence }) => divergence ?? []);
  const smoothed = aPass(
    graph.subtract(
      graph.subtract(sum([logPartition, ...divergences]), scaled(targetScore, 1 - labelSmoothing)),
      scaled(scoreSum, uniform),
    ),
  );
  if (!options.training) return { smoothed, negativeLogLikelihood };

  const rule = (g: Tensor): Tensor[] => {
    const unit = unitOf(rDrop);
    const share = unit === passes ? g : scaled(g, unit / passes);
    const uniformRow = scaled(embeddingSum, -uniform / unit);
    const { embedding: turned, bias: biasGradient } = parts.at(-1)!.gradients!;
    const stateParts = Array.from({ length: passes }, (_, pass) =>
      parts.map(({ gradients }) => gradients!.states[pass]!),
    ).flat();
    const result = [
      graph.multiply(graph.add(graph.concat(stateParts, 0, states.shape[0]), uniformRow), share),
      graph.multiply(graph.add(graph.transpose(turned, [1, 0]), scaled(stateSum, -uniform / unit)), share),
    ];
    if (biasGradient)
      result.push(graph.multiply(graph.subtract(biasGradient, scaled(rows, uniform / unit)), share));
    return result;
  };
  return {
    smoothed: graph.withGradient(smoothed, bias ? [states, embedding, bias] : [states, embedding], rule),
    negativeLogLikelihood,
  };
}

/** The states of either pass, `[rows, dModel]`. */
function halves(states: Tensor, targets: Tensor): Tensor[] {
  const rows = graph.sizeOf(targets, 0);
  const [name, all] = [targets.shape[0]!, graph.sizeOf(states, 0)];
  return [graph.slice(states, 0, int64(0), rows, name), graph.slice(states, 0, rows, all, name)];
}

/** What one pass says in a chunk. */
interface Said extends Prediction {
  /** `[chunk rows, dModel]` */
  readonly states: Tensor;
  /** `[chunk rows]` */
  readonly logPartitions: Tensor;
}

function makeChunk(
  { targets, embedding, bias }: Omit<LossInputs, 'states'>,
  eachPass: readonly Tensor[],
  { labelSmoothing, chunks, training, rDrop = 0 }: LossOptions,
  index: number,
  before: Chunk | undefined,
): Chunk {
  // Rounded up, so that the last chunks may be smaller or, in a very small batch, empty.
  const size = graph.divide(graph.add(graph.sizeOf(targets, 0), int64(chunks - 1)), int64(chunks));
  const start = before?.end ?? int64(0);
  const end = graph.add(start, size);
  const name = `${targets.shape[0]!} in chunk ${index} of ${chunks}`;
  const passes = eachPass.map((states): Said => {
    const chunkStates = graph.slice(states, 0, start, end, name);
    const products = graph.gemm(chunkStates, embedding, { transposeB: true });
    const logits = bias ? graph.add(products, bias) : products;
    const probabilities = graph.softmax(logits);
    // log Σ exp(z) = max z − log max p, since max p = exp(max z − log Σ exp(z)) and never underflows.
    const highest = graph.reduceMax(logits, [1]);
    const logPartitions = graph.subtract(highest, graph.log(graph.reduceMax(probabilities, [1])));
    return { states: chunkStates, logits, probabilities, logPartitions };
  });
  const [first, second] = passes as [Said, Said?];
  const logPartition = graph.reduceSum(
    passes.map(({ logPartitions }) => logPartitions).reduce((a, b) => graph.add(a, b)),
    [0],
  );
  if (!training) return { logPartition, end: afterWork(end, [logPartition]) };

  const drawn = second && drawTogether(first, second, rDrop);
  const places = graph.unsqueeze(graph.slice(targets, 0, start, end, name), [1]);
  const earlier = before?.gradients;
  const stateGradients: Tensor[] = [];
  let embeddingGradient = earlier?.embedding;
  let biasGradient = earlier?.bias;
  for (const [pass, said] of passes.entries()) {
    const minusTarget = graph.expandLike(
      constant(embedding.type, [1, 1], [(labelSmoothing - 1) / unitOf(rDrop)]),
      graph.unsqueeze(said.logPartitions, [1]),
    );
    /** softmax − (1 − ε)·1_y, `[chunk rows, vocabularySize]` */
    const error = graph.scatterElementsAdd(drawn?.errors[pass] ?? said.probabilities, places, minusTarget, 1);
    stateGradients.push(graph.gemm(error, embedding));
    embeddingGradient = graph.gemm(said.states, error, {
      transposeA: true,
      ...(embeddingGradient && { addend: embeddingGradient }),
    });
    if (bias) {
      const sum = graph.reduceSum(error, [0]);
      biasGradient = biasGradient ? graph.add(biasGradient, sum) : sum;
    }
  }
  const work = [...stateGradients, embeddingGradient!].map(corner);
  return {
    logPartition,
    divergence: drawn?.divergence,
    end: afterWork(end, work),
    gradients: {
      states: stateGradients,
      embedding: embeddingGradient!,
      ...(biasGradient && { bias: biasGradient }),
    },
  };
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
