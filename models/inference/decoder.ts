/** The sessions of a loaded model, and the state that decoding keeps between tokens. */
import { ort, Session, type Feeds, type InferenceDevice } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import type { Program } from '../graph/program';
import {
  buildDecoderStep,
  buildEncoder,
  buildSelectRows,
  crossMask,
  handedOn,
  memoryNames,
} from './programs';
import { keepRows, Rooms } from './rooms';

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

/** What one decoder step says of each hypothesis, until the next step writes in the same place. */
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
  /** Of batches that are through. */
  private readonly spareRooms: Rooms[] = [];

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
    return new Decoder(
      config,
      await sessionOf(buildEncoder(config, weights), crossNames(config)),
      await sessionOf(buildDecoderStep(config, weights), memoryNames('self', config)),
      device === 'webgpu' ? await sessionOf(buildSelectRows(config), crossNames(config)) : undefined,
    );
  }

  /** Encodes a batch of token sequences (ends of sentences included) and stands before the first target token. */
  async begin(sources: readonly (readonly number[])[]): Promise<DecodingState> {
    const longest = Math.max(...sources.map((source) => source.length));
    const length = Math.ceil(longest / summedTogether) * summedTogether;
    const ids = new Int32Array(sources.length * length).fill(this.config.paddingToken);
    sources.forEach((source, row) => ids.set(source, row * length));
    const rooms = this.spareRooms.pop() ?? new Rooms();
    const cross = await this.encoder.run({ sourceIds: int32(ids, [sources.length, length]) });
    return new DecodingState(
      this.config,
      this.decoderStep,
      this.selectRows,
      takeOver(cross, crossNames(this.config)),
      sources.length,
      rooms,
      () => this.spareRooms.push(rooms),
    );
  }

  async dispose(): Promise<void> {
    await this.encoder.dispose();
    await this.decoderStep.dispose();
    await this.selectRows?.dispose();
  }
}

/** Keys, or values, of a layer's self-attention. */
interface SelfMemory {
  readonly name: string;
  readonly output: string;
  readonly width: number;
}

/** One batch half-way through its targets. Who has no more use for it disposes of it: a device's memory is not collected. */
export class DecodingState {
  private position = 0;
  private readonly selfMemories: readonly SelfMemory[];
  private self: Feeds;

  constructor(
    private readonly config: TransformerConfig,
    private readonly decoderStep: Session,
    private readonly selectRows: Session | undefined,
    private cross: Feeds,
    batch: number,
    private readonly rooms: Rooms,
    private readonly onDispose: () => void,
  ) {
    const { heads, dKey, dValue } = config;
    this.selfMemories = memoryNames('self', config).map((name, index) => ({
      name,
      output: handedOn(name),
      width: index % 2 === 0 ? dKey : dValue,
    }));
    const nothing = new Float32Array(0);
    this.self = Object.fromEntries(
      this.selfMemories.map(({ name, width }) => [
        name,
        new ort.Tensor('float32', nothing, [batch, heads, 0, width]),
      ]),
    );
  }

  /** Where the next step's outputs are to be written: all but those that stay in a device's memory. */
  private placesFor(batch: number): Record<string, ort.Tensor> {
    const { vocabularySize, decoderLayers, heads } = this.config;
    const sourceLength = this.cross[crossMask]!.dims[3]!;
    const places: Record<string, ort.Tensor> = {
      logProbabilities: this.rooms.tensor('logProbabilities', [batch, vocabularySize]),
      crossAttention: this.rooms.tensor('crossAttention', [decoderLayers, batch, heads, 1, sourceLength]),
    };
    if (this.selectRows) return places;
    for (const { output, width } of this.selfMemories)
      places[output] = this.rooms.tensor(output, [batch, heads, this.position + 1, width]);
    return places;
  }

  /**
   * Reads one token a hypothesis and says what may follow.
   *
   * @param rows which hypothesis of the step before each token goes on from
   */
  async step(tokens: readonly number[], rows: readonly number[]): Promise<DecoderOutput> {
    const feeds = {
      tokenIds: int32(tokens, [tokens.length, 1]),
      position: int32([this.position], []),
      rows: int32(rows, [rows.length]),
      ...this.cross,
      ...this.self,
    };
    const outputs = await this.decoderStep.run(feeds, this.placesFor(tokens.length));
    this.position++;
    const self: Record<string, ort.Tensor> = {};
    for (const { name, output } of this.selfMemories) self[name] = outputs[output]!;
    this.self = replace(this.self, self);
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

  /** Once, and no step afterwards: another batch writes where this one has. */
  dispose(): void {
    this.onDispose();
    this.self = replace(this.self, {});
    this.cross = replace(this.cross, {});
  }
}

/** Gives the memory back that held the old ones. */
function replace(old: Feeds, by: Feeds): Feeds {
  for (const tensor of Object.values(old)) tensor.dispose();
  return by;
}
