/** Gradients by central differences in float64, to hold against those that the graph computes. */
import { gradients } from '../../../models/graph/gradients';
import { multiply, reduceSum } from '../../../models/graph/operators';
import type { Shape } from '../../../models/graph/shape';
import { input, type DataType, type Tensor } from '../../../models/graph/tensor';
import type { ort } from '../../../models/runtime/session';
import { fed, numbers, prepare } from './run';

export interface GradientCase {
  /** Shapes of the float64 inputs that gradients are taken for. */
  readonly shapes: readonly Shape[];
  /** Sizes of the named dimensions in the run. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** From the inputs above, then those of `others`. */
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Indices and conditions. */
  readonly others?: readonly { type: DataType; shape: Shape; values: readonly number[] }[];
  /** Where the inputs' values lie; −1.25 to 1.5 unless told. */
  readonly between?: readonly [number, number];
  /** Distance of the two points; functions that are not linear want the small one that stands here by default. */
  readonly step?: number;
}

/** A case made ready to run in one type of number: the value, and the gradients of Σ weights·value. */
export interface GradientGraph {
  readonly result: Tensor;
  readonly loss: Tensor;
  /** One an input. */
  readonly gradients: readonly Tensor[];
  readonly feeds: Readonly<Record<string, ort.Tensor>>;
}

/** @param prefix of the inputs' names, where several cases share a program */
export function gradientGraph(
  gradientCase: GradientCase,
  type: 'float32' | 'float64',
  prefix = '',
): GradientGraph {
  const { shapes, build, others = [] } = gradientCase;
  const variables = shapes.map((shape, index) => input(`${prefix}x${index}`, type, shape));
  const fixed = others.map(({ type: other, shape }, index) => input(`${prefix}other${index}`, other, shape));
  const result = build(...variables, ...fixed);
  const weights = input(`${prefix}weights`, type, result.shape);
  const loss = reduceSum(
    multiply(result, weights),
    result.shape.map((_, axis) => axis),
  );
  const dims = (shape: Shape): number[] => shape.map((dimension) => sizeOf(dimension, gradientCase));
  return {
    result,
    loss,
    gradients: gradients(loss, variables),
    feeds: {
      [`${prefix}weights`]: fed(type, dims(result.shape), spread(dims(result.shape), 7, [-1, 2])),
      ...Object.fromEntries(
        shapes.map((shape, index) => [
          `${prefix}x${index}`,
          fed(type, dims(shape), spread(dims(shape), index, gradientCase.between)),
        ]),
      ),
      ...Object.fromEntries(
        others.map(({ type: other, shape, values }, index) => [
          `${prefix}other${index}`,
          fed(other, dims(shape), values),
        ]),
      ),
    },
  };
}

/**
 * The largest relative error of the graph's gradients of Σ weights·build(inputs), element by element. Elements
 * smaller than a thousandth of the largest count as that, since rounding is absolute.
 */
export async function gradientError(gradientCase: GradientCase): Promise<number> {
  const { shapes, step = 2 ** -17 } = gradientCase;
  const { loss, gradients: results, feeds } = gradientGraph(gradientCase, 'float64');
  const outputs: Record<string, Tensor> = { loss };
  results.forEach((gradient, index) => (outputs[`gradient${index}`] = gradient));

  const session = await prepare(outputs);
  const lossWith = async (changed: string, values: Float64Array, dimensions: number[]): Promise<number> => {
    const { loss: value } = await session.run({ ...feeds, [changed]: fed('float64', dimensions, values) });
    return numbers(value!)[0]!;
  };
  const analytic = await session.run(feeds);
  let worst = 0;
  for (const index of shapes.keys()) {
    const gradient = analytic[`gradient${index}`]!;
    const { data, dims } = feeds[`x${index}`]!;
    const expectedDims = [...dims];
    if (String(gradient.dims) !== String(expectedDims)) return Infinity;
    const numeric = await centralDifferences(
      (values) => lossWith(`x${index}`, values, expectedDims),
      data as Float64Array,
      step,
    );
    worst = Math.max(worst, relativeError(numbers(gradient), numeric));
  }
  await session.dispose();
  return worst;
}

async function centralDifferences(
  f: (values: Float64Array) => Promise<number>,
  at: Float64Array,
  step: number,
): Promise<number[]> {
  const result: number[] = [];
  for (let index = 0; index < at.length; index++) {
    const value = at[index]!;
    result.push(
      ((await f(at.with(index, value + step))) - (await f(at.with(index, value - step)))) / (2 * step),
    );
  }
  return result;
}

/** Infinity where a value is not a number. */
export function relativeError(actual: readonly number[], expected: readonly number[]): number {
  const floor = 1e-3 * Math.max(...expected.map(Math.abs), 0);
  const errors = expected.map((value, index) => {
    const difference = Math.abs(actual[index]! - value);
    return difference === 0 ? 0 : difference / Math.max(Math.abs(value), Math.abs(actual[index]!), floor);
  });
  return errors.reduce(
    (worst, error) => (error <= worst ? worst : Number.isNaN(error) ? Infinity : error),
    0,
  );
}

function sizeOf(dimension: number | string, { sizes = {} }: GradientCase): number {
  if (typeof dimension === 'number') return dimension;
  return dimension.split('*').reduce((count, name) => count * (sizes[name] ?? Number(name)), 1);
}

/**
 * Different values, evenly spread and in disorder, so that none is near another's tie; multiples of 2⁻¹², so that
 * float32 holds them too.
 */
function spread(
  dims: readonly number[],
  seed: number,
  [low, high]: readonly [number, number] = [-1.25, 1.5],
): Float64Array {
  const count = dims.reduce((product, size) => product * size, 1);
  const places = Array.from({ length: count }, (_, index) => index);
  let state = seed + 1;
  for (let index = count - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [places[index], places[other]] = [places[other]!, places[index]!];
  }
  return Float64Array.from(
    places,
    (place) => Math.round((low + ((place + 0.4) / count) * (high - low)) * 4096) / 4096,
  );
}
