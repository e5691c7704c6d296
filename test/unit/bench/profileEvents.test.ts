import { describe, expect, it } from 'vitest';
import { readProfile } from '../../bench/profileEvents';

type Shapes = Record<string, number[]>[];

const run = (ts: number) => ({ cat: 'Session', name: 'model_run', dur: 100, ts });
const node = (ts: number, op: string, inputs: Shapes, outputs: Shapes) => ({
  cat: 'Node',
  name: `node${ts}_kernel_time`,
  dur: 7,
  ts,
  args: { op_name: op, input_type_shape: inputs, output_type_shape: outputs },
});

const options = { isStep: true, vocabularySize: 800, steps: 2, warmUps: 1 };
const kindsOf = (events: object[], changes = {}) =>
  readProfile(JSON.stringify(events), { ...options, ...changes });

describe('a profile of a step', () => {
  it('counts the operations of products, whichever axis they sum over', () => {
    const products = [
      node(11, 'MatMul', [{ float: [6, 5, 32] }, { float: [32, 64] }], [{ float: [6, 5, 64] }]),
      node(12, 'Gemm', [{ float: [30, 32] }, { float: [30, 64] }], [{ float: [32, 64] }]),
      node(13, 'FusedMatMul', [{ float: [6, 4, 5, 8] }, { float: [6, 4, 7, 8] }], [{ float: [6, 4, 5, 7] }]),
      node(14, 'Gemm', [{ float: [30, 32] }, { float: [800, 32] }], [{ float: [30, 800] }]),
    ];
    expect(kindsOf([run(0), run(10), ...products]).map(({ kind, operations }) => [kind, operations])).toEqual(
      [
        ['products: linear maps', 2 * 30 * 32 * 64],
        ['products: linear maps', 2 * 30 * 32 * 64],
        ['products: attention', 2 * 6 * 4 * 5 * 7 * 8],
        ['products: vocabulary projection', 2 * 30 * 32 * 800],
      ],
    );
  });

  it('tells classes apart, by types where the operator does not say', () => {
    const others = [
      node(11, 'Mul', [{ uint32: [5, 1] }, { uint32: [1, 8] }], [{ uint32: [5, 8] }]),
      node(12, 'Mul', [{ float: [5, 8] }, { float: [5, 8] }], [{ float: [5, 8] }]),
      node(13, 'Concat', [{ bool: [5] }, { bool: [5] }], [{ bool: [10] }]),
      node(14, 'Transpose', [{ float: [5, 8] }], [{ float: [8, 5] }]),
      node(15, 'ReduceSum', [{ float: [5, 8] }], [{ float: [8] }]),
      node(16, 'ScatterElements', [{ float: [5, 8] }], [{ float: [5, 8] }]),
      node(17, 'Softmax', [{ float: [5, 8] }], [{ float: [5, 8] }]),
    ];
    const kinds = kindsOf([run(0), run(10), ...others]).map(({ kind, operations }) => [kind, operations]);
    expect(kinds).toEqual([
      ['dropout masks', 0],
      ['element by element', 0],
      ['dropout masks', 0],
      ['moving numbers', 0],
      ['sums and maxima', 0],
      ['look-ups', 0],
      ['softmax', 0],
    ]);
  });

  it('leaves out the first steps, also where each has several runs, and what is no operator', () => {
    const one = (ts: number) => node(ts, 'Add', [{ float: [1] }], [{ float: [1] }]);
    const events = [run(0), one(1), run(2), one(3), run(10), one(11), run(12), one(13)];
    const fence = { ...one(14), name: 'node14_fence_before' };
    const kept = kindsOf([...events, fence], { isStep: false });
    expect(kept).toEqual([
      { kind: 'optimiser', microseconds: 7, operations: 0 },
      { kind: 'optimiser', microseconds: 7, operations: 0 },
    ]);
  });
});
