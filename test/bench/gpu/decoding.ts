/** Tokens a second of decoding on a card, greedy and with a beam: search, cache and all. */
import { Decoder, type StepwiseDecoder } from '../../../models/inference/decoder';
import { search } from '../../../models/inference/search';
import { randomWords } from '../../../models/data/random';
import { firstByteId, firstLearnedId } from '../../../models/text/reservedTokens';
import { presetConfig, type PresetName, type TransformerConfig } from '../../../models/transformer/config';
import { median, report, round, type Clock } from './report';
import { quickWeights } from './training';

export interface DecodingTask {
  readonly preset: PresetName;
  readonly changes: Partial<TransformerConfig>;
  readonly vocabularySize: number;
  readonly sourceLength: number;
  readonly targetLength: number;
  readonly cases: readonly { readonly batch: number; readonly beamSize: number }[];
}

/**
 * A model whose searches all say as many tokens, each other ones: weights that nobody trained would end anywhere, or
 * repeat themselves and be cut. Everything is computed as usual; but a few numbers of what comes out are written over.
 */
function ofFixedLength(decoder: Decoder, length: number): StepwiseDecoder {
  const { vocabularySize, endToken } = decoder.config;
  return {
    config: decoder.config,
    begin: async (sources) => {
      const state = await decoder.begin(sources);
      let said = 0;
      return {
        keepSources: (rows) => state.keepSources(rows),
        dispose: () => state.dispose(),
        step: async (tokens, rows, count) => {
          const output = await state.step(tokens, rows, count);
          const { reserved, likeliest, likeliestTokens } = output;
          rows.forEach((_, row) => {
            reserved[row * firstByteId + endToken] = said < length ? -1e4 : 1;
            const width = likeliest.length / rows.length;
            for (let place = 0; place < width; place++) {
              const token = (said * width + place) % (vocabularySize - firstLearnedId);
              likeliestTokens[row * width + place] = firstLearnedId + token;
              likeliest[row * width + place] = -place / 4;
            }
          });
          said++;
          return output;
        },
      };
    },
  };
}

export async function measureDecoding(task: DecodingTask, clock: Clock): Promise<void> {
  const { preset, changes, vocabularySize, sourceLength, targetLength, cases } = task;
  const config = presetConfig(preset, vocabularySize, changes);
  const decoder = await Decoder.create(config, quickWeights(config), 0, 'webgpu');
  const words = randomWords(1, 2);
  const sources = (count: number): number[][] =>
    Array.from({ length: count }, () => [
      ...Array.from(
        { length: sourceLength - 1 },
        () => firstLearnedId + (words() % (vocabularySize - firstLearnedId)),
      ),
      config.endToken,
    ]);
  for (const [index, { batch, beamSize }] of cases.entries()) {
    const share = Math.max(0, clock.left()) / (cases.length - index);
    const end = performance.now() + 1000 * share;
    const times: number[] = [];
    let tokens = 0;
    for (let pass = 0; pass < 2 || (pass < 8 && performance.now() < end); pass++) {
      if (clock.isOver()) {
        report('end', { complete: false });
        return;
      }
      const begun = performance.now();
      const found = await search(ofFixedLength(decoder, targetLength), sources(batch), {
        beamSize,
        lengthPenalty: 0.6,
      });
      // Kernels are compiled in the first pass.
      if (pass > 0) times.push((performance.now() - begun) / 1000);
      tokens = found.reduce((sum, [best]) => sum + best!.tokens.length, 0);
    }
    if (tokens !== batch * targetLength)
      throw new Error(
        `${batch} sentences were to be ${targetLength} tokens long each, and are ${tokens} together.`,
      );
    if (times.length === 0) continue;
    const seconds = median(times);
    report(`batch ${batch}, beam ${beamSize}`, {
      batch,
      beamSize,
      tokensPerSecond: round(tokens / seconds),
      millisecondsAStep: round((1000 * seconds) / (targetLength + 1)),
      passes: times.length,
    });
  }
  report('end', { complete: true });
  await decoder.dispose();
}
