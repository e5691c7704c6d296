/** Curves without their jitter. */
import type { Numbers } from './decimate';

/**
 * A curve without its jitter: an exponential moving average, corrected for its start as Adam corrects its moments, so
 * that it begins where the curve does. Grows with the curve.
 */
export class Smoothed {
  readonly #weight: number;
  #values = new Float64Array(1024);
  #length = 0;
  #average = 0;
  /** weight^n: what the average lacks yet. */
  #missing = 1;

  /** @param weight of what was before, 0 … below 1; 0 changes nothing */
  constructor(weight: number) {
    this.#weight = weight;
  }

  get weight(): number {
    return this.#weight;
  }

  /**
   * The averages of the first `length` values, of which those that were given before must be the same.
   *
   * @returns at least so long; NaN where the curve has no value
   */
  of(values: Numbers, length: number): Float64Array {
    if (this.#values.length < length) {
      const larger = new Float64Array(Math.max(length, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    for (let index = this.#length; index < length; index++) {
      const value = values[index]!;
      if (Number.isFinite(value)) {
        this.#average = this.#weight * this.#average + (1 - this.#weight) * value;
        this.#missing *= this.#weight;
        this.#values[index] = this.#average / (1 - this.#missing);
      } else {
        this.#values[index] = NaN;
      }
    }
    this.#length = Math.max(this.#length, length);
    return this.#values;
  }
}
