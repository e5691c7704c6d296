/** The written model, read back with the generated ONNX reader of others (onnx-buf over @bufbuild/protobuf). */
import { fromBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  ModelProtoSchema,
  TensorProto_DataType,
  type ModelProto,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { AttributeValue, Operator } from '../../../models/graph/operator';
import * as graph from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { Message } from '../../../models/graph/protobuf';
import { constant, input, Tensor, type DataType, type Node } from '../../../models/graph/tensor';
import { evaluate, fed, numbers, prepare } from './run';

function read(outputs: Record<string, Tensor>): ModelProto {
  const model = fromBinary(ModelProtoSchema, buildProgram('a graph', outputs).model);
  expect(unknownFields(model)).toEqual([]);
  return model;
}

/** Field numbers that the reader did not know, anywhere in the message. */
function unknownFields(message: unknown): number[] {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return [];
  const { $unknown = [], ...fields } = message as { $unknown?: { no: number }[] };
  return [...$unknown.map(({ no }) => no), ...Object.values(fields).flatMap(unknownFields)];
}

/** A node with attributes of the test's own. */
function nodeWith(attributes: Record<string, AttributeValue>): Tensor {
  const operator: Operator<object> = {
    onnxType: 'Anything',
    infer: () => [],
    encode: () => attributes,
    gradient: 'notDifferentiable',
  };
  const outputs: Tensor[] = [];
  const node: Node = { kind: 'node', operator: operator, inputs: [], attributes: {}, outputs };
  outputs.push(new Tensor('float32', [], node));
  return outputs[0]!;
}

describe('the model', () => {
  const x = input('x', 'float32', ['batch', 3]);
  const y = graph.add(graph.softmax(x), constant('float32', [3], [1, -2, 0.5]));
  const model = read({ result: y, again: y, echo: x });

  it('says its versions and who made it', () => {
    expect(model.irVersion).toBe(10n);
    expect(model.producerName).toBe('polyhead');
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 21n],
      ['com.microsoft', 1n],
    ]);
    expect(model.graph!.name).toBe('a graph');
  });

  it('writes nodes after those that they need, and each once', () => {
    const { node, initializer } = model.graph!;
    expect(node.map(({ opType }) => opType)).toEqual(['Softmax', 'Add', 'Identity', 'Identity']);
    const [softmax, sum, ...identities] = node;
    expect(softmax!.input).toEqual(['x']);
    expect(sum!.input).toEqual([softmax!.output[0], initializer[0]!.name]);
    expect(sum!.output).toEqual(['result']);
    expect(identities.map((one) => [one.input, one.output])).toEqual([
      [['result'], ['again']],
      [['x'], ['echo']],
    ]);
    expect(node.map(({ domain }) => domain)).toEqual(['', '', '', '']);
  });

  it('declares inputs and outputs with names for the dimensions that vary', () => {
    const declared = [...model.graph!.input, ...model.graph!.output].map(({ name, type }) => {
      const tensor = type!.value.value as {
        elemType: number;
        shape: { dim: { value: { value: unknown } }[] };
      };
      return [name, tensor.elemType, tensor.shape.dim.map(({ value }) => value.value)];
    });
    const shape = [TensorProto_DataType.FLOAT, ['batch', 3n]];
    expect(declared).toEqual([
      ['x', ...shape],
      ['result', ...shape],
      ['again', ...shape],
      ['echo', ...shape],
    ]);
  });

  it('leaves out what its outputs do not need', () => {
    const unused = input('unused', 'float32', [1]);
    graph.add(unused, x);
    const { inputs, model } = buildProgram('part', { y: graph.negate(x) });
    expect(Object.keys(inputs)).toEqual(['x']);
    expect(fromBinary(ModelProtoSchema, model).graph!.input.map(({ name }) => name)).toEqual(['x']);
  });

  it('writes only the first input of a value with a gradient of its own', () => {
    const { node } = read({ y: graph.withGradient(x, [y], (g) => [g]) }).graph!;
    const identities = node.filter(({ opType }) => opType === 'Identity');
    expect(identities.map((one) => [one.input, one.output])).toEqual([[['x'], ['y']]]);
  });

  it('keeps several outputs of a node apart and names other domains', () => {
    const operator: Operator<object> = {
      onnxType: 'Two',
      domain: 'com.microsoft',
      infer: () => [],
      gradient: 'notDifferentiable',
    };
    const outputs: Tensor[] = [];
    const node: Node = { kind: 'node', operator: operator, inputs: [x], attributes: {}, outputs };
    outputs.push(new Tensor('float32', [], node, 0), new Tensor('int64', ['n'], node, 1));
    const [two, ...others] = read({ first: outputs[0]!, second: outputs[1]! }).graph!.node;
    expect(two!.domain).toBe('com.microsoft');
    expect(two!.output).toEqual(['first', 'second']);
    expect(others).toEqual([]);
  });

  it('refuses two inputs of one name with a sentence', () => {
    const twin = input('x', 'float32', ['batch', 3]);
    expect(() => buildProgram('twins', { y: graph.add(x, twin) })).toThrow(
      'Two inputs of the graph “twins” are called “x”.',
    );
  });

  it('refuses an input and an output of one name with a sentence', () => {
    expect(() => buildProgram('loop', { x: graph.negate(x) })).toThrow(
      'An input and an output of the graph “loop” are both called “x”.',
    );
  });
});

describe('attributes', () => {
  function attribute(value: AttributeValue): unknown {
    const [only] = read({ y: nodeWith({ name: value }) }).graph!.node[0]!.attribute;
    expect(only!.name).toBe('name');
    const { type, i, f, ints } = only!;
    return { type: AttributeProto_AttributeType[type], i, f, s: new TextDecoder().decode(only!.s), ints };
  }
  const none = { i: 0n, f: 0, s: '', ints: [] };

  it.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 53 - 1, -1, -2, -128, -(2 ** 31), -(2 ** 53 - 1)])(
    'integer %d',
    (value) => {
      expect(attribute(value)).toEqual({ ...none, type: 'INT', i: BigInt(value) });
    },
  );

  it('floating-point numbers', () => {
    expect(attribute({ float: 1e-5 })).toEqual({ ...none, type: 'FLOAT', f: Math.fround(1e-5) });
    expect(attribute({ float: -1.5 })).toEqual({ ...none, type: 'FLOAT', f: -1.5 });
    expect(attribute({ float: 0 })).toEqual({ ...none, type: 'FLOAT' });
  });

  it('text', () => {
    expect(attribute('add')).toEqual({ ...none, type: 'STRING', s: 'add' });
    expect(attribute('größer 文')).toEqual({ ...none, type: 'STRING', s: 'größer 文' });
  });

  it('lists of integers', () => {
    expect(attribute([2, 0, -1, 300])).toEqual({ ...none, type: 'INTS', ints: [2n, 0n, -1n, 300n] });
    expect(attribute([])).toEqual({ ...none, type: 'INTS' });
  });

  it('several of one node, by name', () => {
    const { node } = read({ y: nodeWith({ a: 1, b: [2], c: 'three', d: { float: 4 } }) }).graph!;
    expect(node[0]!.attribute.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('those of real operators', () => {
    const x = input('x', 'float32', ['n', 4]);
    const ones = constant('float32', [4], [1, 1, 1, 1]);
    const places = input('places', 'int64', ['n', 4]);
    const y = graph.scatterElementsAdd(
      graph.transpose(graph.layerNorm(x, ones, ones, 0.25), [1, 0]),
      places,
      x,
      -1,
    );
    const attributes = read({ y }).graph!.node.flatMap(({ opType, attribute }) =>
      attribute.map(({ name, i, f, s, ints }) => [opType, name, i, f, new TextDecoder().decode(s), ints]),
    );
    expect(attributes).toEqual([
      ['LayerNormalization', 'axis', -1n, 0, '', []],
      ['LayerNormalization', 'epsilon', 0n, 0.25, '', []],
      ['Transpose', 'perm', 0n, 0, '', [1n, 0n]],
      ['ScatterElements', 'axis', -1n, 0, '', []],
      ['ScatterElements', 'reduction', 0n, 0, 'add', []],
    ]);
  });
});

describe('constants', () => {
  const values = [3, 0, 200, 1];
  const truths = [0, 1, 1, 0];
  const kinds: [DataType, TensorProto_DataType, number[], ArrayBufferView][] = [
    ['float32', TensorProto_DataType.FLOAT, values, Float32Array.from(values)],
    ['float64', TensorProto_DataType.DOUBLE, values, Float64Array.from(values)],
    ['int64', TensorProto_DataType.INT64, values, BigInt64Array.from(values, BigInt)],
    ['int32', TensorProto_DataType.INT32, values, Int32Array.from(values)],
    ['uint32', TensorProto_DataType.UINT32, values, Uint32Array.from(values)],
    ['uint8', TensorProto_DataType.UINT8, values, Uint8Array.from(values)],
    ['bool', TensorProto_DataType.BOOL, truths, Uint8Array.from(truths)],
  ];

  it.each(kinds)('%s', async (type, dataType, written, array) => {
    const y = constant(type, [2, 2], written);
    const [initializer] = read({ y }).graph!.initializer;
    expect(initializer!.dims).toEqual([2n, 2n]);
    expect(initializer!.dataType).toBe(dataType);
    expect(initializer!.rawData).toEqual(new Uint8Array(array.buffer));
    expect(numbers((await evaluate({ y })).y)).toEqual(written);
  });

  it('keeps negative and large numbers', () => {
    const y = constant('int64', [3], [-1, 2 ** 53 - 1, -(2 ** 53) + 1]);
    const { rawData } = read({ y }).graph!.initializer[0]!;
    expect([...new BigInt64Array(rawData.slice().buffer)]).toEqual([-1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n]);
  });

  it('has no dimensions for a single number and a zero for an empty tensor', () => {
    expect(read({ y: constant('float32', [], [3]) }).graph!.initializer[0]!.dims).toEqual([]);
    expect(read({ y: constant('float32', [0, 4], []) }).graph!.initializer[0]!.dims).toEqual([0n, 4n]);
  });
});

it('one session serves every size of a named dimension', async () => {
  const x = input('x', 'float32', ['batch', 'length']);
  const session = await prepare({ y: graph.reduceSum(x, [-1]) });
  for (const [batch, length] of [
    [1, 1],
    [3, 2],
    [2, 5],
    [1, 7],
  ] as const) {
    const { y } = await session.run({
      x: fed('float32', [batch, length], Array(batch * length).fill(1) as number[]),
    });
    expect(numbers(y)).toEqual(Array(batch).fill(length));
  }
  await session.dispose();
});

it('writes long fields with lengths of several bytes', () => {
  const text = 'x'.repeat(20_000);
  const inner = new Message().string(1, text);
  const bytes = new Message().message(7, new Message().message(1, inner)).finish();
  const model = fromBinary(ModelProtoSchema, bytes);
  expect(model.graph!.node[0]!.input).toEqual([text]);
});
