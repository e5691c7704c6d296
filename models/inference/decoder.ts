/** The sessions of a loaded model, and the state that decoding keeps between tokens. */
import { ort, Session, type Feeds, type InferenceDevice } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import type { Program } from '../graph/program';
import { keepRows } from './keptRows';
import {
  buildDecoderStep,
  buildEncoder,
  buildSelectRows,
  crossMask,
  handedOn,
  memoryNames,
} from './programs';

const int32 = (values: ArrayLike<number>, shape: readonly number[]): ort.Tensor =>
  new ort.Tensor('int32', Int32Array.from(values), shape);

/**
 * Sources are padded to a multiple of this: onnxruntime adds up four products at a time, and what is left over in
 * another order. So the same zeros come after a sentence alone and beside longer ones, and no bit of it differs.
 */
const summedTogether = 4;

const crossNames = (config: TransformerConfig): string[] => [...memoryNames('cross', config), crossMask];

/** One run's outputs as the next one's inputs. */
function takeOver(outputs: Record<string, ort.Tensor>, names: readonly string[]): Feeds {
  return Object.fromEntries(names.map((name) => [name, outputs[handedOn(name)]!]));
}

/** What one decoder step says of each hypothesis. */
export interface DecoderOutput {
  /** Of what may follow: `[batch, vocabularySize]`. */
  readonly logProbabilities: Float32Array;
  /** Where in the source the model looked for it, unreduced; 0 at the source's padding. */
  readonly crossAttention: CrossAttention;
}

/** Each row of `sourceLength` sums to 1. */
export interface CrossAttention {
  readonly data: Float32Array;
  readonly dims: readonly [layers: number, batch: number, heads: number, queries: 1, sourceLength: number];
}

/** A model as a search sees it: what may follow, token by token. `Decoder` is one. */
export interface StepwiseDecoder {
  readonly config: Pick<TransformerConfig, 'decoderStartToken' | 'endToken' | 'vocabularySize'>;
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
    return new Decoder(
      config,
      await sessionOf(buildEncoder(config, weights, products), crossNames(config)),
      await sessionOf(buildDecoderStep(config, weights, products), memoryNames('self', config)),
      device === 'webgpu' ? await sessionOf(buildSelectRows(config), crossNames(config)) : undefined,
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
      sources.length,
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
  private self: Feeds;
  private position = 0;

  constructor(
    private readonly config: TransformerConfig,
    private readonly decoderStep: Session,
    private readonly selectRows: Session | undefined,
    private cross: Feeds,
    batch: number,
  ) {
    const { heads, dKey, dValue } = config;
    this.self = Object.fromEntries(
      memoryNames('self', config).map((name, index) => [
        name,
        new ort.Tensor('float32', new Float32Array(0), [batch, heads, 0, index % 2 === 0 ? dKey : dValue]),
      ]),
    );
  }

  /**
   * Reads one token a hypothesis and says what may follow.
   *
   * @param rows which hypothesis of the step before each token goes on from
   */
  async step(tokens: readonly number[], rows: readonly number[]): Promise<DecoderOutput> {
    const outputs = await this.decoderStep.run({
      tokenIds: int32(tokens, [tokens.length, 1]),
      position: int32([this.position], []),
      rows: int32(rows, [rows.length]),
      ...this.cross,
      ...this.self,
    });
    this.position++;
    this.self = replace(this.self, takeOver(outputs, memoryNames('self', this.config)));
    const { logProbabilities, crossAttention } = outputs as Record<keyof DecoderOutput, ort.Tensor>;
    return {
      logProbabilities: logProbabilities.data as Float32Array,
      crossAttention: {
        data: crossAttention.data as Float32Array,
        dims: crossAttention.dims as readonly unknown[] as CrossAttention['dims'],
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
    this.self = replace(this.self, {});
    this.cross = replace(this.cross, {});
  }
}

/** Gives the memory back that held the old ones. */
function replace(old: Feeds, by: Feeds): Feeds {
  for (const tensor of Object.values(old)) tensor.dispose();
  return by;
}
