/** Which texts and pairs have been seen, by hash: millions of them in tens of megabytes. */

/** Full of this share, the table doubles. */
const mostFilled = 0.7;

/**
 * A set of texts that keeps 64 bits of each. Two different texts are taken for one with a probability of n²/2⁶⁵ over n
 * texts: one in two million for 4.5 million. An open-addressing table, 8 bytes a place.
 */
export class TextSet {
  /** Two words a place; both 0: free. */
  private places: Uint32Array;
  private count = 0;

  constructor(capacity = 1 << 12) {
    this.places = new Uint32Array(2 * capacity);
  }

  get size(): number {
    return this.count;
  }

  /** @returns whether the texts, together and in this order, are new */
  add(...texts: readonly string[]): boolean {
    const [low, high] = hash(texts);
    const place = this.find(low, high);
    if (this.places[place] !== 0 || this.places[place + 1] !== 0) return false;
    this.places[place] = low;
    this.places[place + 1] = high;
    this.count++;
    if (this.count > mostFilled * (this.places.length / 2)) this.grow();
    return true;
  }

  has(...texts: readonly string[]): boolean {
    const [low, high] = hash(texts);
    const place = this.find(low, high);
    return this.places[place] !== 0 || this.places[place + 1] !== 0;
  }

  /** Where a hash is, or would be. */
  private find(low: number, high: number): number {
    const { places } = this;
    const mask = places.length - 1;
    let place = (low * 2) & mask;
    while (
      (places[place] !== low || places[place + 1] !== high) &&
      (places[place] !== 0 || places[place + 1] !== 0)
    ) {
      place = (place + 2) & mask;
    }
    return place;
  }

  private grow(): void {
    const before = this.places;
    this.places = new Uint32Array(2 * before.length);
    for (let index = 0; index < before.length; index += 2) {
      const [low, high] = [before[index]!, before[index + 1]!];
      if (low === 0 && high === 0) continue;
      const place = this.find(low, high);
      this.places[place] = low;
      this.places[place + 1] = high;
    }
  }
}

/** Sixty-four bits of some texts, as two words that are never both 0. A change of the border between texts changes them. */
function hash(texts: readonly string[]): [low: number, high: number] {
  let a = 0x9e3779b9;
  let b = 0x7f4a7c15;
  for (const text of texts) {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      a = Math.imul(a ^ unit, 0x85ebca6b);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ unit, 0xc2b2ae35) + a;
      b = (b << 15) | (b >>> 17);
    }
    // No unit is this large, so that it can only be a border.
    a = Math.imul(a ^ 0x10000, 0xcc9e2d51);
    b = Math.imul(b ^ text.length, 0x1b873593) ^ a;
  }
  const low = mix(a ^ (b >>> 5));
  const high = mix(b + low);
  return low === 0 && high === 0 ? [1, 0] : [low, high];
}

/** Spreads every bit over all 32 (the last steps of MurmurHash3, Appleby 2011). */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
