/** The sessions of a loaded model, and the state that decoding keeps between tokens. */
import { ort, Session, type Feeds, type InferenceDevice } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import type { Program } from '../graph/program';
import { firstByteId } from '../text/reservedTokens';
import { keepRows } from './keptRows';
import type { DecoderOutput } from './decoderOutput';
import { handedOn, memoryNames, takeOver, type SelfMemory } from './memories';
import { memoryLogs } from './memoryLog';
import { buildDecoderStep, buildEncoder, buildSelectRows, crossMask, type StepOutput } from './programs';
import { WholeMemory } from './wholeMemory';

const int32 = (values: ArrayLike<number>, shape: readonly number[]): ort.Tensor =>
  new ort.Tensor('int32', Int32Array.from(values), shape);

/**
 * Sources are padded to a multiple of this: onnxruntime adds up four products at a time, and what is left over in
 * another order. So the same zeros come after a sentence alone and beside longer ones, and no bit of it differs.
 */
const summedTogether = 4;

const crossNames = (config: TransformerConfig): string[] => [...memoryNames('cross', config), crossMask];

/** A model as a search sees it: what may follow, token by token. `Decoder` is one. */
export interface StepwiseDecoder {
  readonly config: Pick<TransformerConfig, 'decoderStartToken' | 'endToken'>;
  begin(
    sources: readonly (readonly number[])[],
  ): Promise<Pick<DecodingState, 'step' | 'keepSources' | 'dispose'>>;
}

export class Decoder implements StepwiseDecoder {
  private constructor(
    readonly config: TransformerConfig,
    private readonly encoder: Session,
    private readonly decoderStep: Session,
    /** Where memories stay in a device's own memory; in ours they are moved without it. */
    private readonly selectRows: Session | undefined,
    private readonly remember: (batch: number) => SelfMemory,
  ) {}

  /**
   * What is remembered from token to token stays in the memory of a `webgpu` device.
   *
   * @param threads of one operator; 0: one a physical core
   */
  static async create(
    config: TransformerConfig,
    weights: MixedWeights,
    threads = 0,
    device: InferenceDevice = 'cpu',
  ): Promise<Decoder> {
    const sessionOf = (program: Program, onDevice: readonly string[]): Promise<Session> =>
      Session.create(program, { threads, device, onDevice: onDevice.map(handedOn) });
    // Cards have a kernel for blocks, and none for whole numbers.
    const products = device === 'cpu' ? 'integers' : 'blocks';
    // Only WebGPU hands out memories without copying them.
    const staysThere = device === 'webgpu';
    const selfMemory = staysThere ? 'whole' : 'log';
    return new Decoder(
      config,
      await sessionOf(buildEncoder(config, weights, products), crossNames(config)),
      await sessionOf(
        buildDecoderStep(config, weights, products, { selfMemory, says: 'likeliest' }),
        staysThere ? memoryNames('self', config) : [],
      ),
      staysThere ? await sessionOf(buildSelectRows(config), crossNames(config)) : undefined,
      staysThere ? (batch) => new WholeMemory(config, batch) : memoryLogs(config),
    );
  }

  /** Encodes a batch of token sequences (ends of sentences included) and stands before the first target token. */
  async begin(sources: readonly (readonly number[])[]): Promise<DecodingState> {
    const longest = Math.max(...sources.map((source) => source.length));
    const length = Math.ceil(longest / summedTogether) * summedTogether;
    const ids = new Int32Array(sources.length * length).fill(this.config.paddingToken);
    sources.forEach((source, row) => ids.set(source, row * length));
    const cross = await this.encoder.run({ sourceIds: int32(ids, [sources.length, length]) });
    return new DecodingState(
      this.config,
      this.decoderStep,
      this.selectRows,
      takeOver(cross, crossNames(this.config)),
      this.remember(sources.length),
    );
  }

  async dispose(): Promise<void> {
    await this.encoder.dispose();
    await this.decoderStep.dispose();
    await this.selectRows?.dispose();
  }
}

/** One batch half-way through its targets. Who has no more use for it disposes of it: a device's memory is not collected. */
export class DecodingState {
  private position = 0;

  constructor(
    private readonly config: TransformerConfig,
    private readonly decoderStep: Session,
    private readonly selectRows: Session | undefined,
    private cross: Feeds,
    private readonly self: SelfMemory,
  ) {}

  /**
   * Reads one token a hypothesis and says what may follow.
   *
   * @param rows which hypothesis of the step before each token goes on from
   * @param count of the likeliest tokens that are asked for: all unless given
   */
  async step(tokens: readonly number[], rows: readonly number[], count = Infinity): Promise<DecoderOutput> {
    const others = this.config.vocabularySize - firstByteId;
    const outputs = await this.decoderStep.run({
      tokenIds: int32(tokens, [tokens.length, 1]),
      position: int32([this.position], []),
      count: new ort.Tensor('int64', BigInt64Array.of(BigInt(Math.min(count, others))), [1]),
      ...this.cross,
      ...this.self.feeds(rows),
    });
    this.position++;
    this.self.take(outputs);
    const { reserved, likeliest, likeliestPlaces, crossAttention } = outputs as Record<
      StepOutput,
      ort.Tensor
    >;
    const { decoderLayers, heads } = this.config;
    return {
      reserved: reserved.data as Float32Array,
      likeliest: likeliest.data as Float32Array,
      likeliestTokens: (likeliestPlaces.data as Int32Array).map((place) => firstByteId + place),
      crossAttention: {
        data: crossAttention.data as Float32Array,
        dims: [decoderLayers, tokens.length, heads, 1, crossAttention.dims.at(-1)!],
      },
    };
  }

  /** Keeps the sources of these rows alone, in this order: the next step's hypotheses. */
  async keepSources(rows: readonly number[]): Promise<void> {
    if (!this.selectRows) {
      const kept = Object.entries(this.cross).map(([name, tensor]) => [name, keepRows(tensor, rows)]);
      this.cross = Object.fromEntries(kept) as Feeds;
      return;
    }
    const selected = await this.selectRows.run({ ...this.cross, rows: int32(rows, [rows.length]) });
    this.cross = replace(this.cross, takeOver(selected, crossNames(this.config)));
  }

  dispose(): void {
    this.self.dispose();
    this.cross = replace(this.cross, {});
  }
}

/** Gives the memory back that held the old ones. */
function replace(old: Feeds, by: Feeds): Feeds {
  for (const tensor of Object.values(old)) tensor.dispose();
  return by;
}
