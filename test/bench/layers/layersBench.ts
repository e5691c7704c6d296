/**
 * `npm run bench -- layers`: Table 1 of the paper, measured. What one layer of each kind takes, forward and forward with
 * backward, over lengths and widths; beside it what its formula says, which leaves one factor open that is taken from one
 * point. Processor time on one thread. Tables for people; `--json` prints one line instead.
 */
import { parseArgs } from 'node:util';
import { randomWords, normals } from '../../../models/data/random';
import { gradients } from '../../../models/graph/gradients';
import * as graph from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { input, type Tensor } from '../../../models/graph/tensor';
import { ort, Session, type Feeds } from '../../../models/runtime/session';
import { initialWeights } from '../../../models/training/initialise';
import { ParameterInputs } from '../../../models/transformer/parameters';
import { longestChain, paperLayers, type LayerSizes, type PaperLayer } from './paperLayers';
import { tablesOf } from './layersTable';

export interface Measured {
  readonly length: number;
  readonly width: number;
  /** Milliseconds of the processor; absent where it was not measured. */
  readonly forward?: number;
  readonly both?: number;
  /** What the formula says, in the same milliseconds. */
  readonly predictedForward?: number;
  readonly predictedBoth?: number;
}

export interface LayerReport {
  readonly name: string;
  readonly complexity: string;
  readonly sequential: string;
  readonly path: string;
  /** By length, counted in the graph forward; none where the steps are hidden in an operator. */
  readonly longestChain: Readonly<Record<number, number>>;
  /** By length, as the formula says. */
  readonly longestPath: Readonly<Record<number, number>>;
  readonly measured: readonly Measured[];
}

export interface LayersReport {
  readonly batch: number;
  readonly kernel: number;
  readonly neighbourhood: number;
  readonly threads: number;
  readonly layers: readonly LayerReport[];
}

/** Where the factor of a formula is taken from, or the nearest below that there is. */
const fitted = { length: 256, width: 256 };

interface Plan {
  readonly lengths: readonly number[];
  readonly widths: readonly number[];
  /** Runs are repeated for so long, and at least thrice. */
  readonly millisecondsEach: number;
  /** Unrolled sequences end earlier. */
  readonly longestUnrolled: number;
}

const whole: Plan = {
  lengths: [16, 32, 64, 128, 256, 512, 1024, 2048],
  widths: [64, 128, 256, 512],
  millisecondsEach: 300,
  longestUnrolled: 256,
};
const quick: Plan = {
  lengths: [16, 64, 256, 1024],
  widths: [64, 256],
  millisecondsEach: 60,
  longestUnrolled: 64,
};

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The median processor time of a run, milliseconds; the first one lays out memory. */
async function timeOf(outputs: Record<string, Tensor>, feeds: Feeds, milliseconds: number): Promise<number> {
  const program = buildProgram('layer', outputs);
  const session = await Session.create(program, { threads: 1 });
  const needed = Object.fromEntries(Object.keys(program.inputs).map((name) => [name, feeds[name]!]));
  await session.run(needed);
  const times: number[] = [];
  for (let spent = 0; spent < milliseconds || times.length < 3; spent += times.at(-1)!) {
    const before = processorMs();
    await session.run(needed);
    times.push(processorMs() - before);
  }
  await session.dispose();
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

function normalTensor(shape: readonly number[], seed: number): ort.Tensor {
  const normal = normals(randomWords(seed, 0));
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, normal);
  return new ort.Tensor('float32', values, shape);
}

/** Forward alone; forward and backward with respect to the sequence and all weights. */
async function measure(layer: PaperLayer, sizes: LayerSizes, plan: Plan): Promise<Measured> {
  const { batch, length, width } = sizes;
  const shape = [batch, length, width];
  const x = input('x', 'float32', shape);
  const parameters = new ParameterInputs();
  const y = layer.build(x, parameters, sizes);
  const feeds: Record<string, ort.Tensor> = { x: normalTensor(shape, 1), slope: normalTensor(shape, 2) };
  for (const [name, values] of initialWeights(parameters.shapes, 3)) {
    const { shape: dimensions } = parameters.shapes.find((known) => known.name === name)!;
    feeds[name] = new ort.Tensor('float32', values, dimensions);
  }
  const forward = await timeOf({ y }, feeds, plan.millisecondsEach / 3);
  if (layer.forwardOnly) return { length, width, forward };

  const loss = graph.reduceSum(graph.multiply(y, input('slope', 'float32', shape)), [0, 1, 2]);
  const outputs: Record<string, Tensor> = { y };
  gradients(loss, [x, ...parameters.tensors.values()]).forEach((gradient, index) => {
    outputs[`gradient${index}`] = gradient;
  });
  return { length, width, forward, both: await timeOf(outputs, feeds, plan.millisecondsEach) };
}

/** Fills in what the formula says, given what was measured at one point. */
function predict(
  layer: PaperLayer,
  measured: readonly Measured[],
  sizesAt: (one: Measured) => LayerSizes,
): Measured[] {
  const operations = (one: Measured): number => layer.operations(sizesAt(one));
  const factorOf = (time: 'forward' | 'both'): number | undefined => {
    const known = measured.filter(({ length, width, [time]: value }) => {
      return length <= fitted.length && width <= fitted.width && value !== undefined;
    });
    const point = known.toSorted((a, b) => a.width - b.width || a.length - b.length).at(-1);
    return point && point[time]! / operations(point);
  };
  const [forward, both] = [factorOf('forward'), factorOf('both')];
  return measured.map((one) => ({
    ...one,
    ...(forward !== undefined && { predictedForward: forward * operations(one) }),
    ...(both !== undefined && { predictedBoth: both * operations(one) }),
  }));
}

async function report(layer: PaperLayer, base: Omit<LayerSizes, 'length' | 'width'>, plan: Plan) {
  const measured: Measured[] = [];
  const chains: Record<number, number> = {};
  const paths: Record<number, number> = {};
  const longest = layer.longest ? plan.longestUnrolled : Infinity;
  for (const length of plan.lengths) {
    const sizes = { ...base, length, width: plan.widths[0]! };
    paths[length] = layer.longestPath(sizes);
    if (!layer.forwardOnly && length <= (layer.longest ?? Infinity)) {
      const x = input('x', 'float32', [sizes.batch, length, sizes.width]);
      chains[length] = longestChain(layer.build(x, new ParameterInputs(), sizes));
    }
    if (length > longest) continue;
    for (const width of plan.widths) measured.push(await measure(layer, { ...base, length, width }, plan));
    process.stderr.write('.');
  }
  return {
    name: layer.name,
    complexity: layer.complexity,
    sequential: layer.sequential,
    path: layer.path,
    longestChain: chains,
    longestPath: paths,
    measured: predict(layer, measured, ({ length, width }) => ({ ...base, length, width })),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Fewer lengths and widths, in less than a minute. */
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      batch: { type: 'string', default: '1' },
      kernel: { type: 'string', default: '3' },
      /** Even, and a divisor of the shortest length. */
      neighbourhood: { type: 'string', default: '16' },
    },
  });
  const base = {
    batch: Number(values.batch),
    kernel: Number(values.kernel),
    neighbourhood: Number(values.neighbourhood),
  };
  const plan = values.quick ? quick : whole;
  const layers: LayerReport[] = [];
  for (const layer of paperLayers) layers.push(await report(layer, base, plan));
  process.stderr.write('\n');
  const result: LayersReport = { ...base, threads: 1, layers };
  if (!values.json) process.stderr.write(`${tablesOf(result)}\n`);
  const line = JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  process.stdout.write(`${line}\n`);
}

void main();
