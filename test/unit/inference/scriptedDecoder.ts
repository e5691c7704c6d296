/** A decoder without a model: what may follow is a function of the source and the tokens so far. */
import type { StepwiseDecoder } from '../../../models/inference/decoder';
import type { CrossAttention, DecoderOutput } from '../../../models/inference/decoderOutput';
import { endId, firstByteId, startId } from '../../../models/text/reservedTokens';

/** Log-probabilities over the vocabulary. */
export type Script = (source: readonly number[], prefix: readonly number[]) => Float32Array;

export interface ScriptedDecoder extends StepwiseDecoder {
  /** How often `step` has been called. */
  readonly steps: number;
}

/**
 * Keeps prefixes where a decoder keeps memories, one a row: a search that mixes up its rows reads the wrong ones.
 */
export function scriptedDecoder(vocabularySize: number, script: Script): ScriptedDecoder {
  let steps = 0;
  return {
    config: { decoderStartToken: startId, endToken: endId },
    get steps() {
      return steps;
    },
    begin(sources) {
      let kept = [...sources];
      let prefixes: number[][] | undefined;
      return Promise.resolve({
        dispose: () => undefined,
        keepSources(rows) {
          kept = rows.map((row) => kept[row]!);
          return Promise.resolve();
        },
        step(tokens, rows, count = Infinity) {
          steps++;
          prefixes = rows.map((row, index) => [...(prefixes?.[row] ?? []), tokens[index]!]);
          if (prefixes.length !== kept.length)
            throw new Error(`${prefixes.length} hypotheses of ${kept.length} sources`);
          const all = new Float32Array(prefixes.length * vocabularySize);
          prefixes.forEach(([start, ...prefix], row) => {
            if (start !== startId) throw new Error(`A target begins with ${start ?? 'nothing'}.`);
            all.set(script(kept[row]!, prefix), row * vocabularySize);
          });
          return Promise.resolve({
            ...sayingOf(all, vocabularySize, count),
            crossAttention: evenAttention(kept),
          });
        },
      });
    },
  };
}

/** What a decoder says of log-probabilities `[rows, vocabularySize]`. */
export function sayingOf(
  all: Float32Array,
  vocabularySize: number,
  count: number,
): Pick<DecoderOutput, 'reserved' | 'likeliest' | 'likeliestTokens'> {
  const rows = range(all.length / vocabularySize).map((row) =>
    all.subarray(row * vocabularySize, (row + 1) * vocabularySize),
  );
  // Sorting is stable: of equally likely ones the lower id stays before the other.
  const best = rows.map((row) =>
    range(vocabularySize)
      .slice(firstByteId)
      .sort((a, b) => row[b]! - row[a]!)
      .slice(0, count),
  );
  return {
    reserved: Float32Array.from(rows.flatMap((row) => [...row.subarray(0, firstByteId)])),
    likeliest: Float32Array.from(best.flatMap((tokens, row) => tokens.map((token) => rows[row]![token]!))),
    likeliestTokens: Int32Array.from(best.flat()),
  };
}

const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

/** One head that looks at all tokens of its source alike; beyond them it must not be read. */
function evenAttention(sources: readonly (readonly number[])[]): CrossAttention {
  const sourceLength = Math.max(...sources.map((source) => source.length));
  const data = new Float32Array(sources.length * sourceLength).fill(NaN);
  sources.forEach((source, row) => {
    data.fill(1 / source.length, row * sourceLength, row * sourceLength + source.length);
  });
  return { data, dims: [1, sources.length, 1, 1, sourceLength] };
}

/** Scores that are any numbers as log-probabilities. */
export function normalised(scores: Float32Array): Float32Array {
  const total = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
  return scores.map((score) => score - total);
}
