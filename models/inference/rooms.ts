/**
 * Memory for what decoding computes token by token. What a run makes is written where older numbers stood: asking for
 * new memory at each token, and having it collected, takes longer than some of the operators.
 */
import { ort } from '../runtime/session';
import { elementCount } from '../transformer/parameters';

/**
 * So much more is taken than is needed, since most tensors grow from token to token. What is not written yet takes up no
 * memory of the machine.
 */
const reserve = 2;
/** What one sentence's memory takes in 64 tokens of a small model. */
const leastNumbers = 2 ** 14;

/** A tensor at a time: the numbers of the one before are lost. */
class Room {
  #numbers = new Float32Array(0);

  tensor(shape: readonly number[]): ort.Tensor {
    const size = elementCount(shape);
    if (size > this.#numbers.length)
      this.#numbers = new Float32Array(Math.max(leastNumbers, Math.ceil(size * reserve)));
    return new ort.Tensor('float32', this.#numbers.subarray(0, size), shape);
  }
}

/** Two rooms for each name: what a step reads is not where it writes. */
export class Rooms {
  readonly #pairs = new Map<string, readonly [next: Room, last: Room]>();

  /** A tensor to be written, whose numbers are left open. The last one of that name stays as it is until the next one. */
  tensor(name: string, shape: readonly number[]): ort.Tensor {
    const [next, last] = this.#pairs.get(name) ?? [new Room(), new Room()];
    this.#pairs.set(name, [last, next]);
    return next.tensor(shape);
  }
}

/** These rows of a tensor along its first axis. It is used up: where they ascend, what comes back lies in its memory. */
export function keepRows(tensor: ort.Tensor, rows: readonly number[]): ort.Tensor {
  const [before, ...rest] = tensor.dims as [number, ...number[]];
  const numbers = tensor.data as Float32Array;
  const width = numbers.length / before;
  const ascend = rows.every((row, index) => index === 0 || row > rows[index - 1]!);
  const kept = ascend ? numbers : new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    if (!ascend) kept.set(numbers.subarray(row * width, (row + 1) * width), index * width);
    else if (row !== index) kept.copyWithin(index * width, row * width, (row + 1) * width);
  });
  return new ort.Tensor('float32', kept.subarray(0, rows.length * width), [rows.length, ...rest]);
}
