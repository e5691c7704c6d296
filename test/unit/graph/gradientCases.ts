/**
 * Where every operator's gradient is tried: at least three shapes each, with named dimensions, broadcasting and
 * lengths of 1. The table at the end is as total as the operators' own.
 */
import * as graph from '../../../models/graph/operators';
import type { OperatorName } from '../../../models/graph/operators';
import type { Shape } from '../../../models/graph/shape';
import { constant, type Tensor } from '../../../models/graph/tensor';
import type { GradientCase } from './numericalGradient';

type Cases = readonly [GradientCase, GradientCase, GradientCase, ...GradientCase[]];
type Build = GradientCase['build'];
type Range = GradientCase['between'];

const sizes = { a: 2, b: 3, c: 4, one: 1, 'a+c': 6, '1+b+1': 5, none: 0 };

const at = (build: Build, ...shapes: Shape[]): GradientCase => ({ shapes, sizes, build });

/** Shapes of one input: some named, some numbers, lengths of 1 that are known and that are not. */
function unary(build: Build, between?: Range): Cases {
  const here = (shape: Shape): GradientCase => ({ ...at(build, shape), ...(between && { between }) });
  return [here(['a', 'b']), here(['a', 1, 'one', 5]), here([]), here(['one'])];
}

/** Broadcasting in both directions, over missing axes and axes of length 1. */
function binary(build: Build, between?: Range): Cases {
  const here = (...shapes: Shape[]): GradientCase => ({
    ...at(build, ...shapes),
    ...(between && { between }),
  });
  return [
    here(['a', 'b'], ['a', 'b']),
    here(['a', 1, 'c'], ['b', 1]),
    here([], ['a', 'b']),
    here(['one', 'b'], [1, 1, 1, 'b']),
    here([2, 3, 4], [3, 1]),
  ];
}

function reductions(reduce: typeof graph.reduceSum): Cases {
  const over = (shape: Shape, axes: number[], keepDimensions: boolean): GradientCase =>
    at((x) => reduce(x, axes, { keepDimensions }), shape);
  return [
    over(['a', 'b', 'c'], [-1], true),
    over(['a', 'b', 'c'], [2, 0], false),
    over(['a', 1, 4], [1, -1], false),
    over(['one', 5], [0], false),
    over(['a', 'b'], [0, 1], false),
  ];
}

function softmaxes(softmax: (x: Tensor, axis?: number) => Tensor): Cases {
  return [
    at((x) => softmax(x), ['a', 'b', 'c']),
    at((x) => softmax(x, 0), ['a', 5]),
    at((x) => softmax(x, -1), ['a', 'one']),
    at((x) => softmax(x, 2), [3, 1, 'c']),
  ];
}

function gemms(): Cases {
  const product = (transposeA: boolean, transposeB: boolean, ...shapes: Shape[]): GradientCase =>
    at(
      (a, b, addend?: Tensor) => graph.gemm(a, b, { transposeA, transposeB, ...(addend && { addend }) }),
      ...shapes,
    );
  return [
    product(false, false, ['a', 'b'], ['b', 'c']),
    product(true, false, ['b', 'a'], ['b', 'c'], ['a', 'c']),
    product(false, true, ['a', 'b'], ['c', 'b']),
    product(true, true, ['b', 'a'], [4, 'b'], ['a', 4]),
    product(false, false, ['one', 1], [1, 3], ['one', 3]),
  ];
}

/** Through float32 and back; float32 would drown a small step, and a straight line allows a large one. */
function casts(): Cases {
  const build: Build = (x) => graph.cast(graph.cast(x, 'float32'), 'float64');
  const [first, second, third] = unary(build);
  return [
    { ...first, step: 0.5 },
    { ...second, step: 0.5 },
    { ...third, step: 0.5 },
  ];
}

const norm: Build = (x, scale, bias) => graph.layerNorm(x, scale, bias);
const expandedTimesLike: Build = (x, like) => graph.multiply(graph.expandLike(x, like), like);
const place = (value: number): Tensor => constant('int64', [1], [value]);

/** Cases that take one more input, after those that gradients are for: a condition or indices. */
function given(
  one: GradientCase,
  type: 'bool' | 'int32' | 'int64',
  shape: Shape,
  values: number[],
): GradientCase {
  return { ...one, others: [{ type, shape, values }] };
}

function choices(): Cases {
  const build: Build = (x, y, condition) => graph.where(condition, x, y);
  return [
    given(at(build, ['a', 'b'], ['a', 'b']), 'bool', ['a', 'b'], [1, 0, 0, 1, 1, 0]),
    given(at(build, ['a', 1, 'c'], []), 'bool', ['b', 1], [1, 0, 1]),
    given(at(build, [1], ['one', 'b']), 'bool', [1], [0]),
  ];
}

function gathers(): Cases {
  const build: Build = (table, indices) => graph.gather(table, indices);
  return [
    given(at(build, ['c', 3]), 'int32', ['a', 'b'], [3, 0, 3, 3, 1, 0]),
    given(at(build, ['c']), 'int64', [5], [2, 2, 0, 1, 2]),
    given(at(build, ['a', 1, 'b']), 'int32', ['one'], [1]),
    given(at(build, ['c', 2]), 'int32', [], [2]),
  ];
}

/** Places along an axis, some of them named several times. */
function elements(build: (axis: number) => Build, withUpdates: boolean): Cases {
  const here = (
    axis: number,
    data: Shape,
    type: 'int32' | 'int64',
    places: Shape,
    values: number[],
  ): GradientCase => given(at(build(axis), data, ...(withUpdates ? [places] : [])), type, places, values);
  return [
    here(0, ['c', 2], 'int64', ['b', 2], [1, 0, 1, 1, 1, 3]),
    here(1, ['a', 5], 'int32', ['a', 'b'], [4, 0, 4, 2, 2, 2]),
    here(-1, ['one', 1], 'int64', ['one', 1], [0]),
  ];
}

function rowWrites(): Cases {
  const build: Build = (data, updates, rows) => graph.scatterUniqueRows(data, rows, updates);
  return [
    given(at(build, ['c', 3], ['a', 3]), 'int64', ['a', 1], [3, 1]),
    given(at(build, ['b', 'a'], ['b', 'a']), 'int64', ['b', 1], [2, 0, 1]),
    given(at(build, ['b', 1], ['one', 1]), 'int64', ['one', 1], [1]),
  ];
}

/** The right rules, said by hand: an error if the value's own were followed as well. */
function customGradients(): Cases {
  const product: Build = (x, y) =>
    graph.withGradient(graph.multiply(x, y), [x, y], (g) => [graph.multiply(g, y), graph.multiply(g, x)]);
  const square: Build = (x) =>
    graph.withGradient(graph.multiply(x, x), [x], (g) => [graph.multiply(g, graph.add(x, x))]);
  return [at(product, ['a', 'b'], ['a', 'b']), at(product, [1], [1]), at(square, ['one', 1, 'c'])];
}

/** Three outputs, all weights 2. */
const twos = {
  bytes: constant('uint8', [3, 1, 32], Array<number>(96).fill(130)),
  steps: constant('int8', [1, 3], [2, 2, 2]),
  scales: constant('float32', [3, 1], [1, 1, 1]),
};

/** Steps of a half, from the byte 128. */
function inSteps(x: Tensor): Tensor {
  const rows = graph.cast(graph.reshape(x, [-1, 1]), 'float32');
  const like = (type: 'float32' | 'uint8', value: number): Tensor =>
    graph.expandLike(constant(type, [], [value]), rows);
  return graph.quantiseRows(rows, like('float32', 0.5), like('uint8', 128));
}

/** A loss that passes through these leaves zeros. */

export const withoutGradient = {
  equal: (x: Tensor) => graph.equal(x, graph.constantLike(1, x)),
  greater: (x: Tensor) => graph.greater(x, graph.constantLike(0, x)),
  less: (x: Tensor) => graph.less(x, graph.constantLike(0, x)),
  not: (x: Tensor) => graph.not(graph.less(x, graph.constantLike(0, x))),
  shiftRight: (x: Tensor) =>
    graph.cast(graph.shiftRight(graph.cast(graph.exp(x), 'uint32'), constant('uint32', [], [1])), 'float32'),
  shapeOf: (x: Tensor) => graph.shapeOf(x),
  range: (x: Tensor) => graph.range(graph.sizeOf(x, 0), 'float32', 'a'),
  quantisedMatmul: (x: Tensor) =>
    graph.quantisedMatmul(graph.cast(graph.reshape(x, [-1, 1]), 'float32'), twos.bytes, twos.scales),
  quantiseRows: (x: Tensor) => graph.cast(inSteps(x), 'float32'),
  integerMatmul: (x: Tensor) =>
    graph.integerMatmul(inSteps(x), twos.steps, graph.reshape(twos.scales, [3]), 128),
  topK: (x: Tensor) => graph.topK(x, constant('int64', [1], [2]), 2).values,
} satisfies Partial<Record<OperatorName, (x: Tensor) => Tensor>>;

const positive: Range = [0.25, 2];

/** Of float32 alone: onnxruntime has no float64 kernel (erf.test.ts). */
export const erfCases: Cases = unary((x) => graph.erf(x));

/** All but erf. */
export const gradientCases: Record<Exclude<OperatorName, keyof typeof withoutGradient | 'erf'>, Cases> = {
  add: binary((x, y) => graph.add(x, y)),
  subtract: binary((x, y) => graph.subtract(x, y)),
  multiply: binary((x, y) => graph.multiply(x, y)),
  divide: binary((x, y) => graph.divide(x, y), positive),
  negate: unary((x) => graph.negate(x)),
  absolute: unary((x) => graph.absolute(x)),
  exp: unary((x) => graph.exp(x)),
  log: unary((x) => graph.log(x), positive),
  sqrt: unary((x) => graph.sqrt(x), positive),
  relu: unary((x) => graph.relu(x)),
  sigmoid: unary((x) => graph.sigmoid(x)),
  tanh: unary((x) => graph.tanh(x)),
  sin: unary((x) => graph.sin(x)),
  cos: unary((x) => graph.cos(x)),
  where: choices(),
  cast: casts(),
  matmul: [
    at((x, y) => graph.matmul(x, y), ['a', 'b'], ['b', 'c']),
    at((x, y) => graph.matmul(x, y), ['a', 'b', 'c', 5], ['a', 'b', 5, 'c']),
    at((x, y) => graph.matmul(x, y), ['a', 1, 'c', 3], ['b', 3, 1]),
    at((x, y) => graph.matmul(x, y), ['a', 'b', 4], [4, 5]),
    at((x, y) => graph.matmul(x, y), ['a', 'b', 'c'], ['c', 'b']),
    at((x, y) => graph.matmul(x, y), ['one', 3], ['a', 3, 2]),
    at((x, y) => graph.matmul(x, y), [2, 1], [1, 'one']),
  ],
  gemm: gemms(),
  reduceSum: reductions(graph.reduceSum),
  reduceMean: reductions(graph.reduceMean),
  reduceMax: reductions(graph.reduceMax),
  softmax: softmaxes(graph.softmax),
  logSoftmax: softmaxes(graph.logSoftmax),
  layerNorm: [
    at(norm, ['a', 'b', 4], [4], [4]),
    at((x, scale, bias) => graph.layerNorm(x, scale, bias, 0.125), ['a', 5], [5], [5]),
    at(norm, ['a', 'c'], ['c'], ['c']),
    at(norm, ['one', 'b', 1], [1], [1]),
  ],
  transpose: [
    at((x) => graph.transpose(x, [1, 0]), ['a', 'b']),
    at((x) => graph.transpose(x, [2, 0, 1]), ['a', 'b', 'c']),
    at((x) => graph.transpose(x, [0, 2, 3, 1]), ['a', 1, 'one', 3]),
  ],
  reshape: [
    at((x) => graph.reshape(x, [-1, 4]), ['a', 'b', 4]),
    at((x) => graph.reshape(x, [0, 0, 2, 2]), ['a', 'b', 4]),
    at((x) => graph.reshape(x, [-1]), ['one', 1]),
    at((x) => graph.reshape(x, []), [1, 1]),
  ],
  unsqueeze: [
    at((x) => graph.unsqueeze(x, [1]), ['a', 'b']),
    at((x) => graph.unsqueeze(x, [0, 2, 4]), ['a', 'one']),
    at((x) => graph.unsqueeze(x, [0]), []),
  ],
  expand: [
    at(expandedTimesLike, ['a', 1], ['a', 'b']),
    at(expandedTimesLike, ['b', 1], ['a', 'b', 4]),
    at(expandedTimesLike, [], ['one']),
  ],
  concat: [
    at((x, y) => graph.concat([x, y], 0, 'a+c'), ['a', 'b'], ['c', 'b']),
    at((...parts) => graph.concat(parts, 1), ['a', 2, 1], ['a', 1, 1], ['a', 3, 1]),
    at((x, y) => graph.concat([x, y, x], -1, '1+b+1'), ['a', 'one'], ['a', 'b']),
  ],
  slice: [
    at((x) => graph.slice(x, 1, place(1), place(3), 2), ['a', 'c']),
    at((x) => graph.slice(x, -1, place(0), place(1), 1), ['a', 5]),
    // An end beyond the end is cut; a start beyond it leaves nothing.
    at((x) => graph.slice(x, 0, place(1), place(9), 'a'), ['b', 'one']),
    at((x) => graph.slice(x, 0, place(7), place(9), 'none'), ['b', 2]),
  ],
  gather: gathers(),
  scatterElementsAdd: elements(
    (axis) => (x, updates, places) => graph.scatterElementsAdd(x, places, updates, axis),
    true,
  ),
  gatherElements: elements((axis) => (x, places) => graph.gatherElements(x, places, axis), false),
  scatterUniqueRows: rowWrites(),
  customGradient: customGradients(),
};
