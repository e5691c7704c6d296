/**
 * Every operator beside its gradient, in one total table: an operator without a rule does not compile, and one
 * that has no derivative says so. Below the table stand the functions that models are written with.
 *
 * Rules are written with the same functions, so that gradients are ordinary parts of the graph.
 */
import type { AttributeValue, GradientRule, Operator } from './operator';
import {
  broadcastShapes,
  normaliseAxis,
  product,
  sameShape,
  showShape,
  type Dimension,
  type Shape,
} from './shape';
import { constant, Tensor, type DataType, type Node } from './tensor';
import {
  broadcasting,
  comparing,
  gemmType,
  integerType,
  matmulShape,
  quantisedBlock,
  quantisedType,
  reducing,
  rowsType,
  sameType,
  unchanged,
  type GemmAttributes,
  type QuantisedAttributes,
  type Reduction,
} from './typing';

export { quantisedBlock };

/** Attributes of an operator that has none. */
interface NoAttributes {
  readonly none?: never;
}

const keepAttribute = ({ keepDimensions }: Reduction): Record<string, AttributeValue> => ({
  keepdims: keepDimensions ? 1 : 0,
});

/** The result of a reduction, or its gradient, with the reduced axes back in place as 1. */
function withReducedAxes(reduced: Tensor, x: Tensor, { axes, keepDimensions }: Reduction): Tensor {
  if (keepDimensions) return reduced;
  return unsqueeze(
    reduced,
    axes.map((axis) => normaliseAxis(axis, x.rank, 'reduction')).sort((a, b) => a - b),
  );
}

function swapLastTwo(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

function entry<A extends object = NoAttributes>(operator: Operator<A>): Operator<A> {
  return operator;
}

function comparison(onnxType: string): Operator<NoAttributes> {
  return entry({ onnxType, infer: comparing(onnxType.toLowerCase()), gradient: 'notDifferentiable' });
}

function unary(
  onnxType: string,
  gradient: (x: Tensor, y: Tensor, g: Tensor) => Tensor,
): Operator<NoAttributes> {
  return entry({
    onnxType,
    infer: unchanged,
    gradient: ({ inputs: [x], outputs: [y] }, g) => [gradient(x!, y!, g)],
  });
}

export const operators = {
  // Arithmetic, with broadcasting.
  add: entry({
    onnxType: 'Add',
    infer: broadcasting('add'),
    gradient: ({ inputs: [a, b] }, g) => [sumTo(g, a!), sumTo(g, b!)],
  }),
  subtract: entry({
    onnxType: 'Sub',
    infer: broadcasting('subtract'),
    gradient: ({ inputs: [a, b] }, g) => [sumTo(g, a!), sumTo(negate(g), b!)],
  }),
  multiply: entry({
    onnxType: 'Mul',
    infer: broadcasting('multiply'),
    gradient: ({ inputs: [a, b] }, g) => [sumTo(multiply(g, b!), a!), sumTo(multiply(g, a!), b!)],
  }),
  divide: entry({
    onnxType: 'Div',
    infer: broadcasting('divide'),
    gradient: ({ inputs: [a, b], outputs: [y] }, g) => {
      const perA = divide(g, b!);
      return [sumTo(perA, a!), sumTo(negate(multiply(perA, y!)), b!)];
    },
  }),
  negate: unary('Neg', (_x, _y, g) => negate(g)),
  /** Without a slope at 0. */
  absolute: unary('Abs', (x, _y, g) => {
    const zero = constantLike(0, x);
    return multiply(g, subtract(cast(greater(x, zero), g.type), cast(less(x, zero), g.type)));
  }),
  exp: unary('Exp', (_x, y, g) => multiply(g, y)),
  log: unary('Log', (x, _y, g) => divide(g, x)),
  sqrt: unary('Sqrt', (_x, y, g) => divide(g, multiply(constantLike(2, y), y))),
  // A product with 0 or 1: onnxruntime's Where takes twice as long.
  relu: unary('Relu', (_x, y, g) => multiply(g, cast(greater(y, constantLike(0, y)), g.type))),
  sigmoid: unary('Sigmoid', (_x, y, g) => multiply(g, multiply(y, subtract(constantLike(1, y), y)))),
  tanh: unary('Tanh', (_x, y, g) => multiply(g, subtract(constantLike(1, y), multiply(y, y)))),
  /** 2/√π ∫₀ˣ exp(−t²) dt, for GELU. */
  erf: unary('Erf', (x, _y, g) =>
    multiply(g, multiply(constantLike(2 / Math.sqrt(Math.PI), x), exp(negate(multiply(x, x))))),
  ),
  sin: unary('Sin', (x, _y, g) => multiply(g, cos(x))),
  cos: unary('Cos', (x, _y, g) => negate(multiply(g, sin(x)))),

  // Comparisons and choice.
  equal: comparison('Equal'),
  greater: comparison('Greater'),
  less: comparison('Less'),
  /** Whole numbers without a sign, so many bits to the right. Graphics cards have no kernel for it. */
  shiftRight: entry({
    onnxType: 'BitShift',
    infer: broadcasting('shiftRight'),
    encode: () => ({ direction: 'RIGHT' }),
    gradient: 'notDifferentiable',
  }),
  not: entry({ onnxType: 'Not', infer: unchanged, gradient: 'notDifferentiable' }),
  where: entry({
    onnxType: 'Where',
    infer: ([condition, a, b]) => {
      const chosen = broadcastShapes(a!.shape, b!.shape, 'where');
      return [
        { type: sameType('where', [a!, b!]), shape: broadcastShapes(condition!.shape, chosen, 'where') },
      ];
    },
    gradient: ({ inputs: [condition, a, b] }, g) => {
      const zero = constantLike(0, g);
      return [undefined, sumTo(where(condition!, g, zero), a!), sumTo(where(condition!, zero, g), b!)];
    },
  }),
  cast: entry<{ to: DataType }>({
    onnxType: 'Cast',
    infer: ([x], { to }) => [{ type: to, shape: x!.shape }],
    encode: ({ to }) => ({ to: onnxDataTypes[to] }),
    gradient: ({ inputs: [x] }, g) => [isFloat(x!.type) ? cast(g, x!.type) : undefined],
  }),

  // Products.
  matmul: entry({
    onnxType: 'MatMul',
    infer: ([a, b]) => [{ type: sameType('matmul', [a!, b!]), shape: matmulShape(a!, b!) }],
    gradient: ({ inputs: [a, b] }, g) => {
      const gradientA = sumTo(matmul(g, swapLastTwo(b!)), a!);
      if (b!.rank > 2) return [gradientA, sumTo(matmul(swapLastTwo(a!), g), b!)];
      // A matrix shared by the whole batch: one product over all rows instead of one a batch entry, then a sum.
      return [gradientA, gemm(mergeRows(a!, 1), mergeRows(g, 1), { transposeA: true })];
    },
  }),
  /** A·B (+ C), each of A and B transposed or not. */
  gemm: entry<GemmAttributes>({
    onnxType: 'Gemm',
    infer: gemmType,
    encode: ({ transposeA, transposeB }) => ({ transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 }),
    gradient: ({ inputs: [a, b, c], attributes: { transposeA, transposeB } }, g) => [
      transposeA
        ? gemm(b!, g, { transposeA: transposeB, transposeB: true })
        : gemm(g, b!, { transposeB: !transposeB }),
      transposeB
        ? gemm(g, a!, { transposeA: true, transposeB: transposeA })
        : gemm(a!, g, { transposeA: !transposeA }),
      c && g,
    ],
  }),
  /**
   * x [..., inputs] times a matrix in 8 bits: bytes [outputs, blocks, 32] and scales [outputs, blocks], an element being
   * (byte − 128)·scale. onnxruntime rounds x to 8 bits too, each 32 numbers by themselves, so that a row's product does
   * not depend on the others'. Steps have no slope: nothing is trained through them.
   */
  quantisedMatmul: entry<QuantisedAttributes>({
    onnxType: 'MatMulNBits',
    domain: 'com.microsoft',
    infer: quantisedType,
    encode: ({ inputWidth, outputWidth }) => ({
      K: inputWidth,
      N: outputWidth,
      bits: 8,
      block_size: quantisedBlock,
      accuracy_level: 4,
    }),
    gradient: 'notDifferentiable',
  }),
  /**
   * x [..., width] in steps, each row of its own size [..., 1], from a byte of its own [..., 1], or from 0; halves go to
   * the even one.
   */
  quantiseRows: entry<{ width: number }>({
    onnxType: 'QuantizeLinear',
    infer: rowsType,
    encode: ({ width }) => ({ axis: -1, block_size: width }),
    gradient: 'notDifferentiable',
  }),
  /**
   * x uint8 [..., inputs] times a matrix int8 [inputs, outputs], summed up in whole numbers, then times the second step's
   * size and that of each output [outputs]; the last input is the byte of x that stands for 0.
   */
  integerMatmul: entry({
    onnxType: 'MatMulIntegerToFloat',
    domain: 'com.microsoft',
    infer: integerType,
    gradient: 'notDifferentiable',
  }),

  // Reductions and what is built on them.
  reduceSum: entry<Reduction>({
    onnxType: 'ReduceSum',
    infer: reducing('reduceSum'),
    encode: keepAttribute,
    gradient: ({ inputs: [x], attributes }, g) => [expandLike(withReducedAxes(g, x!, attributes), x!)],
  }),
  reduceMean: entry<Reduction>({
    onnxType: 'ReduceMean',
    infer: reducing('reduceMean'),
    encode: keepAttribute,
    gradient: ({ inputs: [x], attributes }, g) => {
      const spread = expandLike(withReducedAxes(g, x!, attributes), x!);
      return [divide(spread, countAlong(x!, attributes.axes))];
    },
  }),
  /** Ties share the gradient equally. */
  reduceMax: entry<Reduction>({
    onnxType: 'ReduceMax',
    infer: reducing('reduceMax'),
    encode: keepAttribute,
    gradient: ({ inputs: [x], outputs: [y], attributes }, g) => {
      const isMaximum = cast(equal(x!, withReducedAxes(y!, x!, attributes)), x!.type);
      const share = divide(
        withReducedAxes(g, x!, attributes),
        reduceSum(isMaximum, attributes.axes, { keepDimensions: true }),
      );
      return [multiply(isMaximum, share)];
    },
  }),
  softmax: entry<{ axis: number }>({
    onnxType: 'Softmax',
    infer: unchanged,
    encode: ({ axis }) => ({ axis }),
    gradient: ({ outputs: [y], attributes: { axis } }, g) => {
      const weighted = multiply(g, y!);
      return [subtract(weighted, multiply(y!, reduceSum(weighted, [axis], { keepDimensions: true })))];
    },
  }),
  logSoftmax: entry<{ axis: number }>({
    onnxType: 'LogSoftmax',
    infer: unchanged,
    encode: ({ axis }) => ({ axis }),
    gradient: ({ outputs: [y], attributes: { axis } }, g) => [
      subtract(g, multiply(exp(y!), reduceSum(g, [axis], { keepDimensions: true }))),
    ],
  }),
  /** Ba et al. 2016, over the last axis. */
  layerNorm: entry<{ epsilon: number }>({
    onnxType: 'LayerNormalization',
    infer: ([x, scale, bias]) => {
      const width = [x!.shape.at(-1)!];
      if (!sameShape(scale!.shape, width) || !sameShape(bias!.shape, width)) {
        throw new Error(
          `layerNorm: scale ${showShape(scale!.shape)} and bias ${showShape(bias!.shape)} must be [${width[0]}].`,
        );
      }
      const type = sameType('layerNorm', [x!, scale!, bias!]);
      const rows = { type, shape: x!.shape.with(-1, 1) };
      // The result; each row's mean, and 1 / its standard deviation.
      return [{ type, shape: x!.shape }, rows, rows];
    },
    encode: ({ epsilon }) => ({ axis: -1, epsilon: { float: epsilon } }),
    gradient: ({ inputs: [x, scale, bias], outputs: [, mean, inverse], attributes: { epsilon } }, g) => {
      // onnxruntime keeps mean and deviation in float32 alone.
      const statistics =
        x!.type === 'float32' ? { mean: mean!, inverse: inverse! } : statisticsOf(x!, epsilon);
      const normalised = multiply(subtract(x!, statistics.mean), statistics.inverse);
      const scaled = multiply(g, scale!);
      const centred = subtract(scaled, reduceMean(scaled, [-1], { keepDimensions: true }));
      const along = reduceMean(multiply(scaled, normalised), [-1], { keepDimensions: true });
      const gradientX = multiply(subtract(centred, multiply(normalised, along)), statistics.inverse);
      return [gradientX, sumTo(multiply(g, normalised), scale!), sumTo(g, bias!)];
    },
  }),

  // Layout.
  transpose: entry<{ permutation: readonly number[] }>({
    onnxType: 'Transpose',
    infer: ([x], { permutation }) => {
      if (permutation.length !== x!.rank || x!.shape.some((_, axis) => !permutation.includes(axis))) {
        throw new Error(
          `transpose: [${permutation.join(', ')}] is no permutation of the axes of ${showShape(x!.shape)}.`,
        );
      }
      return [{ type: x!.type, shape: permutation.map((axis) => x!.shape[axis]!) }];
    },
    encode: ({ permutation }) => ({ perm: permutation }),
    gradient: ({ attributes: { permutation } }, g) => [
      transpose(
        g,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ],
  }),
  /** The second input is the shape as int64; the attribute is the same as dimensions. */
  reshape: entry<{ shape: Shape }>({
    onnxType: 'Reshape',
    infer: ([x], { shape }) => {
      if (product(x!.shape) !== product(shape)) {
        throw new Error(`reshape: ${showShape(x!.shape)} cannot become ${showShape(shape)}.`);
      }
      return [{ type: x!.type, shape }];
    },
    encode: () => ({}),
    gradient: ({ inputs: [x] }, g) => [reshapeLike(g, x!), undefined],
  }),
  /** The second input is the axes as int64, ascending, counted in the result. */
  unsqueeze: entry<{ axes: readonly number[] }>({
    onnxType: 'Unsqueeze',
    infer: ([x], { axes }) => {
      const shape: Dimension[] = [...x!.shape];
      for (const axis of axes) shape.splice(axis, 0, 1);
      return [{ type: x!.type, shape }];
    },
    encode: () => ({}),
    gradient: ({ inputs: [x] }, g) => [reshapeLike(g, x!), undefined],
  }),
  /** The second input is the shape as int64; the attribute is the same as dimensions. */
  expand: entry<{ shape: Shape }>({
    onnxType: 'Expand',
    infer: ([x], { shape }) => [{ type: x!.type, shape: broadcastShapes(x!.shape, shape, 'expand') }],
    encode: () => ({}),
    gradient: ({ inputs: [x] }, g) => [sumTo(g, x!), undefined],
  }),
  concat: entry<{ axis: number; dimension: Dimension }>({
    onnxType: 'Concat',
    infer: (inputs, { axis, dimension }) => {
      const at = normaliseAxis(axis, inputs[0]!.rank, 'concat');
      const rest = (x: Tensor): Shape => x.shape.toSpliced(at, 1);
      const odd = inputs.find((x) => !sameShape(rest(x), rest(inputs[0]!)));
      if (odd) {
        throw new Error(
          `concat: ${showShape(odd.shape)} does not fit ${showShape(inputs[0]!.shape)} on axis ${at}.`,
        );
      }
      return [{ type: sameType('concat', inputs), shape: inputs[0]!.shape.with(at, dimension) }];
    },
    encode: ({ axis }) => ({ axis }),
    gradient: ({ inputs, attributes: { axis } }, g) => {
      const at = normaliseAxis(axis, g.rank, 'concat');
      let start: Tensor = constant('int64', [1], [0]);
      return inputs.map((x) => {
        const end = add(start, sizeOf(x, at));
        const part = slice(g, at, start, end, x.shape[at]!);
        start = end;
        return part;
      });
    },
  }),
  /** Inputs: x, start, end, axis, the last three as int64 [1]; `end` is cut to the size. */
  slice: entry<{ axis: number; dimension: Dimension }>({
    onnxType: 'Slice',
    infer: ([x], { axis, dimension }) => [
      { type: x!.type, shape: x!.shape.with(normaliseAxis(axis, x!.rank, 'slice'), dimension) },
    ],
    encode: () => ({}),
    gradient: ({ inputs: [x, start, end], attributes: { axis } }, g) => {
      const at = normaliseAxis(axis, x!.rank, 'slice');
      const zeros = zerosLike(x!);
      const before = slice(zeros, at, constant('int64', [1], [0]), start!, `${at}:before`);
      const after = slice(zeros, at, end!, sizeOf(x!, at), `${at}:after`);
      return [concat([before, g, after], at, x!.shape[at]), undefined, undefined, undefined];
    },
  }),

  // Rows by index.
  /** Rows of a table: [rows, width…], indices → [...indices, width…]. */
  gather: entry({
    onnxType: 'Gather',
    infer: ([table, indices]) => [
      { type: table!.type, shape: [...indices!.shape, ...table!.shape.slice(1)] },
    ],
    encode: () => ({ axis: 0 }),
    gradient: ({ inputs: [table, indices] }, g) => [
      scatterAddRows(table!, reshape(indices!, [-1]), mergeRows(g, table!.rank - 1)),
      undefined,
    ],
  }),
  /** The largest numbers along the last axis, largest first, and where they are; of equal ones the first. */
  topK: entry<{ dimension: Dimension }>({
    onnxType: 'TopK',
    hasAllOutputs: true,
    infer: ([x], { dimension }) => {
      const shape = x!.shape.with(-1, dimension);
      return [
        { type: x!.type, shape },
        { type: 'int64', shape },
      ];
    },
    gradient: 'notDifferentiable',
  }),
  /**
   * data + updates, element by element along the first axis. Not ScatterND: on CPU that one loses updates to the
   * same row with two or more threads (onnxruntime issues 18048 and 23396); this one runs them one after another.
   */
  scatterElementsAdd: entry<{ axis: number }>({
    onnxType: 'ScatterElements',
    infer: ([data]) => [{ type: data!.type, shape: data!.shape }],
    encode: ({ axis }) => ({ axis, reduction: 'add' }),
    gradient: ({ inputs: [, indices], attributes: { axis } }, g) => [
      g,
      undefined,
      gatherElements(g, indices!, axis),
    ],
  }),
  gatherElements: entry<{ axis: number }>({
    onnxType: 'GatherElements',
    infer: ([data, indices]) => [{ type: data!.type, shape: indices!.shape }],
    encode: ({ axis }) => ({ axis }),
    gradient: ({ inputs: [data, indices], attributes: { axis } }, g) => [
      scatterElementsAdd(zerosLike(data!), indices!, g, axis),
      undefined,
    ],
  }),
  /** Writes rows to places that are all different: data [rows, width], indices [n, 1], updates [n, width]. */
  scatterUniqueRows: entry({
    onnxType: 'ScatterND',
    infer: ([data]) => [{ type: data!.type, shape: data!.shape }],
    gradient: ({ inputs: [, indices, updates] }, g) => [
      scatterUniqueRows(g, indices!, zerosLike(updates!)),
      undefined,
      gather(g, reshape(indices!, [-1])),
    ],
  }),

  // Sizes and counting.
  shapeOf: entry({
    onnxType: 'Shape',
    infer: ([x]) => [{ type: 'int64', shape: [x!.rank] }],
    gradient: 'notDifferentiable',
  }),
  /** 0, 1, … up to a number without axes. */
  range: entry<{ dimension: Dimension }>({
    onnxType: 'Range',
    infer: ([start], { dimension }) => [{ type: start!.type, shape: [dimension] }],
    encode: () => ({}),
    gradient: 'notDifferentiable',
  }),

  /** The first input's value with a gradient of its own for the others: see `withGradient`. */
  customGradient: entry<{ rule: (g: Tensor) => readonly (Tensor | undefined)[] }>({
    onnxType: 'Identity',
    emittedInputs: 1,
    infer: unchanged,
    encode: () => ({}),
    gradient: ({ attributes: { rule } }, g) => [undefined, ...rule(g)],
  }),
} as const;

export type OperatorName = keyof typeof operators;

/** TensorProto.DataType of the ONNX standard. */
export const onnxDataTypes: Record<DataType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
};

export function isFloat(type: DataType): boolean {
  return type === 'float16' || type === 'float32' || type === 'float64';
}

type AttributesOf<Name extends OperatorName> = (typeof operators)[Name] extends Operator<infer A> ? A : never;

/** One node; its first output. */
function apply<Name extends OperatorName>(
  name: Name,
  inputs: readonly Tensor[],
  attributes: AttributesOf<Name>,
): Tensor {
  return applyAgain({ operator: operators[name], attributes }, inputs)[0]!;
}

/** The same operator with the same attributes, applied to other inputs: all its outputs. */
export function applyAgain(
  { operator, attributes }: Pick<Node, 'operator' | 'attributes'>,
  inputs: readonly Tensor[],
): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const node: Node = { kind: 'node', operator, inputs, attributes, outputs };
  const types = (operator as unknown as Operator<object>).infer(inputs, attributes);
  types.forEach(({ type, shape }, index) => outputs.push(new Tensor(type, shape, node, index)));
  return outputs;
}

/** The gradient rule of a node, applied. */
export function applyGradientRule(node: Node, outputGradient: Tensor): readonly (Tensor | undefined)[] {
  const { gradient } = node.operator as unknown as { gradient: GradientRule<object> | 'notDifferentiable' };
  if (gradient === 'notDifferentiable') return [];
  return gradient(node, outputGradient);
}

// The functions that models are written with.

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Unary = (x: Tensor) => Tensor;

export const add: Binary = (a, b) => apply('add', [a, b], {});
export const subtract: Binary = (a, b) => apply('subtract', [a, b], {});
export const multiply: Binary = (a, b) => apply('multiply', [a, b], {});
export const divide: Binary = (a, b) => apply('divide', [a, b], {});
export const matmul: Binary = (a, b) => apply('matmul', [a, b], {});
export const equal: Binary = (a, b) => apply('equal', [a, b], {});
export const greater: Binary = (a, b) => apply('greater', [a, b], {});
export const less: Binary = (a, b) => apply('less', [a, b], {});
export const shiftRight: Binary = (a, b) => apply('shiftRight', [a, b], {});
export const negate: Unary = (x) => apply('negate', [x], {});
export const absolute: Unary = (x) => apply('absolute', [x], {});
export const exp: Unary = (x) => apply('exp', [x], {});
export const log: Unary = (x) => apply('log', [x], {});
export const sqrt: Unary = (x) => apply('sqrt', [x], {});
export const relu: Unary = (x) => apply('relu', [x], {});
export const sigmoid: Unary = (x) => apply('sigmoid', [x], {});
export const tanh: Unary = (x) => apply('tanh', [x], {});
export const erf: Unary = (x) => apply('erf', [x], {});
export const sin: Unary = (x) => apply('sin', [x], {});
export const cos: Unary = (x) => apply('cos', [x], {});
export const not: Unary = (x) => apply('not', [x], {});
export const softmax = (x: Tensor, axis = -1): Tensor => apply('softmax', [x], { axis });
export const logSoftmax = (x: Tensor, axis = -1): Tensor => apply('logSoftmax', [x], { axis });
export const cast = (x: Tensor, to: DataType): Tensor => (x.type === to ? x : apply('cast', [x], { to }));
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  apply('where', [condition, a, b], {});
export const transpose = (x: Tensor, permutation: readonly number[]): Tensor =>
  apply('transpose', [x], { permutation });

/** Matrices only: A·B, or transposed ones, plus an addend of the product's shape. */
export function gemm(
  a: Tensor,
  b: Tensor,
  {
    transposeA = false,
    transposeB = false,
    addend,
  }: { transposeA?: boolean; transposeB?: boolean; addend?: Tensor } = {},
): Tensor {
  return apply('gemm', addend ? [a, b, addend] : [a, b], { transposeA, transposeB });
}

/**
 * x [..., inputs] times the transpose of a quantised matrix: bytes uint8 [outputs, blocks, 32] and scales float32
 * [outputs, blocks], an element being (byte − 128)·scale. The last block may be longer than what is left of the inputs.
 */
export function quantisedMatmul(x: Tensor, bytes: Tensor, scales: Tensor): Tensor {
  const [outputWidth] = bytes.shape as number[];
  return apply('quantisedMatmul', [x, bytes, scales], {
    inputWidth: x.shape.at(-1) as number,
    outputWidth: outputWidth!,
  });
}

/** See the operator: x in whole steps of the sizes, from bytes that stand for 0. */
export function quantiseRows(x: Tensor, steps: Tensor, zeros?: Tensor): Tensor {
  return apply('quantiseRows', zeros ? [x, steps, zeros] : [x, steps], { width: x.shape.at(-1) as number });
}

/** See the operator. `zero` is the byte of x that stands for 0. */
export function integerMatmul(x: Tensor, matrix: Tensor, scales: Tensor, zero: number): Tensor {
  const one = constant('float32', [], [1]);
  return apply('integerMatmul', [x, matrix, one, scales, constant('uint8', [], [zero])], {});
}

type Reduce = (x: Tensor, axes: readonly number[], options?: { keepDimensions?: boolean }) => Tensor;

function reduction(name: 'reduceSum' | 'reduceMean' | 'reduceMax'): Reduce {
  return (x, axes, { keepDimensions = false } = {}) =>
    // To ONNX an empty list would mean all axes.
    axes.length === 0
      ? x
      : apply(name, [x, constant('int64', [axes.length], axes)], { axes, keepDimensions });
}

export const reduceSum = reduction('reduceSum');
export const reduceMean = reduction('reduceMean');
export const reduceMax = reduction('reduceMax');

/** (x − mean) / √(variance + epsilon) over the last axis, times scale [width], plus bias [width]. */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  return apply('layerNorm', [x, scale, bias], { epsilon });
}

/** Of each row: its mean, and 1 / its standard deviation, `[…, 1]`. */
function statisticsOf(x: Tensor, epsilon: number): { mean: Tensor; inverse: Tensor } {
  const mean = reduceMean(x, [-1], { keepDimensions: true });
  const centred = subtract(x, mean);
  const variance = reduceMean(multiply(centred, centred), [-1], { keepDimensions: true });
  return { mean, inverse: divide(constantLike(1, x), sqrt(add(variance, constantLike(epsilon, x)))) };
}

/** A constant without axes, of the other tensor's type. */
export function constantLike(value: number, like: Tensor): Tensor {
  return constant(like.type, [], [value]);
}

/**
 * New dimensions: numbers, 0 for "the same as before at this place", and at most one −1 for "the rest".
 * `[batch, length, 256]` → `[0, 0, 4, 64]`, `[-1, 256]`.
 */
export function reshape(x: Tensor, dimensions: readonly number[]): Tensor {
  const known = dimensions.map((dimension, axis) => (dimension === 0 ? x.shape[axis]! : dimension));
  const rest = restDimension(
    x.shape,
    known.filter((dimension) => dimension !== -1),
  );
  const shape = known.map((dimension) => (dimension === -1 ? rest : dimension));
  // A 0 stands for a dimension of x as it is; without one, how x came to its own does not matter.
  const numbers = dimensions.includes(0) ? x : beforeReshape(x);
  return apply('reshape', [numbers, constant('int64', [dimensions.length], dimensions)], { shape });
}

function beforeReshape(x: Tensor): Tensor {
  const { origin } = x;
  return origin.kind === 'node' && origin.operator.onnxType === 'Reshape' ? origin.inputs[0]! : x;
}

/** What a −1 stands for: all elements divided by the known dimensions. */
function restDimension(all: Shape, known: Shape): Dimension {
  const names = all
    .filter((dimension): dimension is string => typeof dimension === 'string')
    .flatMap((name) => name.split('*'));
  let count = 1;
  for (const dimension of all) if (typeof dimension === 'number') count *= dimension;
  for (const dimension of known) {
    if (typeof dimension === 'number') count /= dimension;
    else for (const name of dimension.split('*')) names.splice(names.indexOf(name), 1);
  }
  if (!Number.isInteger(count))
    throw new Error(`reshape: ${showShape(all)} cannot be divided by ${showShape(known)}.`);
  return product([count, ...names]);
}

/** All axes but the last `kept` as one: [batch, length, width] → [batch*length, width]. */
function mergeRows(x: Tensor, kept: number): Tensor {
  const widths = x.shape.slice(x.rank - kept);
  const shape = [product(x.shape.slice(0, x.rank - kept)), ...widths];
  if (sameShape(shape, x.shape)) return x;
  const sizes = widths.map((_, index) => sizeOf(x, index - kept));
  return apply('reshape', [x, concat([constant('int64', [1], [-1]), ...sizes], 0)], { shape });
}

/** x with the other's shape; both have as many elements. */
export function reshapeLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  return apply('reshape', [x, shapeTensor(like)], { shape: like.shape });
}

/** x repeated to the other's shape. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  return apply('expand', [x, shapeTensor(like)], { shape: like.shape });
}

/** The shape as int64 [rank]: part of the graph where it is all numbers. */
function shapeTensor(x: Tensor): Tensor {
  const numbers = x.shape.filter((dimension) => typeof dimension === 'number');
  return numbers.length === x.rank ? constant('int64', [x.rank], numbers) : shapeOf(x);
}

/** New axes of length 1 at these places (of the result, ascending). */
export function unsqueeze(x: Tensor, axes: readonly number[]): Tensor {
  return apply('unsqueeze', [x, constant('int64', [axes.length], axes)], { axes });
}

/** Joined along an axis, whose size is `dimension` (by default the sum of numbers). */
export function concat(parts: readonly Tensor[], axis: number, dimension?: Dimension): Tensor {
  if (parts.length === 1) return parts[0]!;
  const at = normaliseAxis(axis, parts[0]!.rank, 'concat');
  const sum = (): Dimension => {
    const sizes = parts.map((part) => part.shape[at]!);
    if (sizes.every((size) => typeof size === 'number')) return sizes.reduce((a, b) => a + b);
    throw new Error('concat: the size along a symbolic axis must be named.');
  };
  return apply('concat', parts, { axis: at, dimension: dimension ?? sum() });
}

/** The part from start to end along an axis, both int64 [1]; `dimension` names or numbers its size. */
export function slice(x: Tensor, axis: number, start: Tensor, end: Tensor, dimension: Dimension): Tensor {
  const at = normaliseAxis(axis, x.rank, 'slice');
  return apply('slice', [x, start, end, constant('int64', [1], [at])], { axis: at, dimension });
}

export const gather: Binary = (table, indices) => apply('gather', [table, indices], {});

/**
 * The largest numbers along the last axis, largest first, and their places, int64; of equal ones the first.
 *
 * @param count int64 [1], not more than there are; `dimension` names or numbers it
 */
export function topK(
  x: Tensor,
  count: Tensor,
  dimension: Dimension,
): { readonly values: Tensor; readonly places: Tensor } {
  const attributes = { dimension };
  const [values, places] = applyAgain({ operator: operators.topK, attributes }, [x, count]);
  return { values: values!, places: places! };
}

/** The element at [indices[i, j], j] for axis 0, at [i, indices[i, j]] for axis 1. */
export function gatherElements(data: Tensor, indices: Tensor, axis: number): Tensor {
  return apply('gatherElements', [data, indices], { axis });
}

/** The reverse of `gatherElements`: adds each update at its place; places may repeat. */
export function scatterElementsAdd(data: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor {
  return apply('scatterElementsAdd', [data, indices, updates], { axis });
}

/** A table like the other, [rows, width…], zero but for updates [n, width…] added at rows [n], which may repeat. */
export function scatterAddRows(like: Tensor, rows: Tensor, updates: Tensor): Tensor {
  const widthAxes = updates.shape.map((_, axis) => axis).slice(1);
  const places = expandLike(unsqueeze(rows, widthAxes), updates);
  return scatterElementsAdd(zerosLike(like), places, updates, 0);
}

/** data [rows, width] with updates [n, width] in place of the rows [n, 1], which must all be different. */
export function scatterUniqueRows(data: Tensor, rows: Tensor, updates: Tensor): Tensor {
  return apply('scatterUniqueRows', [data, rows, updates], {});
}

export const shapeOf: Unary = (x) => apply('shapeOf', [x], {});

/** The size of one axis, int64 [1]. */
export function sizeOf(x: Tensor, axis: number): Tensor {
  const size = x.shape[normaliseAxis(axis, x.rank, 'sizeOf')]!;
  if (typeof size === 'number') return constant('int64', [1], [size]);
  return gather(shapeOf(x), constant('int64', [1], [normaliseAxis(axis, x.rank, 'sizeOf')]));
}

/** 0, 1, … size−1 as `type`; the size is int64 [1] and called `dimension`. */
export function range(size: Tensor, type: 'int32' | 'int64' | 'float32', dimension: Dimension): Tensor {
  const bound = cast(reshape(size, []), type);
  return apply('range', [constantLike(0, bound), bound, constantLike(1, bound)], { dimension });
}

export function zerosLike(x: Tensor): Tensor {
  return expandLike(
    reshape(
      constant(x.type, [1], [0]),
      x.shape.map(() => 1),
    ),
    x,
  );
}

/** How many elements one result of a reduction over these axes takes in, as x's type. */
function countAlong(x: Tensor, axes: readonly number[]): Tensor {
  return axes.map((axis) => cast(reshape(sizeOf(x, axis), []), x.type)).reduce((a, b) => multiply(a, b));
}

/** Undoes broadcasting: the sum over the axes along which `like` was repeated. */
export function sumTo(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  const extra = x.rank - like.rank;
  const axes = x.shape.flatMap((dimension, axis) =>
    axis < extra || (like.shape[axis - extra] === 1 && dimension !== 1) ? [axis] : [],
  );
  return reshapeLike(reduceSum(x, axes, { keepDimensions: true }), like);
}

/**
 * `value` as it is, but its gradient with respect to `inputs` is what `rule` makes of the gradient that arrives:
 * for losses whose gradient is best computed together with them.
 */
export function withGradient(
  value: Tensor,
  inputs: readonly Tensor[],
  rule: (g: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  return apply('customGradient', [value, ...inputs], { rule });
}
