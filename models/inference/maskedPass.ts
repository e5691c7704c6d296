/** A whole target in one run: what the model gives each of its tokens, and all attention there was. */
import { ort, Session } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import type { Attention, AttentionMap } from './attentionMaps';
import { buildMaskedPass } from './programs';

export interface MaskedPassOutput {
  /** Of what stands at each place of the target: `[target tokens, vocabularySize]`. */
  readonly logProbabilities: Float32Array;
  readonly attention: Attention;
}

export class MaskedPass {
  private constructor(
    private readonly config: TransformerConfig,
    private readonly session: Session,
  ) {}

  /** `threads` of one operator; 0: one a physical core. */
  static async create(config: TransformerConfig, weights: MixedWeights, threads = 0): Promise<MaskedPass> {
    return new MaskedPass(config, await Session.create(buildMaskedPass(config, weights), { threads }));
  }

  /** Source and target tokens, each with its end. */
  async run(source: readonly number[], target: readonly number[]): Promise<MaskedPassOutput> {
    // What is at a place is said by who has read all before it.
    const read = [this.config.decoderStartToken, ...target.slice(0, -1)];
    const outputs = await this.session.run({ sourceIds: row(source), targetIds: row(read) });
    return {
      logProbabilities: outputs['logProbabilities']!.data as Float32Array,
      attention: {
        encoder: asMap(outputs['encoderAttention']!),
        decoder: asMap(outputs['decoderAttention']!),
        cross: asMap(outputs['crossAttention']!),
      },
    };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

const row = (tokens: readonly number[]): ort.Tensor =>
  new ort.Tensor('int32', Int32Array.from(tokens), [1, tokens.length]);

/** `[layer, batch, head, query, key]` of a batch of one. */
function asMap({ data, dims }: ort.Tensor): AttentionMap {
  const [layers, , heads, queries, keys] = dims as [number, 1, number, number, number];
  return { layers, heads, queries, keys, weights: data as Float32Array };
}
