/** Layer normalisation's gradient in float32, which takes mean and deviation as onnxruntime kept them. */
import { expect, it } from 'vitest';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { buildProgram } from '../../../models/graph/program';
import * as graph from '../../../models/graph/operators';
import { input, type Tensor } from '../../../models/graph/tensor';
import { gradientCases } from './gradientCases';
import { gradientGraph, relativeError, type GradientCase } from './numericalGradient';
import { evaluate, numbers } from './run';

function layerNormNodes(outputs: Record<string, Tensor>): string[][] {
  const { node } = fromBinary(ModelProtoSchema, buildProgram('norm', outputs).model).graph!;
  return node.filter(({ opType }) => opType === 'LayerNormalization').map(({ output }) => output);
}

async function computed(one: GradientCase, type: 'float32' | 'float64'): Promise<number[][]> {
  const { gradients, feeds } = gradientGraph(one, type);
  const outputs = Object.fromEntries(gradients.map((gradient, index) => [`gradient${index}`, gradient]));
  const results = await evaluate(outputs, feeds);
  return Object.keys(outputs).map((name) => numbers(results[name]!));
}

it.each(gradientCases.layerNorm.map((one, index) => ({ one, index })))(
  'case $index: the same numbers as in float64, where both are computed anew',
  async ({ one }) => {
    const [found, wanted] = [await computed(one, 'float32'), await computed(one, 'float64')];
    const errors = found.map((values, index) => relativeError(values, wanted[index]!));
    // A row of one number has a gradient of nothing, and rounding is all that there is.
    const isNothing = wanted.map((values) => values.every((value) => Math.abs(value) < 1e-9));
    for (const [index, error] of errors.entries()) {
      if (isNothing[index]) expect(Math.max(...found[index]!.map(Math.abs))).toBeLessThan(1e-3);
      else expect(error).toBeLessThan(2e-4);
    }
  },
);

it('asks for mean and deviation where there is a gradient, and only there', () => {
  const x = input('x', 'float32', ['n', 4]);
  const scale = input('scale', 'float32', [4]);
  const y = graph.layerNorm(x, scale, scale);
  expect(layerNormNodes({ y })).toEqual([[expect.any(String)]]);
  const one: GradientCase = {
    shapes: [['n', 4], [4], [4]],
    sizes: { n: 2 },
    build: (rows, weight, bias) => graph.layerNorm(rows, weight, bias),
  };
  const [nodes] = layerNormNodes({ gradient: gradientGraph(one, 'float32').gradients[0]! });
  expect(nodes!.map((name) => name !== '')).toEqual([true, true, true]);
});
