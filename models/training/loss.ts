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

interface Chunk {
  /** Σ log Σ exp(z) over the chunk's rows. */
  readonly logPartition: Tensor;
  /** softmax − (1 − ε)·1_y, `[chunk rows, vocabularySize]` */
  readonly error: Tensor;
  readonly states: Tensor;
}

/** @param chunks into how many parts the rows are cut */
export function labelSmoothedCrossEntropy(inputs: LossInputs, labelSmoothing: number, chunks: number): Loss {
  const { states, targets, embedding, bias } = inputs;
  const vocabularySize = embedding.shape[0] as number;
  const parts = Array.from({ length: chunks }, (_, index) =>
    makeChunk(inputs, labelSmoothing, index, chunks),
  );
  const logPartition = parts.map((part) => part.logPartition).reduce((a, b) => graph.add(a, b));

  const targetRows = graph.gather(embedding, targets);
  const embeddingSum = graph.reduceSum(embedding, [0], { keepDimensions: true });
  const stateSum = graph.reduceSum(states, [0], { keepDimensions: true });
  let targetScore = graph.reduceSum(graph.multiply(states, targetRows), [0, 1]);
  let scoreSum = graph.reduceSum(graph.multiply(stateSum, embeddingSum), [0, 1]);
  if (bias) {
    const rows = graph.cast(graph.reshape(graph.sizeOf(states, 0), []), states.type);
    targetScore = graph.add(targetScore, graph.reduceSum(graph.gather(bias, targets), [0]));
    scoreSum = graph.add(scoreSum, graph.multiply(rows, graph.reduceSum(bias, [0])));
  }
  const scaled = (x: Tensor, factor: number): Tensor => graph.multiply(x, graph.constantLike(factor, x));
  const uniform = labelSmoothing / vocabularySize;
  const negativeLogLikelihood = graph.subtract(logPartition, targetScore);
  const smoothed = graph.subtract(
    graph.subtract(logPartition, scaled(targetScore, 1 - labelSmoothing)),
    scaled(scoreSum, uniform),
  );

  const rule = (g: Tensor): Tensor[] => {
    const uniformRow = scaled(embeddingSum, -uniform);
    const stateParts = parts.map(({ error }) => graph.add(graph.gemm(error, embedding), uniformRow));
    let embeddingGradient: Tensor | undefined;
    for (const { error, states: chunkStates } of parts) {
      embeddingGradient = graph.gemm(error, chunkStates, {
        transposeA: true,
        ...(embeddingGradient && { addend: embeddingGradient }),
      });
    }
    const result = [
      graph.multiply(graph.concat(stateParts, 0, states.shape[0]), g),
      graph.multiply(graph.add(embeddingGradient!, scaled(stateSum, -uniform)), g),
    ];
    if (bias) {
      const errors = parts.map(({ error }) => graph.reduceSum(error, [0])).reduce((a, b) => graph.add(a, b));
      const rows = graph.cast(graph.reshape(graph.sizeOf(states, 0), []), states.type);
      result.push(graph.multiply(graph.subtract(errors, scaled(rows, uniform)), g));
    }
    return result;
  };
  return {
    smoothed: graph.withGradient(smoothed, bias ? [states, embedding, bias] : [states, embedding], rule),
    negativeLogLikelihood,
  };
}

function makeChunk(
  { states, targets, embedding, bias }: LossInputs,
  labelSmoothing: number,
  index: number,
  of: number,
): Chunk {
  const int64 = (value: number): Tensor => constant('int64', [1], [value]);
  const rows = graph.sizeOf(states, 0);
  // Rounded up, so that the last chunks may be smaller or, in a very small batch, empty.
  const size = graph.divide(graph.add(rows, int64(of - 1)), int64(of));
  const start = graph.multiply(size, int64(index));
  const end = graph.add(start, size);
  const name = `${states.shape[0]!} in chunk ${index} of ${of}`;
  const chunkStates = graph.slice(states, 0, start, end, name);
  const chunkTargets = graph.slice(targets, 0, start, end, name);

  const products = graph.gemm(chunkStates, embedding, { transposeB: true });
  const logits = bias ? graph.add(products, bias) : products;
  const probabilities = graph.softmax(logits);
  // log Σ exp(z) = max z − log max p, since max p = exp(max z − log Σ exp(z)) and never underflows.
  const highest = graph.reduceMax(logits, [1]);
  const logPartitions = graph.subtract(highest, graph.log(graph.reduceMax(probabilities, [1])));
  const places = graph.unsqueeze(chunkTargets, [1]);
  const minusTarget = graph.expandLike(
    constant(states.type, [1, 1], [labelSmoothing - 1]),
    graph.unsqueeze(logPartitions, [1]),
  );
  return {
    logPartition: graph.reduceSum(logPartitions, [0]),
    error: graph.scatterElementsAdd(probabilities, places, minusTarget, 1),
    states: chunkStates,
  };
}
