/** The walk through a model with one token: each value on the way, as numbers. */
import { ort, Session } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import type { MixedWeights } from '../transformer/parameters';
import { selectBest } from './selectBest';
import type { TokenPair } from './observation';
import { buildWalk, type WalkAttention } from './walkProgram';

/** Where the walk goes. All from 0. */
export interface WalkRoute {
  /** The token of the source that is followed through the encoder. */
  readonly source: number;
  /** The place of the target at which a token is said. */
  readonly target: number;
  readonly encoderLayer: number;
  readonly decoderLayer: number;
  readonly head: number;
}

/** One head at one place. */
export interface WalkedAttention {
  /** `[dKey]` */
  readonly query: Float32Array;
  /** q·k/√dₖ for each key that may be seen, before the softmax: `[key]`. */
  readonly scores: Float32Array;
  /** Of the same keys; they sum to 1. */
  readonly weights: Float32Array;
  /** What the head hands on, `[dValue]`. */
  readonly context: Float32Array;
}

export interface WalkedLogit {
  readonly token: number;
  readonly logit: number;
  readonly probability: number;
}

export interface Walked {
  readonly embedding: Readonly<Record<'row' | 'position' | 'sum', Float32Array>>;
  readonly encoder: WalkedAttention;
  readonly decoder: WalkedAttention;
  readonly cross: WalkedAttention;
  /** After the activation function, `[dFf]`, at the source's token and at the target's place. */
  readonly activations: Readonly<Record<'encoder' | 'decoder', Float32Array>>;
  /** After the layer, `[dModel]`. */
  readonly states: Readonly<Record<'encoder' | 'decoder', Float32Array>>;
  /** The likeliest next tokens, best first, and what the target says, whether it is among them or not. */
  readonly logits: readonly WalkedLogit[];
}

export class Walk {
  private constructor(
    private readonly config: TransformerConfig,
    private readonly session: Session,
  ) {}

  /** `threads` of one operator; 0: one a physical core. */
  static async create(config: TransformerConfig, weights: MixedWeights, threads = 0): Promise<Walk> {
    return new Walk(config, await Session.create(buildWalk(config, weights), { threads }));
  }

  /** @param count of the likeliest next tokens */
  async run({ source, target }: TokenPair, route: WalkRoute, count: number): Promise<Walked> {
    const read = [this.config.decoderStartToken, ...target.slice(0, -1)];
    const outputs = await this.session.run({
      sourceIds: ids(source, [1, source.length]),
      targetIds: ids(read, [1, read.length]),
      sourcePlace: ids([route.source], [1]),
      targetPlace: ids([route.target], [1]),
    });
    const all = (name: string): Float32Array => outputs[name]!.data as Float32Array;
    const ofLayer = (name: string, layer: number, width: number): Float32Array =>
      all(name).slice(layer * width, (layer + 1) * width);
    const { dModel, dFf } = this.config;
    const attention = (of: WalkAttention, layer: number, seen: number): WalkedAttention => ({
      query: headOf(outputs[`${of}.queries`]!, layer, route.head),
      scores: headOf(outputs[`${of}.scores`]!, layer, route.head).slice(0, seen),
      weights: headOf(outputs[`${of}.weights`]!, layer, route.head).slice(0, seen),
      context: headOf(outputs[`${of}.context`]!, layer, route.head),
    });
    return {
      embedding: {
        row: all('embedding.rows'),
        position: all('embedding.encoding'),
        sum: all('embedding.sum'),
      },
      encoder: attention('encoder', route.encoderLayer, source.length),
      // What comes later is masked.
      decoder: attention('decoder', route.decoderLayer, route.target + 1),
      cross: attention('cross', route.decoderLayer, source.length),
      activations: {
        encoder: ofLayer('encoder.activations', route.encoderLayer, dFf),
        decoder: ofLayer('decoder.activations', route.decoderLayer, dFf),
      },
      states: {
        encoder: ofLayer('encoder.states', route.encoderLayer, dModel),
        decoder: ofLayer('decoder.states', route.decoderLayer, dModel),
      },
      logits: likeliest(all('logits'), target[route.target]!, count),
    };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

/** A head's values of `[layer, 1, 1, head, width]`. */
function headOf({ data, dims }: ort.Tensor, layer: number, head: number): Float32Array {
  const [heads, width] = [dims[3]!, dims[4]!];
  const at = (layer * heads + head) * width;
  return (data as Float32Array).slice(at, at + width);
}

/** The likeliest tokens and what is said, with their probabilities: exp(logit) over the sum of all. */
function likeliest(logits: Float32Array, said: number, count: number): WalkedLogit[] {
  const best = selectBest(logits, count);
  const highest = logits[best[0]!]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return [...new Set([...best, said])].map((token) => {
    const logit = logits[token]!;
    return { token, logit, probability: Math.exp(logit - highest) / sum };
  });
}

const ids = (values: readonly number[], shape: readonly number[]): ort.Tensor =>
  new ort.Tensor('int32', Int32Array.from(values), shape);
