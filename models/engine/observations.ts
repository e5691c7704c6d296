/**
 * What has been observed lately, for who asks for attention: the tokens of some observations, and as much of their
 * attention as fits. What does not is computed again from the tokens.
 */
import { randomInt } from 'node:crypto';
import { bytesOf } from '../inference/attentionMaps';
import { UserError } from '../userError';
import type { Attention, TokenPair } from './loadedModels';

/** An observation, as far as attention needs it. */
export interface KeptObservation {
  /** The model's. */
  readonly folder: string;
  readonly modelId: string;
  /** Of each segment. */
  readonly pairs: readonly TokenPair[];
}

/** So many observations are kept: the panel's with some before it, and the hovers of a while. */
const mostObservations = 16;
/** Bytes of attention: some hundred sentences of a small model, or two long ones of a large one. */
const usualBytes = 64 * 2 ** 20;

export class Observations {
  /** The least recently used first. */
  readonly #kept = new Map<number, KeptObservation>();
  readonly #attention = new Map<string, { attention: Attention; bytes: number }>();
  #bytes = 0;
  /** An engine that takes another's place must not know that one's observations. */
  #next = randomInt(2 ** 40);

  /** @param mostBytes of attention */
  constructor(private readonly mostBytes = usualBytes) {}

  /** An id for an observation that is being made. */
  begin(): number {
    return this.#next++;
  }

  keep(id: number, observation: KeptObservation): void {
    this.#kept.set(id, observation);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostObservations) break;
      this.release(oldest);
    }
  }

  /** @throws UserError where it is gone */
  get(id: number): KeptObservation {
    const observation = this.#kept.get(id);
    if (observation === undefined) throw observationGone();
    this.#kept.delete(id);
    this.#kept.set(id, observation);
    return observation;
  }

  release(id: number): void {
    const observation = this.#kept.get(id);
    this.#kept.delete(id);
    observation?.pairs.forEach((_, segment) => this.#drop(keyOf(id, segment)));
  }

  keepAttention(id: number, segment: number, attention: Attention): void {
    const key = keyOf(id, segment);
    this.#drop(key);
    const bytes = bytesOf(attention);
    this.#attention.set(key, { attention, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#attention.keys()) {
      // The last one stays however large it is: it is the one that is asked for.
      if (this.#bytes <= this.mostBytes || oldest === key) break;
      this.#drop(oldest);
    }
  }

  attention(id: number, segment: number): Attention | undefined {
    const key = keyOf(id, segment);
    const kept = this.#attention.get(key);
    if (kept === undefined) return undefined;
    this.#attention.delete(key);
    this.#attention.set(key, kept);
    return kept.attention;
  }

  #drop(key: string): void {
    this.#bytes -= this.#attention.get(key)?.bytes ?? 0;
    this.#attention.delete(key);
  }
}

/** The sentence for an observation that was let go, or whose model was. */
export function observationGone(): UserError {
  return new UserError('This observation is no longer kept. Observe the text again.');
}

const keyOf = (id: number, segment: number): string => `${id}/${segment}`;
