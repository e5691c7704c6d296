/** Numbers of which there come ever more: a typed array that makes room for itself. */
export class Column {
  #values = new Float64Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The last one; NaN where there is none. */
  get last(): number {
    return this.#length === 0 ? NaN : this.#values[this.#length - 1]!;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  clear(): void {
    this.#values = new Float64Array(256);
    this.#length = 0;
  }

  /** A copy of what stands from `start` up to `end`, that may be given away. */
  slice(start = 0, end = this.#length): Float64Array<ArrayBuffer> {
    return this.#values.slice(start, Math.min(end, this.#length));
  }
}
