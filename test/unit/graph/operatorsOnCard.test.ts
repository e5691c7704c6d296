/**
 * Every operator and its gradient on a graphics card, with one in software: the same numbers as the processor's, and
 * computed by the card.
 */
import { missing } from '../training/softwareCard';
import { describe, expect, it } from 'vitest';
import * as graph from '../../../models/graph/operators';
import { operators, type OperatorName } from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { input, type Tensor } from '../../../models/graph/tensor';
import { type ort, Session, type Device } from '../../../models/runtime/session';
import { erfCases, gradientCases, withoutGradient } from './gradientCases';
import { gradientGraph, relativeError, type GradientCase } from './numericalGradient';
import { profiledNodes } from '../profiledNodes';
import { temporaryFolder } from '../temporaryFolder';
import { fed, numbers } from './run';

const inFolder = temporaryFolder('operators');

/** Cards have no kernels for bytes: programs made for them multiply otherwise (programs.ts). */
const ofProcessor: readonly OperatorName[] = ['quantiseRows', 'integerMatmul'];
const names = (Object.keys(operators) as OperatorName[]).filter((name) => !ofProcessor.includes(name));

/** Of an element: float32 in another order differs by less, a wrong kernel by far more. */
const usualDifference = 1e-5;

/** Vulkan lets sines and cosines be wrong by 2⁻¹¹, and this driver is by less. */
const mostDifference: Partial<Record<OperatorName, number>> = { sin: 2 ** -11, cos: 2 ** -11 };

interface Runnable {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly feeds: Readonly<Record<string, ort.Tensor>>;
}

/** A card has no float64, which the usual cases of `cast` come from and go to. */
const casts: readonly GradientCase[] = [
  {
    shapes: [['a', 'b']],
    sizes: { a: 2, b: 3 },
    build: (x) => graph.multiply(x, graph.cast(graph.cast(x, 'int32'), 'float32')),
  },
  {
    shapes: [[5]],
    build: (x) => graph.multiply(x, graph.cast(graph.greater(x, graph.negate(x)), 'float32')),
  },
];

function casesOf(name: OperatorName): readonly GradientCase[] {
  if (name === 'cast') return casts;
  return name === 'erf' ? erfCases : gradientCases[name as keyof typeof gradientCases];
}

/** All cases of an operator as one program, since compiling kernels takes most of the time. */
function runnable(name: OperatorName): Runnable {
  if (name in withoutGradient) {
    const x = input('x', 'float32', ['a', 'b']);
    const result = withoutGradient[name as keyof typeof withoutGradient](x);
    return { outputs: { result }, feeds: { x: fed('float32', [2, 2], [-1, 0.5, 1, 2]) } };
  }
  const cases = casesOf(name);
  const outputs: Record<string, Tensor> = {};
  const feeds: Record<string, ort.Tensor> = {};
  for (const [index, one] of cases.entries()) {
    const made = gradientGraph(one, 'float32', `${index}.`);
    outputs[`${index}.result`] = made.result;
    made.gradients.forEach((gradient, place) => (outputs[`${index}.gradient${place}`] = gradient));
    Object.assign(feeds, made.feeds);
  }
  return { outputs, feeds };
}

async function compute(
  { outputs, feeds }: Runnable,
  device: Device,
  profile?: string,
): Promise<Record<string, ort.Tensor>> {
  const program = buildProgram('test', outputs);
  const session = await Session.create(program, { threads: 1, device, profile });
  const used = Object.fromEntries(Object.entries(feeds).filter(([name]) => name in program.inputs));
  const results = await session.run(used);
  if (profile !== undefined) session.endProfiling();
  await session.dispose();
  return results;
}

/** The largest difference between the results, relative to the larger of their elements. */
function apart(found: Record<string, ort.Tensor>, wanted: typeof found): number {
  return Math.max(
    ...Object.entries(wanted).map(([name, tensor]) =>
      String(tensor.dims) === String(found[name]!.dims)
        ? relativeError(numbers(found[name]!), numbers(tensor))
        : Infinity,
    ),
  );
}

/** What onnxruntime has no kernel for on a card, or leaves to the processor since it comes from a shape. */
const leftToProcessor: Partial<Record<OperatorName, readonly string[]>> = {
  logSoftmax: ['LogSoftmax'],
  shiftRight: ['BitShift'],
  reduceMean: ['Cast'],
  range: ['Cast'],
};

describe.skipIf(missing !== undefined)(`operators on a card${missing ? ` (${missing})` : ''}`, () => {
  it.each(names)('%s', async (name) => {
    const all = runnable(name);
    const wanted = await compute(all, 'cpu');
    const found = await compute(all, 'webgpu', inFolder(name));
    expect(apart(found, wanted)).toBeLessThan(mostDifference[name] ?? usualDifference);
    const nodes = await profiledNodes(inFolder(''), name);
    const left = nodes.filter(({ isOnCard, isOfModel }) => isOfModel && !isOnCard);
    expect([...new Set(left.map(({ operator }) => operator))]).toEqual(leftToProcessor[name] ?? []);
    if (name === 'logSoftmax' || name === 'shiftRight') return;
    const { onnxType } = operators[name];
    expect(nodes.some(({ operator, isOnCard }) => operator === onnxType && isOnCard)).toBe(true);
  });

  it('finds one number that is not right', async () => {
    const all = runnable('matmul');
    const wanted = await compute(all, 'cpu');
    const values = wanted['2.gradient1']!.data as Float32Array;
    const largest = values.reduce((most, value, index) => (value > values[most]! ? index : most), 0);
    values[largest]! *= 1 + 2 * usualDifference;
    expect(apart(await compute(all, 'webgpu'), wanted)).toBeGreaterThan(usualDifference);
  });
});
