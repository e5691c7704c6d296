/** What decoding step by step must equal: a whole target in one masked pass. */
import { buildMaskedPass } from '../../../models/inference/programs';
import { ort, Session } from '../../../models/runtime/session';
import type { TransformerConfig } from '../../../models/transformer/config';
import type { Weights } from '../../../models/transformer/parameters';

export class MaskedPass {
  private constructor(
    private readonly config: TransformerConfig,
    private readonly session: Session,
  ) {}

  static async create(config: TransformerConfig, weights: Weights): Promise<MaskedPass> {
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
    const { decoderStartToken, vocabularySize } = this.config;
    const inputs = targets.map((target) => [decoderStartToken, ...target]);
    const outputs = await this.session.run({
      sourceIds: this.padded(sources),
      targetIds: this.padded(inputs),
    });
    const values = outputs['logProbabilities']!.data as Float32Array;
    const length = Math.max(...inputs.map((input) => input.length));
    return inputs.map((input, row) =>
      input.map((_, position) => {
        const start = (row * length + position) * vocabularySize;
        return values.subarray(start, start + vocabularySize);
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
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
