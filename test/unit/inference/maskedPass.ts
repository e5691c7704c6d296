/** What decoding step by step must equal: a whole target in one masked pass. */
import { buildMaskedPass } from '../../../models/inference/programs';
import { ort, Session } from '../../../models/runtime/session';
import type { TransformerConfig } from '../../../models/transformer/config';
import type { MixedWeights } from '../../../models/transformer/parameters';

export class MaskedPass {
  private constructor(
    private readonly config: TransformerConfig,
    private readonly session: Session,
  ) {}

  static async create(config: TransformerConfig, weights: MixedWeights): Promise<MaskedPass> {
    return new MaskedPass(config, await Session.create(buildMaskedPass(config, weights), { threads: 1 }));
  }

  /**
   * The log-probabilities of what follows each token: `[batch][position]`, a Float32Array over the vocabulary each.
   *
   * @param targets without the start token; position 0 is what follows the start
   */
  async logProbabilities(
    sources: readonly (readonly number[])[],
    targets: readonly (readonly number[])[],
  ): Promise<Float32Array[][]> {
    const { vocabularySize } = this.config;
    const inputs = this.withStart(targets);
    const outputs = await this.run(sources, inputs);
    const values = outputs['logProbabilities']!.data as Float32Array;
    const length = Math.max(...inputs.map((input) => input.length));
    return inputs.map((input, row) =>
      input.map((_, position) => {
        const start = (row * length + position) * vocabularySize;
        return values.subarray(start, start + vocabularySize);
      }),
    );
  }

  /** How much each token of a source is attended to in all by a target: the mean over layers and heads. */
  async attended(source: readonly number[], target: readonly number[]): Promise<number[]> {
    const { crossAttention } = await this.run([source], this.withStart([target]));
    const [layers, , heads, queries, keys] = crossAttention!.dims as [number, number, number, number, number];
    const values = crossAttention!.data as Float32Array;
    return source.map((_, key) => {
      let sum = 0;
      for (let row = 0; row < layers * heads * queries; row++) sum += values[row * keys + key]!;
      return sum / (layers * heads);
    });
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  private withStart(targets: readonly (readonly number[])[]): number[][] {
    return targets.map((target) => [this.config.decoderStartToken, ...target]);
  }

  private run(
    sources: readonly (readonly number[])[],
    inputs: readonly (readonly number[])[],
  ): Promise<Record<string, ort.Tensor>> {
    return this.session.run({ sourceIds: this.padded(sources), targetIds: this.padded(inputs) });
  }

  private padded(rows: readonly (readonly number[])[]): ort.Tensor {
    const length = Math.max(...rows.map((row) => row.length));
    const ids = rows.flatMap((row) => [
      ...row,
      ...Array.from({ length: length - row.length }, () => this.config.paddingToken),
    ]);
    return new ort.Tensor('int32', Int32Array.from(ids), [rows.length, length]);
  }
}
