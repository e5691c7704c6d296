/**
 * The door between an engine process and its owner: every request with its parameters, reply and
 * progress; how it fails; what a log line looks like. Messages are JSON-RPC over the IPC channel of a
 * forked process. This file imports nothing, so that the extension may import it.
 *
 * A change that an older side would misread raises `protocolVersion`.
 */

/** Compared when the two sides meet; they must be equal. */
export const protocolVersion = 3;

/** Stands for a language that the engine is to choose: the source that it detects, the target that suits the person. */
export const automatic = 'auto';

/** A language pair that a model folder offers. */
export interface LanguagePair {
  /** Language tag of the source, as config.json writes it: `en`. */
  from: string;
  /** Language tag of the target: `de`. */
  to: string;
  /** Absolute path of the model's folder. */
  folder: string;
  /** The model's name for a person. */
  name: string;
}

/** A translated sentence, or a part of a long one, in the text that came back. */
export interface TranslatedSegment {
  /** UTF-16 offsets into the translated text: [start, end). */
  start: number;
  end: number;
  /**
   * How good the translation is likely to be, 0 … 1: the chrF that segments like it reached on the texts that the
   * model was calibrated on. Missing where the model was not calibrated.
   */
  confidence?: number;
  /** The confidence was below the least one asked for, so that the source stands there. */
  left: boolean;
  /** What was said grew too long or repeated itself, and was cut; missing where not. */
  truncated?: true;
  /**
   * `%s` or `{}`, which a program's arguments take one after the other, stand in another order than in the source;
   * missing where not. In prose that is right; what a program fills in would say something else.
   */
  argumentsMoved?: true;
}

export interface Translation {
  text: string;
  /** The pair that translated it, or the texts beside it. */
  from: string;
  to: string;
  /** The text is in the target language already, and came back as it was. */
  alreadyInTarget: boolean;
  /** No model translates the text's language, and it came back as it was; missing where one does. */
  withoutModel?: true;
  /** In order; what stands between them (white space, code, line breaks) is the source's. */
  segments: TranslatedSegment[];
  /** A decoding mask had to act, to keep a protected span from being lost or doubled. */
  masked: boolean;
}

/** A piece of a text as the model reads or says it. */
export interface ObservedToken {
  /** `▁Wort` with its space marked, `<0x0A>` for a byte, `</s>` for the end; of a protected span its text. */
  text: string;
  /** UTF-16 offsets: [start, end). The bytes of a character have those of the whole character; the end has none. */
  start: number;
  end: number;
}

/** What might stand at a place of the translation. */
export interface NextToken {
  text: string;
  probability: number;
}

export interface ObservedTargetToken extends ObservedToken {
  /** What the model gives it at its place, 0 … 1, whatever the decoding rules allow. */
  probability: number;
  /** The likeliest at its place, best first. */
  candidates: NextToken[];
}

/** A segment with what the model reads and says of it. */
export interface ObservedSegment {
  /** UTF-16 offsets into the text, and into the translation's. */
  source: { start: number; end: number };
  target: { start: number; end: number };
  /** Offsets into the text; the end comes last. */
  sourceTokens: ObservedToken[];
  /** Offsets into the translation's text; the end comes last. Where a segment was left they are empty. */
  targetTokens: ObservedTargetToken[];
  /** Beam search's translations, best first; `score` is what ranks them: log-probability over the length penalty. */
  alternatives: { text: string; score: number }[];
  /** As in `TranslatedSegment`; none of a translation that the person gave. */
  confidence?: number;
}

export const attentionKinds = ['encoder', 'decoder', 'cross'] as const;
/** Self-attention of the encoder and of the decoder, and the decoder's attention to the source. */
export type AttentionKind = (typeof attentionKinds)[number];

/** One head at one place. Keys that are masked are left out. */
export interface WalkedAttention {
  /** `[dKey]` */
  query: Float32Array;
  /** q·k/√dₖ of each key, before the softmax, and after it. */
  scores: Float32Array;
  weights: Float32Array;
  /** What the head hands on, `[dValue]`. */
  context: Float32Array;
}

/** What may be observed at most, so that a reply stays within what a person can look at. */
export const observationLimits = {
  /** Characters of the text, and of what else is asked for. */
  characters: 10_000,
  /** Characters of a translation that the person gives: that of the longest text is longer than it. */
  targetCharacters: 40_000,
  candidates: 20,
  alternatives: 10,
} as const;

/** What a person chooses to translate with; the last three are experimental. `auto`: what is right and quickest. */
export type DeviceSetting = 'auto' | 'cpu' | 'webgpu' | 'dml' | 'coreml' | 'cuda';
export type TrainingDeviceSetting = Extract<DeviceSetting, 'auto' | 'cpu' | 'webgpu'>;

export interface DevicesOptions {
  translation: DeviceSetting;
  /** Absolute path of where is kept what has been found out about devices; need not be there yet. */
  file: string;
  /** Whether this engine tries a graphics card out for `auto` when it is idle: one of an owner's is enough. */
  tryOut: boolean;
}

/** Of a device beside the processor. */
export interface Pace {
  device: number;
  processor: number;
}

/** What was found when a device was tried out in a process of its own. */
export interface DeviceVerdict {
  /**
   * `right`: it computes what the processor does; `wrong`: other numbers; `absent`: there is none; `broken`: the process
   * died, hung, or failed.
   */
  outcome: 'right' | 'wrong' | 'absent' | 'broken';
  /** Why it is not used. */
  sentence?: string;
  /** How far its numbers are from the processor's, relative to them, at most. */
  difference?: number;
  /** What its driver calls it. */
  adapter?: string;
  /** `gigaflops`: billions of operations a second of products of matrices; the others: tokens a second. */
  paces?: { gigaflops?: Pace; alone?: Pace; batch?: Pace; training?: Pace };
  /** Milliseconds since 1970. */
  when: number;
}

export interface DeviceTrial {
  device: Exclude<DeviceSetting, 'auto' | 'cpu'>;
  purpose: 'translation' | 'training';
  /** Undefined where it has not been tried out. */
  verdict: DeviceVerdict | undefined;
  /** The processor plays a graphics card. */
  isSoftware: boolean;
  /** `auto` takes it. */
  isQuicker: boolean;
}

/** A machine with the devices that onnxruntime names there. */
export interface InspectedMachine {
  processor: { name: string; cores: number };
  /** By what a tool of the system says; memory in bytes. */
  cards: { name: string; driver?: string; memory?: number }[];
  trials: DeviceTrial[];
  settings: { translation: DeviceSetting; training: TrainingDeviceSetting };
  /** What the settings come to; `not tried out` where that is not known. */
  uses: { translation: string; training: string };
}

/** A notification to the owner: something that the person should know, once. */
export const noticeMethod = 'notice';
export interface Notice {
  sentence: string;
}

/*
 * Training. The same bundle serves: the owner forks an engine of its own for a training, with low priority and one
 * thread less than the machine has cores. onnxruntime blocks its thread while a step runs, so that this engine answers
 * between steps alone: what a person waits for meanwhile (runs, histories, plans, evaluations, exports) is better asked
 * of another engine; every engine knows all requests, and all of them keep their state in the run's folder. Folders and
 * files are absolute paths, and never come from a workspace's settings.
 */

/** A corpus as it was named: one file (`.tsv`, `.txt`: source TAB target; `.tmx`; `.po`), or two of as many lines. */
export interface CorpusFiles {
  /** One or two; each may end in `.gz` besides. */
  files: string[];
  /** How often its pairs are seen in an epoch, 0.001 … 1000; 1 unless given. */
  weight?: number;
}

/**
 * What makes a training run what it is; fixed once it has begun. What is left out is as `trainingDefaults` says.
 * Checked by the engine, whatever it holds: a sentence says which field cannot be, and why.
 */
export interface TrainingSettings {
  corpora: CorpusFiles[];
  /** Pairs to validate on; where there are none, `heldOut` pairs of the corpora are held out. */
  validation?: CorpusFiles[];
  /** Language tags; read off the first file’s name (`news.en-de.tsv`, `news.en,news.de`) unless given. */
  from?: string;
  to?: string;
  /**
   * Folder of a model to train on from: its languages, sizes and vocabulary with its weights, a new optimiser and a
   * short warm-up. `preset`, `modelConfig` and `vocabularySize` say nothing then, and must be left out.
   */
  initialModel?: string;
  /** The size: a name of `trainingDefaults`’ presets. */
  preset?: string;
  /** What the model has otherwise than its preset, by the names of docs/training.md, “Variations”. */
  modelConfig?: Record<string, unknown>;
  /** Subword tokens, joint, 300 … 1,000,000. */
  vocabularySize?: number;
  /** Pairs held out where there is no `validation`. */
  heldOut?: number;
  /** Longer sentences are left out. */
  maximumWords?: number;
  /** How many times as long as the other a side may be, in characters. */
  maximumLengthRatio?: number;
  /** Padded tokens of a batch on either side, at most. */
  batchTokens?: number;
  /** Batches of an update. */
  accumulate?: number;
  /** Tokens of a pair’s longer side, at most. */
  longest?: number;
  /** At the end of the warm-up; the paper’s for the model’s size unless given. */
  peakLearningRate?: number;
  /** Updates over which the learning rate rises. */
  warmupSteps?: number;
  /** Rates, 0 … below 1: on sub-layers and embeddings; on attention weights; inside feed-forward networks. */
  dropout?: number;
  attentionDropout?: number;
  feedForwardDropout?: number;
  /** Share of the vocabulary’s merges that are passed over, anew in every batch. */
  subwordDropout?: number;
  labelSmoothing?: number;
  /** R-Drop’s α: two passes a step, with other units dropped, are drawn together; 0 for one. */
  rDrop?: number;
  /** Longest gradient; 0 for any. */
  clipNorm?: number;
  /** What steps compute in; `mixed` is experimental. */
  precision?: 'float32' | 'mixed';
  seed?: number;
}

/** When a run is over; whichever comes first. Without any of them it goes on until it is stopped. */
export interface TrainingBudget {
  /** Updates of the whole run. */
  steps?: number;
  /** Minutes of training steps of the whole run, over all its legs. */
  minutes?: number;
  /** So many validations in a row without a better one. */
  patience?: number;
  /**
   * The last share of the steps (else of the minutes) in which the learning rate goes to nothing, 0 … 1; 0 unless
   * given. Of minutes, the rates depend on the machine's speed.
   */
  cooldown?: number;
}

/** How a leg is gone about; may differ from leg to leg. All but `threads` has a default. */
export interface LegSettings {
  /** Of one operator: the machine’s cores but one, at least 1. */
  threads: number;
  /**
   * What computes (`cpu`): a graphics card is tried out against the processor before it trains. `auto`: the card that has
   * been found right and quicker, else the processor.
   */
  device?: TrainingDeviceSetting;
  /** Updates between checkpoints (500) and between validations (as checkpoints); both happen at the end too. */
  checkpointEvery?: number;
  validateEvery?: number;
  /** How many checkpoints stay, besides the best (5). */
  keepCheckpoints?: number;
  /** Held-out pairs that a validation translates, for BLEU, chrF and samples (100); 0 for none. */
  translatePairs?: number;
  /** What makes a checkpoint the best (`loss`). */
  stopOn?: 'loss' | 'bleu';
  /** Whether the training pauses while the machine runs on its battery, where the system tells (false). */
  pauseOnBattery?: boolean;
}

/** Why an entry of a corpus is not trained on. */
export type CorpusDropReason =
  | 'malformed'
  | 'otherLanguage'
  | 'obsolete'
  | 'fuzzy'
  | 'empty'
  | 'identical'
  | 'tooLong'
  | 'ratio'
  | 'duplicate';

/** What became of the entries of one corpus: `read` is `kept` and all of `dropped` together. */
export interface CorpusCounts {
  /** The files as they were named, with a comma between two. */
  file: string;
  /** What its entries are called: lines, units, messages. */
  entries: string;
  read: number;
  kept: number;
  dropped: Record<CorpusDropReason, number>;
  /** Up to five malformed entries: `file:line: what is wrong`. */
  examples: string[];
}

/** A corpus before the training: of a large one, a sample was read. */
export interface PlannedCorpus extends CorpusCounts {
  bytes: number;
  /** Only the beginning was read: `pairs` is reckoned from it, and `read`, `kept` and `dropped` are the sample’s. */
  sampled: boolean;
  /** Pairs that will be kept of all of it, about. */
  pairs: number;
}

/**
 * What a person should know before Start.
 * - `languages`: which languages these are is not known, or the files speak of others;
 * - `smallCorpus`: too few pairs for a model of this size, or for a vocabulary of this size;
 * - `largeModel`: the memory will not do;
 * - `disk`: the disk will not do;
 * - `time`: the time will not do for the corpus to be seen a few times.
 */
export interface TrainingWarning {
  kind: 'languages' | 'smallCorpus' | 'largeModel' | 'disk' | 'time';
  sentence: string;
}

/** What a training will take; the figures are estimates. */
export interface TrainingPlan {
  from: string;
  to: string;
  corpora: PlannedCorpus[];
  /** Pairs to train on and to validate on. */
  pairs: number;
  validationPairs: number;
  /** Tokens of the vocabulary: fewer than wanted where the corpus has no more. */
  vocabularySize: number;
  parameters: number;
  /** Target tokens of all pairs, ends of sentences included, and updates to see each of them once. */
  targetTokensPerEpoch: number;
  stepsPerEpoch: number;
  /** Floating-point operations and seconds of an update. `measured`: by steps of this very model, else of a smaller one. */
  flopsPerStep: number;
  secondsPerStep: number;
  measured: boolean;
  /** What the budget comes to; missing where it has no end but its patience. */
  steps?: number;
  seconds?: number;
  flops?: number;
  /** Bytes of memory that the training takes at its peak, and what the machine has free now and in all. */
  memory: { needed: number; free: number; total: number };
  /** Bytes on the disk of the run’s folder: corpus, checkpoints and metrics. */
  disk: { needed: number; free: number };
  warnings: TrainingWarning[];
}

/** Where a run stands. */
export interface TrainingProgress {
  /** Updates done. */
  step: number;
  /** From 0. */
  epoch: number;
  /** Batches of this epoch that are done. */
  batch: number;
  /** Seen so far, ends of sentences included. */
  targetTokens: number;
  /** Spent in training steps, over all legs. */
  seconds: number;
}

/** One update; the fields are those of metrics.jsonl (docs/metrics.md). `null`: no finite number. */
export interface StepPoint {
  /** When it was done: seconds since 1970. */
  time: number;
  /** From 1, as the epoch. */
  step: number;
  epoch: number;
  loss: number | null;
  smoothedLoss: number | null;
  perplexity: number | null;
  learningRate: number | null;
  targetTokensPerSecond: number | null;
  paddingShare: number | null;
  gradientNorm: number | null;
  targetTokens: number | null;
  seconds: number | null;
  /** To the end of the budget; null where it has none. */
  secondsLeft: number | null;
  flops: number | null;
}

/** What the held-out pairs say of the weights after a step. */
export interface ValidationPoint {
  time: number;
  step: number;
  loss: number | null;
  perplexity: number | null;
  /** 0 … 100, of `translatedPairs` pairs; null where none were translated. */
  bleu: number | null;
  chrf: number | null;
  translatedPairs: number;
  samples: { source: string; reference: string; translation: string }[];
}

/** What a training tells as it goes on. */
export type TrainingEvent =
  /** Pairs (or merges, when learning the vocabulary) that are done; of how many, where that is known. */
  | { kind: 'preparing'; stage: 'reading' | 'learning' | 'encoding'; done: number; of?: number }
  | { kind: 'corpus'; counts: CorpusCounts }
  | {
      kind: 'prepared';
      pairs: number;
      validationPairs: number;
      /** Pairs left out for too many tokens, and because their source is validated on. */
      overlong: number;
      shared: number;
      targetTokens: number;
      vocabularySize: number;
      parameters: number;
      /** What computes. */
      device: 'cpu' | 'webgpu';
    }
  /** Goes on from a checkpoint. Points of later steps, from before, are void: the steps are taken again. */
  | { kind: 'resumed'; progress: TrainingProgress }
  | { kind: 'warning'; sentence: string }
  /** All updates since the last such event, at least one; sent at most four times a second. */
  | { kind: 'steps'; points: StepPoint[] }
  | { kind: 'validation'; point: ValidationPoint }
  | { kind: 'checkpoint'; folder: string; progress: TrainingProgress }
  /** The run ends before its time, and why. */
  | { kind: 'stopped'; sentence: string };

/**
 * How a leg ended; what it did is saved in `checkpoint`, whichever way.
 * - `finished`: the budget is used up (`steps`, `minutes`);
 * - `stopped`: it got no better (`patience`);
 * - `paused`: it was `asked` to, or the `disk` is nearly full, or the machine is on its `battery`.
 */
export interface TrainingOutcome {
  kind: 'finished' | 'stopped' | 'paused';
  reason: 'steps' | 'minutes' | 'patience' | 'asked' | 'disk' | 'battery';
  /** Updates done. */
  step: number;
  /** The newest checkpoint; missing where the run was paused before its first update. */
  checkpoint?: string;
  /** For a person, where the training itself has decided to end. */
  sentence?: string;
}

/** A checkpoint, which is a model folder too: it can be translated with, evaluated, exported and imported. */
export interface CheckpointDescription {
  /** Its folder’s name, and its path. */
  name: string;
  folder: string;
  step: number;
  targetTokens: number;
  seconds: number;
  bytes: number;
  /** When it was written: seconds since 1970. */
  time: number;
  /** Whether it validated best. */
  best: boolean;
  /** The validation after this very step, if there was one. */
  validation?: Omit<ValidationPoint, 'samples'>;
}

/** A run’s folder. */
export interface RunDescription {
  folder: string;
  from: string;
  to: string;
  /** As the run has them, none left out. */
  settings: TrainingSettings;
  /** Newest first. */
  checkpoints: CheckpointDescription[];
  /** Of the newest checkpoint that can be read. */
  progress?: TrainingProgress;
  /** Weights of the model; missing before the first checkpoint. */
  parameters?: number;
  /** Bytes of all of it. */
  bytes: number;
  /** The process that trains it at this moment, of this machine or another one. */
  trainedBy?: { pid: number; host: string };
  /** Sentences on what of it cannot be read. */
  faults: string[];
}

/** Model sizes to choose from. */
export interface PresetDescription {
  name: string;
  /** Sizes and kinds by name: dModel, heads, dFf, encoderLayers, … */
  model: Record<string, number | string | boolean>;
  /** At the default vocabulary size. */
  parameters: number;
}

/** A file of a workspace that was looked at for parallel text. */
export interface CatalogueCounts {
  file: string;
  kind: 'gettext' | 'json' | 'xliff';
  pairs: number;
  /** Why the file, or an entry of it, was passed over. */
  fault?: string;
}

/** BLEU or chrF: 0 … 100, and the signature by which sacreBLEU would name it. */
export interface Score {
  score: number;
  signature: string;
}

/** Every request with what it takes, what it answers and what it tells meanwhile (`never`: nothing). */
export interface EngineRequests {
  /** The handshake, before all else. Reads the model folders' descriptions; loads no model. */
  initialize: {
    /** `modelFolders`: absolute paths of the folders that hold model folders; of two models for a pair the first wins. `threads`: of one operator. */
    parameters: {
      protocolVersion: number;
      modelFolders: string[];
      threads: number;
      /** Missing: the processor computes. */
      devices?: DevicesOptions;
    };
    reply: { protocolVersion: number; pairs: LanguagePair[]; pid: number };
    progress: never;
  };
  /** Reads the model folders' descriptions anew, and says which pairs there are. */
  listPairs: {
    parameters: Record<string, never>;
    reply: { pairs: LanguagePair[] };
    progress: never;
  };
  /** Every model of the model folders, also those that another one precedes for their pair. Loads none. */
  listModels: {
    parameters: Record<string, never>;
    reply: { models: LanguagePair[] };
    progress: never;
  };
  /**
   * Translates each text, which may hold several sentences and lines. Loads the pair's model when it is not yet. Fails
   * where no model translates any of them.
   */
  translate: {
    parameters: {
      /** A language tag, or `automatic`. */
      from: string;
      to: string;
      /** What an automatic target is to be where there is a pair to it: the language of the person's editor. */
      preferredTarget: string;
      /** Segments below this confidence keep their source; 0: none. */
      minimumConfidence: number;
      texts: string[];
      /**
       * Of each text, parts that must come back as they are, besides what the engine protects by itself (code, paths,
       * URLs, …): every occurrence, as whole words where they are words.
       */
      keep?: string[][];
    };
    reply: { translations: Translation[] };
    /** Sentences finished, and sentences in all. */
    progress: { done: number; total: number };
  };
  /**
   * Translates one text as `translate` does, and tells how it came about. What attention there was is kept, for some
   * observations and not for ever: `attention` hands it out. For a text that is left as it is, no model is loaded: there
   * are no segments, no layers and heads, and no id of the model.
   */
  observe: {
    parameters: {
      from: string;
      to: string;
      preferredTarget: string;
      text: string;
      /** Forced decoding: the translation that the person gives, instead of the model's. */
      target?: string;
      /** The model to look into, one of the pairs' or a run's checkpoint; `from` and `to` then say nothing. */
      folder?: string;
      /** Next tokens at every place of the translation: 0 … 20. */
      candidates: number;
      /** Beam search's best translations of each segment: 0 … 10. */
      alternatives: number;
      /** As for `translate`; 0 and none unless given. */
      minimumConfidence?: number;
      keep?: string[];
      /** Leaves a text as it is when nothing tells its language, rather than to take it for some language. */
      skipUnclear?: boolean;
    };
    reply: {
      /** Stands for it in `attention`. No two of any engines are the same. */
      observation: number;
      translation: Translation;
      /** `id`: the SHA-256 of its weights, in hexadecimal; empty where the text was left as it is. */
      model: { folder: string; name: string; id: string };
      encoderLayers: number;
      decoderLayers: number;
      heads: number;
      /** In order, as `translation.segments`. */
      segments: ObservedSegment[];
    };
    progress: never;
  };
  /**
   * The attention of a segment of an observation. Fails as `user` where the observation is gone, since there were many
   * others, its model was removed or its engine ended: then `observe` is asked again.
   */
  attention: {
    parameters: {
      observation: number;
      /** Its place in `segments`. */
      segment: number;
      kind: AttentionKind;
      /** From 0; `mean`: the mean over all layers, for each head. */
      layer: number | 'mean';
    };
    /**
     * `weights` `[head, query, key]`; each row of keys sums to 1. Queries and keys of the encoder, and keys of cross
     * attention, are `sourceTokens`. Query i of the decoder, in both other kinds, is its place when it says
     * `targetTokens[i]`; what it has read by then are the keys 0 … i of self-attention: the start, then the tokens
     * before i.
     */
    reply: { heads: number; queries: number; keys: number; weights: Float32Array };
    progress: never;
  };
  /**
   * What a token meets on its way through the model: one of the source through the encoder, and one place of the target
   * through the decoder. Fails as `attention` does.
   */
  walk: {
    parameters: {
      observation: number;
      segment: number;
      /** Which of `sourceTokens`, and of `targetTokens`. */
      source: number;
      target: number;
      encoderLayer: number;
      decoderLayer: number;
      head: number;
      /** Next tokens: 1 … 20. */
      candidates: number;
    };
    reply: {
      model: {
        dModel: number;
        heads: number;
        dKey: number;
        dFf: number;
        encoderLayers: number;
        decoderLayers: number;
        vocabularySize: number;
        normalisation: 'pre' | 'post';
        activation: string;
        /** `interleaved` and `halves`: sines and cosines; else `learned`. */
        positions: string;
        /** What embeddings are multiplied by before positions are added. */
        embeddingScale: number;
      };
      /** Ids in the vocabulary. */
      sourceId: number;
      targetId: number;
      /** Each `[dModel]`: sum = row · embeddingScale + position. */
      embedding: { row: Float32Array; position: Float32Array; sum: Float32Array };
      encoder: WalkedAttention;
      decoder: WalkedAttention;
      cross: WalkedAttention;
      /** After the activation function, `[dFf]`. */
      activations: { encoder: Float32Array; decoder: Float32Array };
      /** After the layer, `[dModel]`. */
      states: { encoder: Float32Array; decoder: Float32Array };
      /** The likeliest next tokens, best first, then what is said where it is not among them. */
      logits: { text: string; logit: number; probability: number }[];
    };
    progress: never;
  };
  /** Forgets an observation, which may be gone already. */
  release: {
    parameters: { observation: number };
    reply: null;
    progress: never;
  };
  /**
   * Checks a model folder and copies it, whole or not at all, to where the next `listPairs` finds it. Where
   * `modelsFolder` holds a model for the pair already, nothing happens unless `replace` is true.
   */
  importModel: {
    /** `folder`: the model's; `modelsFolder`: which of the model folders it becomes a part of; made if need be. */
    parameters: { folder: string; modelsFolder: string; replace: boolean };
    reply: { outcome: 'imported' | 'exists'; pair: LanguagePair };
    /** Bytes copied, and bytes in all. */
    progress: { done: number; total: number };
  };
  /** What a training does where nothing is said, and which sizes of models there are. */
  trainingDefaults: {
    parameters: Record<string, never>;
    reply: {
      /** Without corpora; `peakLearningRate` and languages depend on the rest. */
      settings: Omit<TrainingSettings, 'corpora'>;
      leg: Required<Omit<LegSettings, 'threads' | 'validateEvery'>>;
      presets: PresetDescription[];
    };
    progress: never;
  };
  /** What training with these settings would take: reads (of large corpora a sample), and takes a few trial steps. */
  planTraining: {
    /** `folder`: the run’s, which need not be there yet. */
    parameters: { folder: string; settings: TrainingSettings; budget: TrainingBudget; leg: LegSettings };
    reply: { plan: TrainingPlan };
    progress: { stage: 'reading' | 'learning' | 'measuring'; done: number; total: number };
  };
  /**
   * Trains until the budget is used up, or `stopTraining`. Cancelling it does the same as `stopTraining`: either way it
   * ends after the step in hand (while it prepares the corpus: at once), writes a checkpoint, and replies. One at a time
   * in an engine, and in a folder: a folder in which another process trains is refused with a sentence. When the engine
   * is told to shut down, or its owner ends, a training is saved first, for which it has four seconds.
   */
  train: {
    /**
     * `begin`: settings of a new run, whose folder must hold none, or `resume` for the newest whole checkpoint of the
     * run in the folder (its beginning, where it has none yet).
     */
    parameters: {
      folder: string;
      begin: TrainingSettings | 'resume';
      budget: TrainingBudget;
      leg: LegSettings;
    };
    reply: TrainingOutcome;
    progress: TrainingEvent;
  };
  /** Asks the training in this engine to end after the step in hand; replies at once, and `train` when it has ended. */
  stopTraining: {
    parameters: Record<string, never>;
    /** Whether there was one. */
    reply: { training: boolean };
    progress: never;
  };
  /** What is in a run’s folder. */
  readRun: {
    parameters: { folder: string };
    reply: { run: RunDescription };
    progress: never;
  };
  /** The curves of a run, also while it trains. */
  readHistory: {
    /**
     * `afterStep`: only what came later (0 for all). `most`: points a curve, at most; where there are more, the lowest
     * and highest loss of each stretch stand for it.
     */
    parameters: { folder: string; afterStep: number; most: number };
    reply: {
      /** Updates recorded in all after `afterStep`; `steps` has fewer where they were thinned. */
      recorded: number;
      /** Column by column, all of one length, in the order of their steps. */
      steps: { [Field in keyof StepPoint]: StepPoint[Field][] };
      validations: ValidationPoint[];
      /** Where legs began: the step before, and when. */
      legs: { step: number; time: number }[];
    };
    progress: never;
  };
  /** Deletes checkpoints of a run in which nobody trains: by name, or the whole run with all that is in its folder. */
  removeRun: {
    parameters: { folder: string; checkpoints: string[] | 'all' };
    reply: null;
    progress: never;
  };
  /** Writes the mean of a run’s checkpoints (§6.1) as a model folder with float32 weights. */
  averageCheckpoints: {
    /** `which`: the newest so many, or by name. `output`: need not be there yet; must hold no other model. */
    parameters: { folder: string; which: number | string[]; output: string };
    reply: { folder: string; averaged: string[] };
    progress: { done: number; total: number };
  };
  /** Translates the sources of a corpus with a model or a checkpoint, and compares with its targets. */
  evaluateModel: {
    /** `limit`: sentences, at most. `beamSize` 1: greedy; `lengthPenalty` as §6.1 (0.6). */
    parameters: {
      model: string;
      corpus: CorpusFiles;
      limit: number;
      search: { beamSize: number; lengthPenalty: number };
    };
    reply: {
      sentences: number;
      bleu: Score;
      chrf: Score;
      seconds: number;
      /** The first three. */
      samples: { source: string; reference: string; translation: string }[];
    };
    /** Sentences. */
    progress: { done: number; total: number };
  };
  /**
   * Writes a model or a checkpoint for others to use.
   * - `folder`: safetensors in float16, config.json, tokenizer.json: what `importModel` takes;
   * - `onnx`: encoder.onnx and decoder.onnx with the weights inside, tokenizer.json, and a README that says how to run
   *   them with any onnxruntime.
   */
  exportModel: {
    /** `output`: need not be there yet; must hold no other model. `name`: the model’s; its own unless given. */
    parameters: { model: string; output: string; format: 'folder' | 'onnx'; name?: string };
    reply: { folder: string; files: { name: string; bytes: number }[] };
    progress: { done: number; total: number };
  };
  /**
   * The corpora among files and folders, by their names; what is no corpus is passed over. `from` and `to`, where they
   * are chosen, say which of two files of as many lines is which.
   */
  findCorpora: {
    parameters: { paths: string[]; from?: string; to?: string };
    reply: { corpora: (CorpusFiles & { bytes: number; from?: string; to?: string })[] };
    progress: never;
  };
  /**
   * Collects parallel text from the catalogues of a project: gettext (.po), JSON of VS Code and i18next, XLIFF. What is
   * broken is named and passed over.
   */
  corpusFromCatalogues: {
    /** `output`: a `.tsv` file, replaced where it is there. */
    parameters: { folders: string[]; from: string; to: string; output: string };
    reply: {
      pairs: number;
      /** Of each catalogue that speaks of the two languages, or could not be read. */
      files: CatalogueCounts[];
    };
    /** Files looked at. */
    progress: { done: number; total: number };
  };
  /**
   * This machine's devices: what is known of them, or, with `tryOut`, what is found out now, each in a process of its own;
   * that takes a minute or two. `report` is Markdown without anything about the person.
   */
  inspectDevices: {
    parameters: { tryOut: boolean; settings: InspectedMachine['settings'] };
    reply: { machine: InspectedMachine; report: string };
    /** Begins with this one, of so many. */
    progress: { device: string; purpose: 'translation' | 'training'; done: number; total: number };
  };
  /** What the machine has to train with. */
  measureMachine: {
    /** `folder`: on the disk that is asked about; need not be there yet. */
    parameters: { folder: string };
    reply: {
      cores: number;
      /** Bytes. */
      memory: { free: number; total: number };
      disk: { free: number };
      /** Missing where the system does not tell. */
      onBattery?: boolean;
    };
    progress: never;
  };
  /** Answers, then ends the process; what still runs is dropped. */
  shutdown: {
    parameters: Record<string, never>;
    reply: null;
    progress: never;
  };
}

export type EngineMethod = keyof EngineRequests;
export type ParametersOf<M extends EngineMethod> = EngineRequests[M]['parameters'];
export type ReplyOf<M extends EngineMethod> = EngineRequests[M]['reply'];
export type ProgressOf<M extends EngineMethod> = EngineRequests[M]['progress'];

/** What travels as a request's params. Progress comes back under the token; without one, none is sent. */
export interface RequestEnvelope<M extends EngineMethod> {
  parameters: ParametersOf<M>;
  progressToken?: number;
}

/** The engine's side of the door, total: a request without a handler does not compile. */
export type EngineHandlers = {
  readonly [M in EngineMethod]: (
    parameters: ParametersOf<M>,
    context: { signal: AbortSignal; report: (progress: ProgressOf<M>) => void },
  ) => Promise<ReplyOf<M>>;
};

/**
 * Why a request failed:
 * - `user`: the message is a sentence for the person, who can put it right;
 * - `cancelled`: the person or the owner asked for it, so there is nothing to say;
 * - `engine`: something of ours broke; the message says what, the log says more.
 */
export type EngineErrorCode = 'user' | 'cancelled' | 'engine';

/** JSON-RPC's error numbers for our codes. −32800 and −32603 are the ones customary for these. */
export const errorNumbers: Readonly<Record<EngineErrorCode, number>> = {
  user: 1,
  cancelled: -32800,
  engine: -32603,
};

/** The code of a JSON-RPC error number; a number that is none of ours is the engine's fault. */
export function errorCodeOf(number: number): EngineErrorCode {
  if (number === errorNumbers.user) return 'user';
  if (number === errorNumbers.cancelled) return 'cancelled';
  return 'engine';
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * One line of JSON on the engine's standard error. Never holds a person's text, unless its level is
 * `debug` or lower.
 */
export interface LogLine {
  level: LogLevel;
  message: string;
  [detail: string]: string | number | boolean;
}
