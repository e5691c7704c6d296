/**
 * A TrainingState in a graphics card's memory: weights, gradients and moments stay there from step to step, and only
 * losses and norms come back. A buffer of the card cannot be written over: each run hands out new ones, and the old ones
 * are given back.
 */
import type { Batch } from '../data/batches';
import * as graph from '../graph/operators';
import { buildProgram, type Program } from '../graph/program';
import { input, type Tensor } from '../graph/tensor';
import { ort, Session, type Feeds } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import { elementCount, type ParameterShape } from '../transformer/parameters';
import { batchFeeds, readLoss, scalar } from './batchFeeds';
import { adamDefaults, adamUpdate, type AdamNumbers } from './optimiser';
import { buildEvaluation, buildStep, gradientPrefix, type StepOptions } from './trainStep';
import {
  gradientScale,
  type BatchLoss,
  type NamedValues,
  type OptimiserStep,
  type TrainingState,
} from './trainingState';

/** Tensors of the card by parameter. */
type Buffers = Map<string, ort.Tensor>;

const kinds = ['parameter', 'gradient', 'first', 'second'] as const;
type Kind = (typeof kinds)[number];

const named = (kind: Kind | 'sum' | 'copy', name: string): string => `${kind}:${name}`;

/** Every parameter's update in one program; see `adamUpdate`. */
function buildUpdate(parameters: readonly ParameterShape[]): Program {
  const number = (name: string): Tensor => input(name, 'float32', []);
  const numbers: AdamNumbers = {
    gradientScale: number('gradientScale'),
    firstCorrection: number('firstCorrection'),
    secondCorrection: number('secondCorrection'),
    learningRate: number('learningRate'),
  };
  const outputs: Record<string, Tensor> = {};
  for (const { name, shape } of parameters) {
    const [parameter, gradient, first, second] = kinds.map((kind) =>
      input(named(kind, name), 'float32', shape),
    );
    const updated = adamUpdate(
      { parameter: parameter!, gradient: gradient!, first: first!, second: second! },
      numbers,
    );
    outputs[`new:${named('parameter', name)}`] = updated.newParameter;
    outputs[`new:${named('first', name)}`] = updated.newFirst;
    outputs[`new:${named('second', name)}`] = updated.newSecond;
  }
  return buildProgram('update', outputs);
}

/** Σ g² of each gradient, for the processor to add up. */
function buildSquaredNorms(parameters: readonly ParameterShape[]): Program {
  const sums = parameters.map(({ name, shape }): [string, Tensor] => {
    const gradient = input(named('gradient', name), 'float32', shape);
    const axes = shape.map((_, axis) => axis);
    return [named('sum', name), graph.reduceSum(graph.multiply(gradient, gradient), axes)];
  });
  return buildProgram('squaredNorms', Object.fromEntries(sums));
}

/** The gradients of two parts of a batch, added up. */
function buildSum(parameters: readonly ParameterShape[]): Program {
  const sums = parameters.map(({ name, shape }): [string, Tensor] => [
    named('copy', name),
    graph.add(input(named('gradient', name), 'float32', shape), input(named('sum', name), 'float32', shape)),
  ]);
  return buildProgram('sum', Object.fromEntries(sums));
}

/** The same values, in other memory. */
function buildCopy(parameters: readonly ParameterShape[]): Program {
  const copies = parameters.map(({ name, shape }): [string, Tensor] => [
    named('copy', name),
    input(named('parameter', name), 'float32', shape),
  ]);
  return buildProgram('copy', Object.fromEntries(copies));
}

interface Sessions {
  readonly step: Session;
  readonly update: Session;
  readonly squaredNorms: Session;
  /** Into the card's memory, and out of it. */
  readonly upload: Session;
  readonly download: Session;
}

export class GpuTrainingState implements TrainingState {
  #weights: Buffers = new Map();
  #gradients: Buffers = new Map();
  #first: Buffers = new Map();
  #second: Buffers = new Map();
  #evaluation: Session | undefined;
  #sum: Session | undefined;

  private constructor(
    private readonly config: TransformerConfig,
    private readonly options: StepOptions,
    private readonly parameters: readonly ParameterShape[],
    private readonly sessions: Sessions,
  ) {}

  /**
   * All weights and moments zero: `writeWeights` comes next.
   *
   * @throws Error where there is no such device, or it cannot compute a step alone
   */
  static async create(config: TransformerConfig, options: StepOptions): Promise<GpuTrainingState> {
    const { program, parameters } = buildStep(config, options, 'webgpu');
    const names = parameters.map(({ name }) => name);
    const [update, copy] = [buildUpdate(parameters), buildCopy(parameters)];
    const sessions = {
      step: await createSession(
        program,
        names.map((name) => gradientPrefix + name),
      ),
      update: await createSession(update, Object.keys(update.outputs)),
      squaredNorms: await createSession(buildSquaredNorms(parameters)),
      upload: await createSession(copy, Object.keys(copy.outputs)),
      download: await createSession(copy),
    };
    const state = new GpuTrainingState(config, options, parameters, sessions);
    const zeros = new Map(parameters.map(({ name, shape }) => [name, new Float32Array(elementCount(shape))]));
    state.#weights = await state.upload(zeros);
    state.#gradients = await state.upload(zeros);
    await state.writeMoments(zeros, zeros);
    return state;
  }

  async computeGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    const { gradients, loss } = await this.gradientsOf(batch, scale, seed);
    this.#gradients = replace(this.#gradients, gradients);
    return loss;
  }

  async addGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    const { parameters } = this;
    const program = (): Program => buildSum(parameters);
    this.#sum ??= await createSession(
      program(),
      parameters.map(({ name }) => named('copy', name)),
    );
    const { gradients, loss } = await this.gradientsOf(batch, scale, seed);
    const outputs = await this.#sum.run({
      ...feedsOf('gradient', this.#gradients),
      ...Object.fromEntries([...gradients].map(([name, tensor]) => [named('sum', name), tensor])),
    });
    replace(gradients, new Map());
    this.#gradients = replace(
      this.#gradients,
      this.taken(outputs, (name) => named('copy', name)),
    );
    return loss;
  }

  async evaluate(batch: Batch): Promise<BatchLoss> {
    this.#evaluation ??= await createSession(buildEvaluation(this.config, this.options));
    return readLoss(
      await this.#evaluation.run({ ...Object.fromEntries(this.#weights), ...batchFeeds(batch) }),
    );
  }

  async readGradients(): Promise<Float32Array> {
    const gradients = await this.download(this.#gradients);
    const all = new Float32Array(this.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0));
    let start = 0;
    for (const { name } of this.parameters) {
      const values = gradients.get(name)!;
      all.set(values, start);
      start += values.length;
    }
    return all;
  }

  async writeGradients(gradients: Float32Array): Promise<void> {
    const wanted = this.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    if (gradients.length !== wanted)
      throw new Error(`There are ${gradients.length} gradients, where the model has ${wanted}.`);
    let start = 0;
    const values = new Map<string, Float32Array>();
    for (const { name, shape } of this.parameters) {
      const end = start + elementCount(shape);
      values.set(name, gradients.subarray(start, end));
      start = end;
    }
    this.#gradients = replace(this.#gradients, await this.upload(values));
  }

  async applyGradients({
    step,
    learningRate,
    clipNorm,
    lossScale = 1,
  }: OptimiserStep): Promise<{ gradientNorm: number }> {
    const sums = await this.sessions.squaredNorms.run(feedsOf('gradient', this.#gradients));
    const squared = Object.values(sums).reduce((sum, { data }) => sum + (data as Float32Array)[0]!, 0);
    const gradientNorm = Math.sqrt(squared) / lossScale;
    if (!Number.isFinite(gradientNorm)) return { gradientNorm };
    const outputs = await this.sessions.update.run({
      ...feedsOf('parameter', this.#weights),
      ...feedsOf('gradient', this.#gradients),
      ...feedsOf('first', this.#first),
      ...feedsOf('second', this.#second),
      gradientScale: scalar(gradientScale(gradientNorm, { clipNorm, lossScale })),
      firstCorrection: scalar(1 / (1 - adamDefaults.beta1 ** step)),
      secondCorrection: scalar(1 / (1 - adamDefaults.beta2 ** step)),
      learningRate: scalar(learningRate),
    });
    const next = (kind: Kind): Buffers => this.taken(outputs, (name) => `new:${named(kind, name)}`);
    this.#weights = replace(this.#weights, next('parameter'));
    this.#first = replace(this.#first, next('first'));
    this.#second = replace(this.#second, next('second'));
    return { gradientNorm };
  }

  readWeights(): Promise<NamedValues> {
    return this.download(this.#weights);
  }

  async readMoments(): Promise<{ first: NamedValues; second: NamedValues }> {
    return { first: await this.download(this.#first), second: await this.download(this.#second) };
  }

  async writeWeights(weights: ReadonlyMap<string, Float32Array>): Promise<void> {
    this.#weights = replace(this.#weights, await this.upload(weights));
  }

  async writeMoments(
    first: ReadonlyMap<string, Float32Array>,
    second: ReadonlyMap<string, Float32Array>,
  ): Promise<void> {
    this.check(second);
    this.#first = replace(this.#first, await this.upload(first));
    this.#second = replace(this.#second, await this.upload(second));
  }

  async dispose(): Promise<void> {
    for (const buffers of [this.#weights, this.#gradients, this.#first, this.#second])
      replace(buffers, new Map());
    const { step, update, squaredNorms, upload, download } = this.sessions;
    for (const session of [step, update, squaredNorms, upload, download]) await session.dispose();
    await this.#evaluation?.dispose();
    await this.#sum?.dispose();
  }

  private async gradientsOf(
    batch: Batch,
    scale: number,
    seed: number,
  ): Promise<{ gradients: Buffers; loss: BatchLoss }> {
    const feeds: Record<string, ort.Tensor> = {
      ...Object.fromEntries(this.#weights),
      ...batchFeeds(batch),
      scale: scalar(scale),
    };
    if (Object.values(this.options.dropout).some((rate: number) => rate > 0))
      feeds['seed'] = new ort.Tensor('uint32', Uint32Array.of(seed), []);
    const outputs = await this.sessions.step.run(feeds);
    return { gradients: this.taken(outputs, (name) => gradientPrefix + name), loss: readLoss(outputs) };
  }

  private taken(outputs: Readonly<Record<string, ort.Tensor>>, outputOf: (name: string) => string): Buffers {
    return new Map(this.parameters.map(({ name }) => [name, outputs[outputOf(name)]!]));
  }

  /** Values that do not fit are refused before anything is written. */
  private check(values: ReadonlyMap<string, Float32Array>): void {
    for (const { name, shape } of this.parameters) {
      const [length, wanted] = [values.get(name)?.length, elementCount(shape)];
      if (length !== wanted)
        throw new Error(
          `The weight “${name}” has ${length ?? 'no'} elements, where the model has ${wanted}.`,
        );
    }
  }

  private async upload(values: ReadonlyMap<string, Float32Array>): Promise<Buffers> {
    this.check(values);
    const feeds = this.parameters.map(({ name, shape }) => [
      named('parameter', name),
      new ort.Tensor('float32', values.get(name)!, shape),
    ]);
    const outputs = await this.sessions.upload.run(Object.fromEntries(feeds) as Feeds);
    return this.taken(outputs, (name) => named('copy', name));
  }

  /** Through a program, since a buffer that is read by itself ends the process. */
  private async download(buffers: Buffers): Promise<NamedValues> {
    const outputs = await this.sessions.download.run(feedsOf('parameter', buffers));
    return new Map(
      this.parameters.map(({ name }) => [name, (outputs[named('copy', name)]!.data as Float32Array).slice()]),
    );
  }
}

function createSession(program: Program, onDevice: readonly string[] = []): Promise<Session> {
  return Session.create(program, { device: 'webgpu', onDevice });
}

function feedsOf(kind: Kind, buffers: Buffers): Feeds {
  return Object.fromEntries([...buffers].map(([name, tensor]) => [named(kind, name), tensor]));
}

/** Gives the card's memory back that held the old ones. */
function replace(old: Buffers, by: Buffers): Buffers {
  for (const tensor of old.values()) tensor.dispose();
  return by;
}
