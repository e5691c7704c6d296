/** Shapes and types are checked while a graph is built: the symbolic result, and a sentence for what does not fit. */
import { describe, expect, it } from 'vitest';
import * as graph from '../../../models/graph/operators';
import type { Shape } from '../../../models/graph/shape';
import { constant, constantFromBytes, input, type DataType, type Tensor } from '../../../models/graph/tensor';

const of = (shape: Shape, type: DataType = 'float32'): Tensor => input('x', type, shape);
const ids = (...shape: Shape): Tensor => of(shape, 'int32');

describe('symbolic results', () => {
  const states = of(['batch', 'length', 256]);
  const results: [string, Tensor, Shape][] = [
    ['add', graph.add(states, of(['length', 1])), ['batch', 'length', 256]],
    ['matmul', graph.matmul(states, of([256, 'width'])), ['batch', 'length', 'width']],
    ['matmul of batches', graph.matmul(of(['b', 1, 'q', 8]), of(['h', 8, 'k'])), ['b', 'h', 'q', 'k']],
    [
      'gemm',
      graph.gemm(of([8, 'rows']), of(['v', 8]), { transposeA: true, transposeB: true }),
      ['rows', 'v'],
    ],
    ['heads split', graph.reshape(states, [0, 0, 4, 64]), ['batch', 'length', 4, 64]],
    ['rows', graph.reshape(states, [-1, 256]), ['batch*length', 256]],
    ['elements', graph.reshape(states, [-1]), ['256*batch*length']],
    ['a rest that is a name', graph.reshape(of(['n', 'm', 6]), [0, -1, 2]), ['n', '3*m', 2]],
    ['a rest that is a number', graph.reshape(of(['n', 6]), [0, 2, -1]), ['n', 2, 3]],
    ['a rest of 1', graph.reshape(of(['n', 6]), [0, 6, -1]), ['n', 6, 1]],
    ['a product taken apart', graph.reshape(graph.reshape(of(['n', 4, 6]), [-1, 3]), [0, -1]), ['8*n', 3]],
    ['like another', graph.reshapeLike(graph.reshape(states, [-1]), states), ['batch', 'length', 256]],
    [
      'quantisedMatmul',
      graph.quantisedMatmul(states, of([100, 8, 32], 'uint8'), of([100, 8])),
      ['batch', 'length', 100],
    ],
    [
      'quantisedMatmul with a block that is not full',
      graph.quantisedMatmul(of(['n', 33]), of([4, 2, 32], 'uint8'), of([4, 2])),
      ['n', 4],
    ],
    [
      'quantiseRows',
      graph.quantiseRows(states, of(['batch', 'length', 1]), of(['batch', 'length', 1], 'uint8')),
      ['batch', 'length', 256],
    ],
    [
      'integerMatmul',
      graph.integerMatmul(of(['n', 'm', 4], 'uint8'), of([4, 7], 'int8'), of([7]), 128),
      ['n', 'm', 7],
    ],
    ['reduceSum', graph.reduceSum(states, [0, -1]), ['length']],
    ['reduceMax', graph.reduceMax(states, [1], { keepDimensions: true }), ['batch', 1, 256]],
    ['transpose', graph.transpose(states, [2, 0, 1]), [256, 'batch', 'length']],
    ['unsqueeze', graph.unsqueeze(of(['a', 'b']), [0, 2]), [1, 'a', 1, 'b']],
    ['gather', graph.gather(of(['v', 'd']), ids('batch', 'length')), ['batch', 'length', 'd']],
    ['concat', graph.concat([of(['n', 2]), of(['n', 3])], -1), ['n', 5]],
    ['concat of names', graph.concat([of(['past', 2]), of([1, 2])], 0, 'now'), ['now', 2]],
    ['where', graph.where(of(['k'], 'bool'), of(['q', 1]), of([])), ['q', 'k']],
    ['greater', graph.greater(ids('n', 1), ids('m')), ['n', 'm']],
    ['sizeOf', graph.sizeOf(states, 1), [1]],
    ['shapeOf', graph.shapeOf(states), [3]],
    ['zerosLike', graph.zerosLike(states), ['batch', 'length', 256]],
    ['sumTo', graph.sumTo(states, of(['length', 1])), ['length', 1]],
    ['range', graph.range(graph.sizeOf(states, 1), 'int32', 'length'), ['length']],
  ];
  it.each(results)('%s', (_name, { shape }, expected) => expect(shape).toEqual(expected));

  it('types comparisons as bool, sizes as int64 and a choice as what is chosen', () => {
    expect(graph.equal(ids('n'), ids('n')).type).toBe('bool');
    expect(graph.shapeOf(of(['n'])).type).toBe('int64');
    expect(graph.where(of(['n'], 'bool'), of([]), of([])).type).toBe('float32');
    expect(graph.cast(ids('n'), 'float64').type).toBe('float64');
  });
});

describe('sentences', () => {
  const refusals: [string, () => unknown][] = [
    ['add: types float32 and int32 do not go together.', () => graph.add(of(['n']), ids('n'))],
    ['equal: types int32 and int64 do not go together.', () => graph.equal(ids(), of([], 'int64'))],
    [
      'multiply: shapes [n, 2] and [m, 2] do not broadcast.',
      () => graph.multiply(of(['n', 2]), of(['m', 2])),
    ],
    ['greater: shapes [2] and [3] do not broadcast.', () => graph.greater(of([2]), of([3]))],
    [
      'where: shapes [3] and [2, 4] do not broadcast.',
      () => graph.where(of([3], 'bool'), of([2, 4]), of([])),
    ],
    [
      'where: types float32 and float64 do not go together.',
      () => graph.where(of([], 'bool'), of([]), of([], 'float64')),
    ],
    ['matmul: shapes [n, 4] and [5, n] do not multiply.', () => graph.matmul(of(['n', 4]), of([5, 'n']))],
    ['matmul: shapes [4] and [4, 5] do not multiply.', () => graph.matmul(of([4]), of([4, 5]))],
    ['matmul: shapes [5, 4] and [4] do not multiply.', () => graph.matmul(of([5, 4]), of([4]))],
    ['matmul: shapes [2] and [3] do not broadcast.', () => graph.matmul(of([2, 'n', 4]), of([3, 4, 'n']))],
    ['gemm: shapes [n, 4] and [5, 4] do not multiply.', () => graph.gemm(of(['n', 4]), of([5, 4]))],
    ['gemm: shapes [b, n, 4] and [4, 5] do not multiply.', () => graph.gemm(of(['b', 'n', 4]), of([4, 5]))],
    [
      'gemm: the addend has shape [5], the product [n, 5].',
      () => graph.gemm(of(['n', 4]), of([4, 5]), { addend: of([5]) }),
    ],
    [
      'gemm: types float32 and float64 do not go together.',
      () => graph.gemm(of([4, 4]), of([4, 4]), { addend: of([4, 4], 'float64') }),
    ],
    [
      'quantisedMatmul: float32 [n, 65] and bytes uint8 [4, 2, 32] with scales float32 [4, 2] do not multiply.',
      () => graph.quantisedMatmul(of(['n', 65]), of([4, 2, 32], 'uint8'), of([4, 2])),
    ],
    [
      'quantisedMatmul: float32 [n, 64] and bytes uint8 [4, 2, 32] with scales float32 [2, 4] do not multiply.',
      () => graph.quantisedMatmul(of(['n', 64]), of([4, 2, 32], 'uint8'), of([2, 4])),
    ],
    [
      'quantisedMatmul: float32 [n, 64] and bytes float32 [4, 2, 32] with scales float32 [4, 2] do not multiply.',
      () => graph.quantisedMatmul(of(['n', 64]), of([4, 2, 32]), of([4, 2])),
    ],
    [
      'quantiseRows: float32 [n, 4] cannot be in steps of float32 [n] from uint8 [n, 1].',
      () => graph.quantiseRows(of(['n', 4]), of(['n']), of(['n', 1], 'uint8')),
    ],
    [
      'quantiseRows: float32 [n, 4] cannot be in steps of float32 [n, 1] from int32 [n, 1].',
      () => graph.quantiseRows(of(['n', 4]), of(['n', 1]), ids('n', 1)),
    ],
    [
      'integerMatmul: uint8 [n, 4] and int8 [5, 7] with scales float32 [7] do not multiply.',
      () => graph.integerMatmul(of(['n', 4], 'uint8'), of([5, 7], 'int8'), of([7]), 128),
    ],
    [
      'integerMatmul: uint8 [n, 4] and int8 [4, 7] with scales float32 [4] do not multiply.',
      () => graph.integerMatmul(of(['n', 4], 'uint8'), of([4, 7], 'int8'), of([4]), 128),
    ],
    [
      'integerMatmul: uint8 [n, 4] and uint8 [4, 7] with scales float32 [7] do not multiply.',
      () => graph.integerMatmul(of(['n', 4], 'uint8'), of([4, 7], 'uint8'), of([7]), 128),
    ],
    ['reduceSum: axis 2 does not exist in rank 2.', () => graph.reduceSum(of(['n', 4]), [0, 2])],
    ['reduceMean: axis -3 does not exist in rank 2.', () => graph.reduceMean(of(['n', 4]), [-3])],
    ['layerNorm: scale [4] and bias [5] must be [4].', () => graph.layerNorm(of(['n', 4]), of([4]), of([5]))],
    ['layerNorm: scale [1] and bias [4] must be [4].', () => graph.layerNorm(of(['n', 4]), of([1]), of([4]))],
    [
      'transpose: [0, 0] is no permutation of the axes of [n, 4].',
      () => graph.transpose(of(['n', 4]), [0, 0]),
    ],
    [
      'transpose: [0, 2] is no permutation of the axes of [n, 4].',
      () => graph.transpose(of(['n', 4]), [0, 2]),
    ],
    ['transpose: [0] is no permutation of the axes of [n, 4].', () => graph.transpose(of(['n', 4]), [0])],
    ['reshape: [n, 4] cannot become [n, 2].', () => graph.reshape(of(['n', 4]), [0, 2])],
    ['reshape: [n, 4] cannot be divided by [3].', () => graph.reshape(of(['n', 4]), [-1, 3])],
    ['reshape: [n, 4] cannot be divided by [8].', () => graph.reshape(of(['n', 4]), [-1, 8])],
    ['reshape: [n] cannot become [m].', () => graph.reshapeLike(of(['n']), of(['m']))],
    ['expand: shapes [n] and [m] do not broadcast.', () => graph.expandLike(of(['n']), of(['m']))],
    ['concat: [3, 5] does not fit [n, 4] on axis 0.', () => graph.concat([of(['n', 4]), of([3, 5])], 0, 'm')],
    ['concat: axis 2 does not exist in rank 1.', () => graph.concat([of(['n']), of(['n'])], 2, 'm')],
    [
      'concat: types float32 and int32 do not go together.',
      () => graph.concat([of(['n']), ids('n')], 0, 'm'),
    ],
    ['concat: the size along a symbolic axis must be named.', () => graph.concat([of(['n']), of([2])], 0)],
    [
      'slice: axis 1 does not exist in rank 1.',
      () => graph.slice(of(['n']), 1, constant('int64', [1], [0]), constant('int64', [1], [1]), 1),
    ],
    ['sizeOf: axis 5 does not exist in rank 1.', () => graph.sizeOf(of(['n']), 5)],
    [
      'constant [2, 3] of float32 needs 24 bytes, not 20.',
      () => constant('float32', [2, 3], [1, 2, 3, 4, 5]),
    ],
    [
      'constant [2] of int64 needs 16 bytes, not 8.',
      () => constantFromBytes('int64', [2], new Uint8Array(8)),
    ],
  ];
  it.each(refusals)('%s', (sentence, build) => expect(build).toThrow(sentence));
});

it('a reduction over no axes changes nothing', () => {
  const x = of(['n', 2]);
  expect(graph.reduceMean(x, [])).toBe(x);
});
