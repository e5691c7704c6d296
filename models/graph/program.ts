/**
 * A graph made ready to run: named inputs and outputs, and the ONNX model as bytes.
 * Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
import { ancestors } from './gradients';
import type { AttributeValue, Operator } from './operator';
import { onnxDataTypes } from './operators';
import { Message } from './protobuf';
import type { Node, Tensor, TensorType } from './tensor';

export interface Program<Output extends string = string> {
  /** An ONNX ModelProto. */
  readonly model: Uint8Array;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<Output, TensorType>>;
}

const irVersion = 10;
const opset = 21;
const microsoftOpset = 1;

/** The part of the graph that these outputs need. Inputs that none of them needs are left out. */
export function buildProgram<Output extends string>(
  name: string,
  outputs: Readonly<Record<Output, Tensor>>,
): Program<Output> {
  const results = Object.entries<Tensor>(outputs);
  const tensors = ancestors(results.map(([, tensor]) => tensor));
  const names = new Map(tensors.map((tensor) => [tensor, nameOf(tensor)]));
  // What a node makes leaves under its own name: a node that names it anew would copy it.
  const renamed = new Map<string, Tensor>();
  for (const [output, tensor] of results) {
    if (tensor.origin.kind !== 'node' || names.get(tensor) !== nameOf(tensor)) continue;
    names.set(tensor, output);
    renamed.set(output, tensor);
  }
  const graph = new Message();
  const inputs: Record<string, TensorType> = {};
  const written = new Set<Node>();
  for (const tensor of tensors) {
    const origin = tensor.origin;
    if (origin.kind === 'node' && !written.has(origin)) {
      written.add(origin);
      graph.message(1, nodeProto(origin, names));
    }
  }
  // A result may be an input or a constant, or be wanted under two names.
  for (const [output, tensor] of results) {
    if (renamed.get(output) !== tensor) graph.message(1, identityProto(names.get(tensor)!, output));
  }
  graph.string(2, name);
  for (const tensor of tensors) {
    if (tensor.origin.kind === 'constant')
      graph.message(5, tensorProto(names.get(tensor)!, tensor, tensor.origin.bytes));
  }
  for (const tensor of tensors) {
    if (tensor.origin.kind !== 'input') continue;
    const key = tensor.origin.name;
    if (inputs[key]) throw new Error(`Two inputs of the graph “${name}” are called “${key}”.`);
    inputs[key] = { type: tensor.type, shape: tensor.shape };
    graph.message(11, valueInfo(key, tensor));
  }
  for (const [output, tensor] of results) {
    if (inputs[output])
      throw new Error(`An input and an output of the graph “${name}” are both called “${output}”.`);
    graph.message(12, valueInfo(output, tensor));
  }
  return { model: modelProto(graph), inputs, outputs };
}

function nameOf(tensor: Tensor): string {
  return tensor.origin.kind === 'input' ? tensor.origin.name : `t${tensor.id}`;
}

function modelProto(graph: Message): Uint8Array {
  return new Message()
    .integer(1, irVersion)
    .string(2, 'polyhead')
    .message(7, graph)
    .message(8, new Message().string(1, '').integer(2, opset))
    .message(8, new Message().string(1, 'com.microsoft').integer(2, microsoftOpset))
    .finish();
}

function nodeProto(node: Node, names: ReadonlyMap<Tensor, string>): Message {
  const operator = node.operator as unknown as Operator<object>;
  const proto = new Message();
  for (const input of node.inputs.slice(0, operator.emittedInputs)) proto.string(1, names.get(input)!);
  // Those that nothing needs are not asked for, where the operator can do without.
  const asked = (output: Tensor): boolean => operator.hasAllOutputs ?? names.has(output);
  for (const output of node.outputs.slice(0, node.outputs.findLastIndex(asked) + 1))
    proto.string(2, asked(output) ? (names.get(output) ?? nameOf(output)) : '');
  proto.string(4, operator.onnxType);
  const attributes = operator.encode?.(node.attributes) ?? {};
  for (const [name, value] of Object.entries(attributes)) proto.message(5, attributeProto(name, value));
  if (operator.domain) proto.string(7, operator.domain);
  return proto;
}

function identityProto(from: string, to: string): Message {
  return new Message().string(1, from).string(2, to).string(4, 'Identity');
}

/** AttributeProto: 2 f, 3 i, 4 s, 8 ints, 20 type (1 FLOAT, 2 INT, 3 STRING, 7 INTS). */
function attributeProto(name: string, value: AttributeValue): Message {
  const proto = new Message().string(1, name);
  if (typeof value === 'number') return proto.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return proto.string(4, value).integer(20, 3);
  if ('float' in value) return proto.float(2, value.float).integer(20, 1);
  for (const element of value) proto.integer(8, element);
  return proto.integer(20, 7);
}

function tensorProto(name: string, { type, shape }: TensorType, bytes: Uint8Array): Message {
  const proto = new Message();
  for (const dimension of shape) proto.integer(1, dimension as number);
  return proto.integer(2, onnxDataTypes[type]).string(8, name).bytes(9, bytes);
}

function valueInfo(name: string, { type, shape }: TensorType): Message {
  const dimensions = new Message();
  for (const dimension of shape) {
    const proto = new Message();
    dimensions.message(
      1,
      typeof dimension === 'number' ? proto.integer(1, dimension) : proto.string(2, dimension),
    );
  }
  const tensorType = new Message().integer(1, onnxDataTypes[type]).message(2, dimensions);
  return new Message().string(1, name).message(2, new Message().message(1, tensorType));
}
