/**
 * The door between an engine process and its owner: every request with its parameters, reply and
 * progress; how it fails; what a log line looks like. Messages are JSON-RPC over the IPC channel of a
 * forked process. This file imports nothing, so that the extension may import it.
 *
 * A change that an older side would misread raises `protocolVersion`.
 */

/** Compared when the two sides meet; they must be equal. */
export const protocolVersion = 1;

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

export interface Translation {
  text: string;
  /** Mean log-probability of a token, ≤ 0: nearer to 0 is more certain, and 0 means that nothing was translated. */
  score: number;
  /** A decoding mask had to act, to keep a protected span from being lost or doubled. */
  masked: boolean;
  /** The output reached its limit of tokens and was cut. */
  truncated: boolean;
}

/** Every request with what it takes, what it answers and what it tells meanwhile (`never`: nothing). */
export interface EngineRequests {
  /** The handshake, before all else. Reads the model folders' descriptions; loads no model. */
  initialize: {
    parameters: { protocolVersion: number; modelFolders: string[] };
    reply: { protocolVersion: number; pairs: LanguagePair[]; pid: number };
    progress: never;
  };
  /** Translates each text, which may hold several sentences and lines. Loads the pair's model when it is not yet. */
  translate: {
    parameters: { from: string; to: string; texts: string[] };
    reply: { translations: Translation[] };
    /** Sentences finished, and sentences in all. */
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
