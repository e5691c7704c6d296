/** Every operator of the table: its gradient, or that it has none, and its value. */
import { describe, expect, it } from 'vitest';
import { ancestors, gradients } from '../../../models/graph/gradients';
import * as graph from '../../../models/graph/operators';
import { operators, type OperatorName } from '../../../models/graph/operators';
import { constant, input, type Tensor } from '../../../models/graph/tensor';
import { gradientCases, withoutGradient } from './gradientCases';
import { gradientError } from './numericalGradient';
import { evaluate, fed, numbers } from './run';

const names = Object.keys(operators) as OperatorName[];

function uses(result: Tensor, name: OperatorName): boolean {
  return ancestors([result]).some(
    ({ origin }) => origin.kind === 'node' && (origin.operator as object) === operators[name],
  );
}

describe('gradients against central differences', () => {
  it.each(names.filter((name) => !(name in withoutGradient) && name !== 'erf'))('%s', async (name) => {
    const cases = gradientCases[name as keyof typeof gradientCases] as
      (typeof gradientCases)['add'] | undefined;
    expect(
      cases,
      `“${name}” stands in the table of operators and needs cases in gradientCases.ts`,
    ).toBeDefined();
    for (const one of cases!) {
      const where = `shapes ${JSON.stringify(one.shapes)}`;
      const inputs = [
        ...one.shapes.map((shape, index) => input(`x${index}`, 'float64', shape)),
        ...(one.others ?? []).map(({ type, shape }, index) => input(`other${index}`, type, shape)),
      ];
      expect(uses(one.build(...inputs), name), where).toBe(true);
      expect(await gradientError(one), where).toBeLessThan(1e-6);
    }
  });
});

describe('operators without a derivative say so and pass no gradient on', () => {
  it.each(names.filter((name) => name in withoutGradient))('%s', async (name) => {
    expect(operators[name].gradient).toBe('notDifferentiable');
    const x = input('x', 'float64', ['a', 'b']);
    const result = graph.cast(withoutGradient[name as keyof typeof withoutGradient](x), 'float64');
    expect(uses(result, name)).toBe(true);
    const through = graph.reduceSum(
      result,
      result.shape.map((_, axis) => axis),
    );
    const beside = graph.reduceSum(x, [0, 1]);
    const [blocked] = gradients(through, [x]);
    const [joined] = gradients(graph.add(through, beside), [x]);
    const results = await evaluate(
      { through, blocked: blocked!, joined: joined! },
      { x: fed('float64', [2, 2], [-1, 0.5, 1, 2]) },
    );
    expect(numbers(results.blocked)).toEqual([0, 0, 0, 0]);
    expect(numbers(results.joined)).toEqual([1, 1, 1, 1]);
    expect(numbers(results.through)[0]).not.toBe(0);
  });
});

it('says where the largest numbers are, of equal ones the first', async () => {
  const x = constant('float32', [2, 5], [1, 3, 2, 3, 3, 0, 0, 0, 0, -1]);
  const { places } = graph.topK(x, constant('int64', [1], [3]), 3);
  expect(numbers((await evaluate({ places })).places)).toEqual([1, 3, 4, 0, 1, 2]);
});

describe('values', () => {
  const x = constant('float64', [2, 3], [-2, -0.5, 0, 0.5, 1, 3]);
  const y = constant('float64', [3], [1, -0.5, 4]);
  const at = (...values: number[]): Tensor => constant('int64', [values.length], values);
  const rows = (a: number[], f: (row: number[]) => number[]): number[] => [
    ...f(a.slice(0, 3)),
    ...f(a.slice(3)),
  ];
  const values = [-2, -0.5, 0, 0.5, 1, 3];
  const others = [1, -0.5, 4];
  const each = (f: (a: number) => number): number[] => values.map(f);
  const both = (f: (a: number, b: number) => number): number[] => values.map((a, i) => f(a, others[i % 3]!));
  const sum = (row: number[]): number => row.reduce((a, b) => a + b, 0);
  const softmax = (row: number[]): number[] => row.map((a) => Math.exp(a) / sum(row.map(Math.exp)));
  const normal = (row: number[]): number[] => {
    const mean = sum(row) / 3;
    const deviation = Math.sqrt(sum(row.map((a) => (a - mean) ** 2)) / 3 + 1e-5);
    return row.map((a, i) => ((a - mean) / deviation) * others[i]! + 1);
  };
  const positive = graph.add(x, constant('float64', [], [3]));

  const expected: Record<OperatorName, readonly [result: Tensor, values: readonly number[]]> = {
    add: [graph.add(x, y), both((a, b) => a + b)],
    subtract: [graph.subtract(x, y), both((a, b) => a - b)],
    multiply: [graph.multiply(x, y), both((a, b) => a * b)],
    divide: [graph.divide(x, y), both((a, b) => a / b)],
    negate: [graph.negate(y), [-1, 0.5, -4]],
    absolute: [graph.absolute(x), [2, 0.5, 0, 0.5, 1, 3]],
    exp: [graph.exp(x), each(Math.exp)],
    log: [graph.log(positive), each((a) => Math.log(a + 3))],
    sqrt: [graph.sqrt(positive), each((a) => Math.sqrt(a + 3))],
    relu: [graph.relu(x), [0, 0, 0, 0.5, 1, 3]],
    sigmoid: [graph.sigmoid(x), each((a) => 1 / (1 + Math.exp(-a)))],
    tanh: [graph.tanh(x), each(Math.tanh)],
    // Abramowitz and Stegun, table 7.1.
    erf: [graph.erf(constant('float32', [3], [0, 0.5, -2])), [0, 0.5204998778, -0.995322265]],
    sin: [graph.sin(x), each(Math.sin)],
    cos: [graph.cos(x), each(Math.cos)],
    equal: [graph.equal(x, y), [0, 1, 0, 0, 0, 0]],
    greater: [graph.greater(x, y), [0, 0, 0, 0, 1, 0]],
    less: [graph.less(x, y), [1, 0, 1, 1, 0, 1]],
    shiftRight: [
      graph.shiftRight(
        constant('uint32', [3], [5, 2 ** 31, 4294967295]),
        constant('uint32', [3], [1, 16, 31]),
      ),
      [2, 2 ** 15, 1],
    ],
    not: [graph.not(graph.equal(x, y)), [1, 0, 1, 1, 1, 1]],
    where: [graph.where(graph.less(x, y), x, y), both(Math.min)],
    cast: [graph.cast(x, 'int32'), [-2, 0, 0, 0, 1, 3]],
    matmul: [graph.matmul(x, graph.transpose(x, [1, 0])), [4.25, -1.5, -1.5, 10.25]],
    gemm: [
      graph.gemm(x, x, { transposeB: true, addend: constant('float64', [2, 2], [0, 1, 2, 3]) }),
      [4.25, -0.5, 0.5, 13.25],
    ],
    // Bytes stand for −127, −126, …; the last 29 of each 32 meet no input. Whole numbers up to 127 are not rounded.
    quantisedMatmul: [
      graph.quantisedMatmul(
        constant('float32', [1, 3], [127, 0, -127]),
        constant(
          'uint8',
          [2, 1, 32],
          Array.from({ length: 64 }, (_, index) => index + 1),
        ),
        constant('float32', [2, 1], [0.5, 2]),
      ),
      [-127, -508],
    ],
    // Halves go to the even step, and what is beyond a byte to its end.
    quantiseRows: [
      graph.quantiseRows(
        constant('float32', [2, 3], [1, 1.25, -300, 0, -4, 5]),
        constant('float32', [2, 1], [0.5, 2]),
        constant('uint8', [2, 1], [128, 10]),
      ),
      [130, 130, 0, 10, 8, 12],
    ],
    integerMatmul: [
      graph.integerMatmul(
        constant('uint8', [1, 2], [128, 255]),
        constant('int8', [2, 2], [3, 4, -128, 127]),
        constant('float32', [2], [1, 0.5]),
        127,
      ),
      [3 - 128 * 128, (4 + 128 * 127) / 2],
    ],
    topK: [graph.topK(x, at(2), 2).values, [0, -0.5, 3, 1]],
    reduceSum: [graph.reduceSum(x, [1]), [-2.5, 4.5]],
    reduceMean: [graph.reduceMean(x, [0]), [-0.75, 0.25, 1.5]],
    reduceMax: [graph.reduceMax(x, [-1]), [0, 3]],
    softmax: [graph.softmax(x), rows(values, softmax)],
    logSoftmax: [graph.logSoftmax(x), rows(values, (row) => softmax(row).map(Math.log))],
    layerNorm: [graph.layerNorm(x, y, constant('float64', [3], [1, 1, 1])), rows(values, normal)],
    transpose: [graph.transpose(x, [1, 0]), [-2, 0.5, -0.5, 1, 0, 3]],
    reshape: [graph.reshape(x, [3, -1]), values],
    unsqueeze: [graph.unsqueeze(x, [0, 3]), values],
    expand: [graph.expandLike(y, x), [...others, ...others]],
    concat: [graph.concat([x, graph.unsqueeze(y, [0])], 0), [...values, ...others]],
    slice: [graph.slice(x, 1, at(1), at(3), 2), [-0.5, 0, 1, 3]],
    gather: [graph.gather(x, at(1, 0, 1)), [0.5, 1, 3, -2, -0.5, 0, 0.5, 1, 3]],
    scatterElementsAdd: [
      graph.scatterElementsAdd(y, at(2, 0, 2), constant('float64', [3], [1, 2, 3]), 0),
      [3, -0.5, 8],
    ],
    gatherElements: [graph.gatherElements(x, constant('int64', [2, 1], [2, 0]), 1), [0, 0.5]],
    scatterUniqueRows: [
      graph.scatterUniqueRows(x, constant('int64', [1, 1], [1]), graph.unsqueeze(y, [0])),
      [-2, -0.5, 0, 1, -0.5, 4],
    ],
    shapeOf: [graph.shapeOf(x), [2, 3]],
    range: [graph.range(at(4), 'int32', 'four'), [0, 1, 2, 3]],
    customGradient: [graph.withGradient(x, [y], (g) => [graph.multiply(g, y)]), values],
  };

  it.each(names)('%s', async (name) => {
    const [result, wanted] = expected[name];
    expect(uses(result, name)).toBe(true);
    const { value } = await evaluate({ value: result });
    expect(value.dims).toEqual(result.shape.map((dimension) => (dimension === 'four' ? 4 : dimension)));
    const actual = numbers(value);
    expect(actual).toHaveLength(wanted.length);
    wanted.forEach((number, index) => expect(actual[index]).toBeCloseTo(number, name === 'erf' ? 6 : 10));
  });
});
