/** What is pointed at in the pictures, and what is told of it: neither outlives the observation that it is of. */
import type { Observation } from './messages';
import { sameToken, type TokenRef } from './pieces';

interface Observed {
  readonly observation: Observation | null;
}

export class Pointing {
  #token: TokenRef | null = null;
  #told: ReadonlyMap<number, string> = new Map();
  #observations: readonly (Observation | null)[] = [];

  /** The token that is pointed at. */
  get token(): TokenRef | null {
    return this.#token;
  }

  /** What each slot tells of what is pointed at in it. */
  get told(): ReadonlyMap<number, string> {
    return this.#told;
  }

  /** @returns whether that is another one than before */
  point(token: TokenRef | null): boolean {
    if (token === this.#token || sameToken(token, this.#token)) return false;
    this.#token = token;
    return true;
  }

  tell(slot: number, told: string): void {
    this.#told = new Map(this.#told).set(slot, told);
  }

  /** Forgets what was of an observation that is not shown any more. */
  keepTo(slots: readonly Observed[]): void {
    const before = this.#observations;
    this.#observations = slots.map(({ observation }) => observation);
    const isKept = (slot: number): boolean => this.#observations[slot] === before[slot];
    if (before.every((_, slot) => isKept(slot))) return;
    this.#token = null;
    this.#told = new Map([...this.#told].filter(([slot]) => isKept(slot)));
  }
}
