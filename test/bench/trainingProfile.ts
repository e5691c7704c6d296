/**
 * `npm run bench -- training --profile`: where the time of a training step goes, by class of operator, from
 * onnxruntime's own profile; and how far the matrix products are from the fastest that this machine has shown. One line of
 * JSON, with the same as a table for people.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as graph from '../../models/graph/operators';
import { buildProgram } from '../../models/graph/program';
import { input } from '../../models/graph/tensor';
import { ort, Session } from '../../models/runtime/session';
import { trainSteps } from '../../models/training/trainer';
import { openRun } from './benchRun';
import { readProfile, type Profiled } from './profileEvents';
import { profileSessions } from './profileSessions';

const warmUps = 2;
const profiledSteps = 5;

/** Products [rows, inner] · [inner, columns] that a machine may be at its best with: those that outgrow caches are slower. */
const peakShapes = [
  [512, 512, 512],
  [1536, 1536, 1536],
  [2500, 256, 256],
  [2500, 256, 1024],
] as const;

/** Billions of operations a second of float32 products alone: the best that several shapes come to. */
async function measurePeak(threads: number): Promise<number> {
  const a = input('a', 'float32', ['rows', 'inner']);
  const b = input('b', 'float32', ['inner', 'columns']);
  const session = await Session.create(buildProgram('product', { c: graph.matmul(a, b) }), { threads });
  const matrix = (rows: number, columns: number): ort.Tensor =>
    new ort.Tensor('float32', Float32Array.from({ length: rows * columns }, Math.random), [rows, columns]);
  let peak = 0;
  for (const [rows, inner, columns] of peakShapes) {
    const feeds = { a: matrix(rows, inner), b: matrix(inner, columns) };
    const into = { c: matrix(rows, columns) };
    for (let pass = 0; pass < 12; pass++) {
      const begun = performance.now();
      await session.run(feeds, into);
      peak = Math.max(peak, (2 * rows * inner * columns) / (performance.now() - begun) / 1e6);
    }
  }
  await session.dispose();
  return peak;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { run: { type: 'string' }, threads: { type: 'string' }, folder: { type: 'string' } },
  });
  const threads = Number(values.threads);
  const peak = await measurePeak(threads);
  const endProfiles = profileSessions(values.folder!);
  const { state, batches, options, progress, config } = await openRun(path.resolve(values.run!), threads);
  const steps = trainSteps(state, batches, options, progress);
  let wall = 0;
  let tokens = 0;
  for (let step = 0; step < warmUps + profiledSteps; step++) {
    const { value } = await steps.next();
    if (step < warmUps) continue;
    wall += value.milliseconds;
    tokens += value.targetTokens;
  }
  endProfiles();
  const profiled = await readProfiles(values.folder!, config.vocabularySize);
  const classes = summarise(profiled, wall / profiledSteps, peak);
  const result = {
    sgemmPeakGflops: round(peak),
    millisecondsAStep: round(wall / profiledSteps),
    targetTokensAStep: Math.round(tokens / profiledSteps),
    classes,
  };
  process.stdout.write(`${JSON.stringify({ table: tableOf(result), ...result })}\n`);
}

/** What was profiled after the steps that only lay out memory. */
async function readProfiles(folder: string, vocabularySize: number): Promise<Profiled[]> {
  const files = (await readdir(folder)).filter((name) => /^session\d+.*\.json$/.test(name));
  const all: Profiled[] = [];
  for (const file of files) {
    // The first session is the step's, as CpuTrainingState makes them; the others are the optimiser's.
    const isStep = file.startsWith('session0');
    const text = await readFile(path.join(folder, file), 'utf8');
    all.push(...readProfile(text, { isStep, vocabularySize, steps: warmUps + profiledSteps, warmUps }));
  }
  return all;
}

interface ClassLine {
  readonly class: string;
  readonly milliseconds: number;
  /** Of the step. */
  readonly share: number;
  readonly gflops?: number;
  readonly shareOfPeak?: number;
}

function summarise(profiled: readonly Profiled[], wall: number, peak: number): ClassLine[] {
  const sums = new Map<string, { milliseconds: number; operations: number }>();
  for (const { kind, microseconds, operations } of profiled) {
    const sum = sums.get(kind) ?? { milliseconds: 0, operations: 0 };
    sum.milliseconds += microseconds / 1000 / profiledSteps;
    sum.operations += operations / profiledSteps;
    sums.set(kind, sum);
  }
  const products = [...sums].filter(([, { operations }]) => operations > 0).map(([, sum]) => sum);
  const add = (name: 'milliseconds' | 'operations', of: Iterable<Record<typeof name, number>>): number =>
    [...of].reduce((sum, one) => sum + one[name], 0);
  const line = (name: string, milliseconds: number, operations = 0): ClassLine => {
    const gflops = operations / milliseconds / 1e6;
    const speed = { gflops: round(gflops), shareOfPeak: round(gflops / peak) };
    return {
      class: name,
      milliseconds: round(milliseconds),
      share: round(milliseconds / wall),
      ...(operations > 0 && speed),
    };
  };
  const lines = [...sums]
    .map(([kind, { milliseconds, operations }]) => line(kind, milliseconds, operations))
    .sort((a, b) => b.milliseconds - a.milliseconds);
  return [
    line('all matrix products', add('milliseconds', products), add('operations', products)),
    ...lines,
    line('outside of operators', wall - add('milliseconds', sums.values())),
  ];
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function tableOf(result: {
  sgemmPeakGflops: number;
  millisecondsAStep: number;
  classes: readonly ClassLine[];
}): string {
  const rows = result.classes.map(({ class: name, milliseconds, share, gflops, shareOfPeak }) =>
    [
      name,
      String(milliseconds),
      percent(share),
      gflops === undefined ? '' : String(gflops),
      shareOfPeak === undefined ? '' : percent(shareOfPeak),
    ].join(' | '),
  );
  return [
    `A step takes ${result.millisecondsAStep} ms; a product alone reaches ${result.sgemmPeakGflops} GFLOP/s.`,
    '',
    '| class | ms a step | of the step | GFLOP/s | of the peak |',
    '| ----- | --------- | ----------- | ------- | ----------- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

void main();
