/** A TrainingState in memory: each kind of value is one flat array, and tensors are views into it. */
import type { Batch } from '../data/batches';
import { ort, Session } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import { elementCount, type ParameterShape } from '../transformer/parameters';
import { batchFeeds, readLoss, scalar } from './batchFeeds';
import { adamDefaults, buildAdam, buildSquaredNorm } from './optimiser';
import { buildEvaluation, buildStep, gradientPrefix, type StepOptions } from './trainStep';
import {
  gradientScale,
  type BatchLoss,
  type NamedValues,
  type OptimiserStep,
  type TrainingState,
} from './trainingState';

/** Elements an optimiser run takes at once: four such arrays fit into a core's cache. */
const chunkSize = 1 << 18;

interface View {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly shape: readonly number[];
}

function layOut(parameters: readonly ParameterShape[]): View[] {
  let start = 0;
  return parameters.map(({ name, shape }) => {
    const view = { name, start, end: start + elementCount(shape), shape };
    start = view.end;
    return view;
  });
}

export class CpuTrainingState implements TrainingState {
  private readonly weights: Float32Array;
  private readonly gradients: Float32Array;
  private readonly first: Float32Array;
  private readonly second: Float32Array;
  private readonly weightFeeds: Record<string, ort.Tensor> = {};
  private readonly gradientOutputs: Record<string, ort.Tensor> = {};
  /** The sum over a batch's parts so far, while the next part's gradients are made; there from the second part on. */
  private sums: Float32Array | undefined;
  private evaluation: Session | undefined;

  private constructor(
    private readonly config: TransformerConfig,
    private readonly options: StepOptions,
    private readonly threads: number,
    private readonly views: readonly View[],
    private readonly step: Session,
    private readonly adam: Session<'newParameter' | 'newFirst' | 'newSecond'>,
    private readonly squaredNorm: Session<'sum'>,
  ) {
    const total = views.at(-1)!.end;
    this.weights = new Float32Array(total);
    this.gradients = new Float32Array(total);
    this.first = new Float32Array(total);
    this.second = new Float32Array(total);
    for (const { name, start, end, shape } of views) {
      this.weightFeeds[name] = new ort.Tensor('float32', this.weights.subarray(start, end), shape);
      this.gradientOutputs[gradientPrefix + name] = new ort.Tensor(
        'float32',
        this.gradients.subarray(start, end),
        shape,
      );
    }
  }

  /** All weights and moments zero: `writeWeights` comes next. `threads` 0 means one a physical core. */
  static async create(
    config: TransformerConfig,
    options: StepOptions,
    threads = 0,
  ): Promise<CpuTrainingState> {
    const { program, parameters } = buildStep(config, options);
    return new CpuTrainingState(
      config,
      options,
      threads,
      layOut(parameters),
      await Session.create(program, { threads }),
      await Session.create(buildAdam(adamDefaults), { threads }),
      await Session.create(buildSquaredNorm(), { threads }),
    );
  }

  async computeGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    const feeds: Record<string, ort.Tensor> = {
      ...this.weightFeeds,
      ...batchFeeds(batch),
      scale: scalar(scale),
    };
    if (Object.values(this.options.dropout).some((rate: number) => rate > 0)) {
      feeds['seed'] = new ort.Tensor('uint32', Uint32Array.of(seed), []);
    }
    return readLoss(await this.step.run(feeds, this.gradientOutputs));
  }

  async addGradients(batch: Batch, scale: number, seed: number): Promise<BatchLoss> {
    const { gradients } = this;
    this.sums ??= new Float32Array(gradients.length);
    this.sums.set(gradients);
    const loss = await this.computeGradients(batch, scale, seed);
    for (let i = 0; i < gradients.length; i++) gradients[i]! += this.sums[i]!;
    return loss;
  }

  async evaluate(batch: Batch): Promise<BatchLoss> {
    this.evaluation ??= await Session.create(buildEvaluation(this.config, this.options), {
      threads: this.threads,
    });
    return readLoss(await this.evaluation.run({ ...this.weightFeeds, ...batchFeeds(batch) }));
  }

  readGradients(): Promise<Float32Array> {
    return Promise.resolve(this.gradients.slice());
  }

  writeGradients(gradients: Float32Array): Promise<void> {
    const wanted = this.gradients.length;
    if (gradients.length !== wanted) {
      return Promise.reject(
        new Error(`There are ${gradients.length} gradients, where the model has ${wanted}.`),
      );
    }
    this.gradients.set(gradients);
    return Promise.resolve();
  }

  async applyGradients({
    step,
    learningRate,
    clipNorm,
    lossScale = 1,
  }: OptimiserStep): Promise<{ gradientNorm: number }> {
    let squared = 0;
    for (const chunk of this.chunks()) {
      const { sum } = await this.squaredNorm.run({ gradient: chunk(this.gradients) });
      squared += (sum.data as Float32Array)[0]!;
    }
    const gradientNorm = Math.sqrt(squared) / lossScale;
    if (!Number.isFinite(gradientNorm)) return { gradientNorm };
    const numbers = {
      gradientScale: scalar(gradientScale(gradientNorm, { clipNorm, lossScale })),
      firstCorrection: scalar(1 / (1 - adamDefaults.beta1 ** step)),
      secondCorrection: scalar(1 / (1 - adamDefaults.beta2 ** step)),
      learningRate: scalar(learningRate),
    };
    for (const chunk of this.chunks()) {
      const [parameter, first, second] = [chunk(this.weights), chunk(this.first), chunk(this.second)];
      await this.adam.run(
        { parameter, first, second, gradient: chunk(this.gradients), ...numbers },
        { newParameter: parameter, newFirst: first, newSecond: second },
      );
    }
    return { gradientNorm };
  }

  readWeights(): Promise<NamedValues> {
    return Promise.resolve(this.read(this.weights));
  }

  readMoments(): Promise<{ first: NamedValues; second: NamedValues }> {
    return Promise.resolve({ first: this.read(this.first), second: this.read(this.second) });
  }

  writeWeights(weights: ReadonlyMap<string, Float32Array>): Promise<void> {
    return this.write([[this.weights, weights]]);
  }

  writeMoments(
    first: ReadonlyMap<string, Float32Array>,
    second: ReadonlyMap<string, Float32Array>,
  ): Promise<void> {
    return this.write([
      [this.first, first],
      [this.second, second],
    ]);
  }

  async dispose(): Promise<void> {
    await this.step.dispose();
    await this.adam.dispose();
    await this.squaredNorm.dispose();
    await this.evaluation?.dispose();
  }

  /** Cuts of any of the flat arrays, the same for each. */
  private *chunks(): Generator<(values: Float32Array) => ort.Tensor> {
    for (let start = 0; start < this.weights.length; start += chunkSize) {
      yield (values) => {
        const part = values.subarray(start, Math.min(start + chunkSize, values.length));
        return new ort.Tensor('float32', part, [part.length]);
      };
    }
  }

  private read(values: Float32Array): NamedValues {
    return new Map(this.views.map(({ name, start, end }) => [name, values.slice(start, end)]));
  }

  /** Values that do not fit are refused before anything is written. */
  private write(
    pairs: readonly (readonly [into: Float32Array, values: ReadonlyMap<string, Float32Array>])[],
  ) {
    for (const [, values] of pairs) {
      for (const { name, start, end } of this.views) {
        const length = values.get(name)?.length;
        if (length === end - start) continue;
        return Promise.reject(
          new Error(
            `The weight “${name}” has ${length ?? 'no'} elements, where the model has ${end - start}.`,
          ),
        );
      }
    }
    for (const [into, values] of pairs) {
      for (const { name, start } of this.views) into.set(values.get(name)!, start);
    }
    return Promise.resolve();
  }
}
