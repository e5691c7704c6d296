/** A decoder without a model: what may follow is a function of the source and the tokens so far. */
import type { CrossAttention, StepwiseDecoder } from '../../../models/inference/decoder';
import { endId, startId } from '../../../models/text/reservedTokens';

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
    config: { decoderStartToken: startId, endToken: endId, vocabularySize },
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
        step(tokens, rows) {
          steps++;
          prefixes = rows.map((row, index) => [...(prefixes?.[row] ?? []), tokens[index]!]);
          if (prefixes.length !== kept.length)
            throw new Error(`${prefixes.length} hypotheses of ${kept.length} sources`);
          const all = new Float32Array(prefixes.length * vocabularySize);
          prefixes.forEach(([start, ...prefix], row) => {
            if (start !== startId) throw new Error(`A target begins with ${start ?? 'nothing'}.`);
            all.set(script(kept[row]!, prefix), row * vocabularySize);
          });
          return Promise.resolve({ logProbabilities: all, crossAttention: evenAttention(kept) });
        },
      });
    },
  };
}

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
