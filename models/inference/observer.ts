/** Looks at how translations came about, with a masked pass that is built when it is first needed. */
import { hashOfWeights, readMixedModel } from '../storage/modelFolder';
import { UserError } from '../userError';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import type { Attention } from './attentionMaps';
import { MaskedPass } from './maskedPass';
import {
  observePair,
  tokensOf,
  type ObservedSegment,
  type PairContext,
  type SegmentPair,
  type TokenPair,
} from './observation';
import { Walk, type Walked, type WalkRoute } from './walk';

export interface ObserverOptions {
  /** The model's folder, which is read again: its weights are not kept for what most never ask. */
  readonly folder: string;
  /** The SHA-256 of the weights that it had. */
  readonly id: string;
  /** Of one operator; 0: one a physical core. */
  readonly threads: number;
}

export class Observer {
  private maskedPass: Promise<MaskedPass> | undefined;
  private walkProgram: Promise<Walk> | undefined;

  constructor(private readonly options: ObserverOptions) {}

  /**
   * Of each pair what the model gives its tokens, and the tokens. Rejects with `signal`'s reason when it aborts.
   *
   * @param onAttention gets the attention of each, by its index
   */
  async observe(
    pairs: readonly SegmentPair[],
    context: PairContext,
    onAttention: ((index: number, attention: Attention) => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ tokens: TokenPair; observed: Omit<ObservedSegment, 'alternatives'> }[]> {
    const observations = [];
    for (const [index, pair] of pairs.entries()) {
      const tokens = tokensOf(pair, context);
      const pass = await this.pass(signal);
      const { logProbabilities, attention } = await pass.run(tokens.source, tokens.target);
      onAttention?.(index, attention);
      observations.push({ tokens, observed: observePair(pair, logProbabilities, context) });
    }
    return observations;
  }

  /** The attention that there is when the target of a pair is said. */
  async attention({ source, target }: TokenPair, signal?: AbortSignal): Promise<Attention> {
    return (await (await this.pass(signal)).run(source, target)).attention;
  }

  /** Every value on the way of one token of a pair through the model. */
  async walk(pair: TokenPair, route: WalkRoute, count: number, signal?: AbortSignal): Promise<Walked> {
    this.walkProgram ??= this.build((...model) => Walk.create(...model)).catch((error: unknown) => {
      this.walkProgram = undefined;
      throw error;
    });
    const program = await this.walkProgram;
    signal?.throwIfAborted();
    return program.run(pair, route, count);
  }

  async dispose(): Promise<void> {
    await (await this.maskedPass)?.dispose();
    await (await this.walkProgram)?.dispose();
  }

  private async pass(signal: AbortSignal | undefined): Promise<MaskedPass> {
    this.maskedPass ??= this.build((...model) => MaskedPass.create(...model)).catch((error: unknown) => {
      // The folder may be mended.
      this.maskedPass = undefined;
      throw error;
    });
    const pass = await this.maskedPass;
    signal?.throwIfAborted();
    return pass;
  }

  private async build<Program>(
    create: (config: TransformerConfig, weights: MixedWeights, threads: number) => Promise<Program>,
  ): Promise<Program> {
    const { folder, id, threads } = this.options;
    const { config, weights } = await readMixedModel(folder);
    if ((await hashOfWeights(folder)) !== id)
      throw new UserError(`The model in ${folder} has changed since it was loaded. Restart the engine.`);
    return create(config.transformer, weights, threads);
  }
}
