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
}

export interface Translation {
  text: string;
  /** The pair that translated it. */
  from: string;
  to: string;
  /** The text is in the target language already, and came back as it was. */
  alreadyInTarget: boolean;
  /** In order; what stands between them (white space, code, line breaks) is the source's. */
  segments: TranslatedSegment[];
  /** A decoding mask had to act, to keep a protected span from being lost or doubled. */
  masked: boolean;
  /** The output reached its limit of tokens and was cut. */
  truncated: boolean;
}

/** Every request with what it takes, what it answers and what it tells meanwhile (`never`: nothing). */
export interface EngineRequests {
  /** The handshake, before all else. Reads the model folders' descriptions; loads no model. */
  initialize: {
    /** `modelFolders`: absolute paths of the folders that hold model folders; of two models for a pair the first wins. `threads`: of one operator. */
    parameters: { protocolVersion: number; modelFolders: string[]; threads: number };
    reply: { protocolVersion: number; pairs: LanguagePair[]; pid: number };
    progress: never;
  };
  /** Reads the model folders' descriptions anew, and says which pairs there are. */
  listPairs: {
    parameters: Record<string, never>;
    reply: { pairs: LanguagePair[] };
    progress: never;
  };
  /** Translates each text, which may hold several sentences and lines. Loads the pair's model when it is not yet. */
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
