/**
 * Products in whole numbers: what is multiplied is rounded to 8 bits row by row, the matrix is in 8 bits already, and
 * sums of 32 bits are exact. So a row's product has the same bits alone, beside others, on any number of threads and on
 * any processor.
 */
import {
  absolute,
  constantLike,
  expandLike,
  integerMatmul,
  multiply,
  operators,
  quantiseRows,
  reduceMax,
} from './operators';
import { constant, type Tensor } from './tensor';

/**
 * The steps of a matrix lie within ±63. Without VNNI, processors of Intel's and AMD's add two products of a byte and a
 * signed byte in 16 bits, and cut what is beyond them: 2·255·64 is within, 2·255·127 is not.
 */
export const largestStep = 63;

interface QuantisedRows {
  /** uint8, of x's shape. */
  readonly bytes: Tensor;
  /** What stands for 0. */
  readonly zero: number;
  /** `[..., 1]` */
  readonly sizes: Tensor;
}

/** The products of one program: rows that go into several are rounded once. */
export class IntegerProducts {
  private readonly rounded = new Map<Tensor, QuantisedRows>();
  private readonly zeros = new Map<string, Tensor>();

  /** x float32 `[..., inputs]` times a matrix int8 `[inputs, outputs]`, an element of which is step·scale `[outputs]`. */
  product(x: Tensor, steps: Tensor, scales: Tensor): Tensor {
    const rows = this.rounded.get(x) ?? this.round(x);
    this.rounded.set(x, rows);
    return multiply(integerMatmul(rows.bytes, steps, scales, rows.zero), rows.sizes);
  }

  private round(x: Tensor): QuantisedRows {
    // What a ReLU leaves has no sign, so that all bytes are there for one side.
    const isPositive = x.origin.kind === 'node' && x.origin.operator === operators.relu;
    const [zero, most] = isPositive ? [0, 255] : [128, 127];
    const largest = reduceMax(isPositive ? x : absolute(x), [-1], { keepDimensions: true });
    // Of a row of zeros it is 0, and whatever bytes become of 0/0, their product times 0 is 0.
    const sizes = multiply(largest, constantLike(1 / most, largest));
    const zeros = zero === 0 ? undefined : this.zerosLike(zero, sizes);
    return { bytes: quantiseRows(x, sizes, zeros), zero, sizes };
  }

  /** In a program, what has the same shape has the same length in every run. */
  private zerosLike(zero: number, sizes: Tensor): Tensor {
    const key = `${zero}: ${sizes.shape.join()}`;
    const known = this.zeros.get(key) ?? expandLike(constant('uint8', [], [zero]), sizes);
    this.zeros.set(key, known);
    return known;
  }
}
