/** Random numbers that depend on a key alone: the same seed and epoch give the same order on every machine. */

/** A generator of whole numbers below 2³² (sfc32 by Chris Doty-Humphrey, started from the key's parts). */
export function randomWords(...key: readonly number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (const part of key) {
    a ^= part;
    b ^= Math.floor(part / 2 ** 32);
    for (let round = 0; round < 12; round++) next();
  }
  return next;
}

/** Puts the numbers into a random order, in place (Fisher and Yates). */
export function shuffle(items: Uint32Array | number[], words: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor((words() / 2 ** 32) * (last + 1));
    const item = items[last]!;
    items[last] = items[other]!;
    items[other] = item;
  }
}

/** Standard normal numbers (Box and Muller 1958). */
export function normals(words: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log((words() + 1) / 2 ** 32));
    const angle = 2 * Math.PI * (words() / 2 ** 32);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
