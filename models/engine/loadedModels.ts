/**
 * The models that are in memory: loaded when first asked for, each serving one request at a time.
 */
import { UserError } from '../userError';
import { framesOf, messageOf, type Log } from './log';
import type {
  AttentionKind,
  DevicesOptions,
  ObservedSegment,
  ParametersOf,
  ReplyOf,
  TranslatedSegment,
} from './protocol';
import { abortable, Turns } from './turns';

/** What a model makes of a text. */
export interface Translated {
  readonly text: string;
  readonly segments: readonly TranslatedSegment[];
  /** Mean log-probability of a token. */
  readonly score: number;
  readonly masked: boolean;
}

export interface TranslateOptions {
  /** Ends it with an exception. */
  readonly signal: AbortSignal;
  /** Segments below this confidence keep their source; 0: none. */
  readonly minimumConfidence: number;
  /** Of each text, parts that stay besides what patterns find. */
  readonly keep?: readonly (readonly string[])[] | undefined;
  /** Counts sentences. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface ObserveOptions {
  readonly signal: AbortSignal;
  /** Forced decoding. */
  readonly target: string | undefined;
  readonly candidates: number;
  readonly alternatives: number;
  readonly minimumConfidence: number | undefined;
  readonly keep: readonly string[] | undefined;
  /** Gets the attention of each segment as it comes. */
  readonly onAttention: (segment: number, attention: Attention) => void;
}

/** Source and target tokens of a segment, each with its end. */
export interface TokenPair {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

export interface Observation {
  readonly translated: Omit<Translated, 'score'>;
  readonly segments: readonly ObservedSegment[];
  /** Of each segment. */
  readonly pairs: readonly TokenPair[];
}

/** `[layer, head, query, key]`, of each kind. */
export type Attention = Readonly<
  Record<
    AttentionKind,
    {
      readonly layers: number;
      readonly heads: number;
      readonly queries: number;
      readonly keys: number;
      readonly weights: Float32Array;
    }
  >
>;

/** Where a walk goes. */
export type WalkRoute = Pick<
  ParametersOf<'walk'>,
  'source' | 'target' | 'encoderLayer' | 'decoderLayer' | 'head'
>;

/** What is met on it, and what the model is made of. */
export type Walked = Readonly<
  Pick<ReplyOf<'walk'>, 'embedding' | 'encoder' | 'decoder' | 'cross' | 'activations' | 'states'>
> & {
  readonly logits: readonly Readonly<ReplyOf<'walk'>['logits'][number]>[];
  readonly config: Readonly<Omit<ReplyOf<'walk'>['model'], 'embeddingScale'> & { scaleEmbeddings: boolean }>;
};

/** What the engine needs of a loaded model. */
export interface Translator {
  /** The SHA-256 of its weights. */
  readonly id: string;
  readonly shape: { readonly encoderLayers: number; readonly decoderLayers: number; readonly heads: number };
  /** Translates each text. Yields to the event loop between steps, so that a cancellation can arrive. */
  translate(texts: readonly string[], options: TranslateOptions): Promise<Translated[]>;
  /** Translates a text, or takes the translation that is given, and tells how it came about. */
  observe(text: string, options: ObserveOptions): Promise<Observation>;
  /** The attention that there is when a target is said. */
  attention(pair: TokenPair, signal: AbortSignal): Promise<Attention>;
  /** What a token meets on its way through the model. @param candidates likeliest next tokens */
  walk(pair: TokenPair, route: WalkRoute, candidates: number, signal: AbortSignal): Promise<Walked>;
  /** Frees its memory; nothing is asked of it afterwards. */
  dispose(): Promise<void>;
}

export interface LoadContext {
  /** Missing: the processor computes. */
  readonly devices?: DevicesOptions | undefined;
  /** Tells the person a sentence. */
  readonly notify: (sentence: string) => void;
}

/** Loads the model of a folder; its errors are sentences. `threads`: of one operator; 0: one a physical core. */
export type LoadTranslator = (folder: string, threads: number, context: LoadContext) => Promise<Translator>;

export interface LoadedModel {
  /** Shared by all who ask while it loads. */
  readonly translator: Promise<Translator>;
  /** A model serves one request at a time: two at once would only make both late. */
  readonly turns: Turns;
}

/**
 * Does something with a model when it is its turn. That is taken at once, while the model may still be loading: what
 * frees it meanwhile comes after.
 *
 * @throws as `Turns.take`, and what loading the model throws
 */
export function inTurn<T>(
  { translator, turns }: LoadedModel,
  signal: AbortSignal,
  work: (loaded: Translator) => Promise<T>,
): Promise<T> {
  return turns.take(signal, async () => work(await abortable(signal, translator)));
}

/** Models that are none of the catalogue's, such as two checkpoints that are compared, stay until others are looked into. */
const mostVisitors = 2;

export class LoadedModels {
  readonly #models = new Map<string, LoadedModel>();
  /** Folders whose models stay. */
  #residents: readonly string[] = [];
  /** The one that was asked for last comes first. */
  #visitors: readonly string[] = [];

  constructor(
    private readonly load: (folder: string) => Promise<Translator>,
    private readonly log: Log,
  ) {}

  has(folder: string): boolean {
    return this.#models.has(folder);
  }

  /** The model of a folder, which begins to load if it is not there yet. */
  get(folder: string): LoadedModel {
    const loaded = this.#models.get(folder);
    if (loaded !== undefined) return loaded;
    const model: LoadedModel = { translator: this.#load(folder), turns: new Turns() };
    this.#models.set(folder, model);
    // A failure is told to those who wait, and then forgotten: the folder may be mended.
    model.translator.catch(() => this.#models.delete(folder));
    return model;
  }

  /** The model of a folder that is not of those that `keepOnly` named; it is freed when two others have been asked for. */
  visit(folder: string): LoadedModel {
    if (!this.#residents.includes(folder)) {
      const others = this.#visitors.filter((other) => other !== folder);
      this.#visitors = [folder, ...others].slice(0, mostVisitors);
      this.#freeOthers();
    }
    return this.get(folder);
  }

  /** Frees the models of all other folders, which are no longer there, each after what it has still to do. */
  keepOnly(folders: readonly string[]): void {
    this.#residents = folders;
    this.#freeOthers();
  }

  #freeOthers(): void {
    for (const [folder, { translator, turns }] of this.#models) {
      if (this.#residents.includes(folder) || this.#visitors.includes(folder)) continue;
      this.#models.delete(folder);
      const free = async (): Promise<void> => (await translator).dispose();
      turns.take(new AbortController().signal, free).catch((error: unknown) => {
        this.log('warn', `The model that was in ${folder} could not be freed: ${messageOf(error)}`);
      });
    }
  }

  async #load(folder: string): Promise<Translator> {
    const start = performance.now();
    try {
      const translator = await this.load(folder);
      this.log('info', `Loaded the model in ${folder}.`, {
        milliseconds: Math.round(performance.now() - start),
      });
      return translator;
    } catch (error) {
      this.log('error', `The model in ${folder} could not be loaded: ${messageOf(error)}`, {
        stack: framesOf(error),
      });
      if (error instanceof UserError) throw error;
      throw new Error(`The model in ${folder} could not be loaded: ${messageOf(error)}`, { cause: error });
    }
  }
}
