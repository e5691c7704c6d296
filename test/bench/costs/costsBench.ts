/**
 * `npm run bench -- costs`: how a training step's time and memory grow with the length of sentences, their number, and the
 * width, depth and vocabulary of the model, one at a time. Each point is a process of its own, since the largest memory of
 * a process never goes down. Processor time on one thread. A table for people, or `--json`; `--plot FILE.svg` draws it.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { flopsPerTargetToken } from '../../../models/training/metrics/flops';
import { presetConfig, type TransformerConfig } from '../../../models/transformer/config';
import { parameterCount } from '../../../models/transformer/model';
import { table, short } from '../layers/layersTable';
import { axisNames, plotOf } from './costsPlot';
import { measureStep, type StepSizes } from './measuredStep';

export type Axis = keyof StepSizes;

export interface Point {
  /** Of what is varied. */
  readonly value: number;
  readonly parameters: number;
  /** Of a step: the processor's. */
  readonly milliseconds: number;
  /** What the floating-point operations of the step would take at the speed of the middle point. */
  readonly predicted: number;
  /** At most, beyond what the process had before the model was made. */
  readonly mebibytes: number;
}

export interface CostsReport {
  readonly base: StepSizes;
  readonly threads: number;
  readonly axes: Readonly<Record<Axis, readonly Point[]>>;
}

const base: StepSizes = { length: 32, batch: 32, width: 128, depth: 2, vocabulary: 4000 };

const values: Readonly<Record<Axis, readonly number[]>> = {
  length: [8, 16, 32, 64, 128, 256],
  batch: [8, 16, 32, 64, 128, 256],
  width: [64, 128, 256, 512],
  depth: [1, 2, 4, 8],
  vocabulary: [1000, 2000, 4000, 8000, 16_000, 32_000],
};

const quickValues: typeof values = {
  length: [16, 32, 64, 128],
  batch: [16, 32, 64, 128],
  width: [64, 128, 256],
  depth: [1, 2, 4],
  vocabulary: [2000, 4000, 8000, 16_000],
};

/** Heads as wide as the paper's, 64, and inner layers four times as wide as the model. */
export function modelOf({ width, depth, vocabulary }: StepSizes): TransformerConfig {
  return presetConfig('small', vocabulary, {
    dModel: width,
    heads: Math.max(1, width / 64),
    dFf: 4 * width,
    encoderLayers: depth,
    decoderLayers: depth,
  });
}

function flopsOf(sizes: StepSizes): number {
  const lengths = { source: sizes.length, target: sizes.length };
  return flopsPerTargetToken(modelOf(sizes), lengths) * sizes.length * sizes.batch;
}

async function measureApart(
  sizes: StepSizes,
  threads: number,
  milliseconds: number,
): Promise<{ milliseconds: number; mebibytes: number }> {
  const task = JSON.stringify({ sizes, threads, milliseconds });
  const { stdout } = await promisify(execFile)(process.execPath, [process.argv[1]!, '--point', task]);
  return JSON.parse(stdout) as { milliseconds: number; mebibytes: number };
}

async function measureAll(isQuick: boolean, threads: number): Promise<CostsReport> {
  const measured = new Map<string, Promise<{ milliseconds: number; mebibytes: number }>>();
  const pointOf = (sizes: StepSizes): Promise<{ milliseconds: number; mebibytes: number }> => {
    const key = JSON.stringify(sizes);
    const known = measured.get(key) ?? measureApart(sizes, threads, isQuick ? 300 : 1500);
    measured.set(key, known);
    return known;
  };
  const middle = await pointOf(base);
  const axes: Partial<Record<Axis, Point[]>> = {};
  for (const [axis, list] of Object.entries(isQuick ? quickValues : values) as [Axis, number[]][]) {
    const points: Point[] = [];
    for (const value of list) {
      const sizes = { ...base, [axis]: value };
      const { milliseconds, mebibytes } = await pointOf(sizes);
      points.push({
        value,
        parameters: parameterCount(modelOf(sizes)),
        milliseconds,
        predicted: (middle.milliseconds * flopsOf(sizes)) / flopsOf(base),
        mebibytes,
      });
      process.stderr.write('.');
    }
    axes[axis] = points;
  }
  process.stderr.write('\n');
  return { base, threads, axes: axes as Record<Axis, Point[]> };
}

function tableOf({ base: middle, threads, axes }: CostsReport): string {
  const rows = Object.entries(axes).flatMap(([axis, points]) =>
    points.map(({ value, parameters, milliseconds, predicted, mebibytes }, index) => {
      const before = points[index - 1];
      const growth = (of: (point: Point) => number): string =>
        before ? `× ${short(of(points[index]!) / of(before))}` : '';
      return [
        `${axisNames[axis as Axis]}: ${value.toLocaleString('en')}`,
        `${(parameters / 1e6).toFixed(2)} M`,
        short(milliseconds),
        growth((point) => point.milliseconds),
        short(predicted),
        short(mebibytes),
        growth((point) => point.mebibytes),
      ];
    }),
  );
  const sizes = Object.entries(middle).map(([axis, value]) => `${axisNames[axis as Axis]}: ${value}`);
  return [
    `Steps with dropout, ${threads} thread(s). What is not varied: ${sizes.join(', ')}.`,
    table([['', 'weights', 'ms a step', 'growth', 'by operations', 'MiB at most', 'growth'], ...rows]),
  ].join('\n\n');
}

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      /** Fewer points, in less than a minute. */
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      threads: { type: 'string', default: '1' },
      /** Where to draw it, as SVG. */
      plot: { type: 'string' },
      /** Used by this program itself. */
      point: { type: 'string' },
    },
  });
  if (options.point !== undefined) {
    const task = JSON.parse(options.point) as { sizes: StepSizes; threads: number; milliseconds: number };
    const point = await measureStep(modelOf(task.sizes), task.sizes, task.threads, task.milliseconds);
    process.stdout.write(JSON.stringify(point));
    return;
  }
  const report = await measureAll(options.quick, Number(options.threads));
  if (!options.json) process.stderr.write(`${tableOf(report)}\n`);
  if (options.plot !== undefined) await writeFile(path.resolve(options.plot), plotOf(report));
  const line = JSON.stringify(report, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  process.stdout.write(`${line}\n`);
}

void main();
