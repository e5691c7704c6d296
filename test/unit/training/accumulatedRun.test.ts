/** Runs whose updates take several batches: resumed exactly, and what of older runs' settings still holds. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSettings, readModelChanges } from '../../../models/training/newSettings';
import { paperPeakLearningRate } from '../../../models/training/optimiser';
import {
  defaultSettings,
  modelOf,
  readSettings,
  writeSettings,
  type RunSettings,
} from '../../../models/training/runSettings';
import type { Progress } from '../../../models/training/trainer';
import { resumeRun, startRun, type LegOptions, type RunEvent } from '../../../models/training/trainingRun';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from './digitStrings';

const inFolder = temporaryFolder('accumulated');
let bundle: Bundle;
let leg: LegOptions;
let settings: RunSettings;

beforeAll(async () => {
  bundle = await buildBundle('cli', './models/data/process/main.ts');
  leg = { checkpointEvery: 1000, keepCheckpoints: 5, threads: 1, corpusProcess: bundle.modulePath };
  // Fewer than eight batches an epoch, so that epochs end in the middle of updates.
  await writePairs(inFolder('pairs.en-de.tsv'), digitStrings(130, 1));
  settings = {
    ...defaultSettings,
    corpora: [inFolder('pairs.en-de.tsv')],
    heldOut: 10,
    from: 'en',
    to: 'de',
    preset: 'tiny',
    modelConfig: { decoderLayers: 1, positions: 'learned' },
    vocabularySize: 305,
    batchTokens: 200,
    accumulate: 4,
    attentionDropout: 0.1,
    peakLearningRate: 3e-3,
    warmupSteps: 5,
  };
});
afterAll(() => bundle.remove());

async function stepsOf(run: (onEvent: (event: RunEvent) => void) => Promise<unknown>) {
  const steps: (Progress & { loss: number; gradientNorm: number })[] = [];
  await run((event) => {
    if (event.kind !== 'step') return;
    const { progress, loss, gradientNorm } = event.report;
    steps.push({ ...progress, seconds: 0, loss, gradientNorm });
  });
  return steps;
}

it('a run of four batches an update that was stopped takes the very same steps', async () => {
  const through = await stepsOf((onEvent) =>
    startRun(inFolder('through'), settings, { ...leg, steps: 4 }, onEvent),
  );
  const folder = inFolder('stopped');
  const legs = [
    await stepsOf((onEvent) => startRun(folder, settings, { ...leg, steps: 2 }, onEvent)),
    await stepsOf((onEvent) => resumeRun(folder, { ...leg, steps: 4 }, onEvent)),
  ];
  // An update that begins in one epoch and ends in the next is among them.
  expect(through.some(({ epoch, batch }) => epoch > 0 && batch < settings.accumulate)).toBe(true);
  expect(through.at(-1)!.epoch).toBeGreaterThan(0);
  expect(legs.flat()).toEqual(through);
  for (const file of ['model.safetensors', 'optimiser.safetensors']) {
    const [ours, theirs] = await Promise.all(
      [folder, inFolder('through')].map((run) => readFile(path.join(run, 'checkpoint-00000004', file))),
    );
    expect(ours!.equals(theirs!), file).toBe(true);
  }
  expect(await readSettings(folder)).toEqual(settings);
});

describe('settings', () => {
  it('of runs that knew neither accumulation nor variations mean none', async () => {
    await writeSettings(inFolder(), settings);
    const file = inFolder('run.json');
    const { accumulate, modelConfig, ...older } = JSON.parse(await readFile(file, 'utf8')) as RunSettings;
    expect([accumulate, modelConfig]).toEqual([4, settings.modelConfig]);
    await writeFile(file, JSON.stringify(older));
    expect(await readSettings(inFolder())).toEqual({ ...settings, accumulate: 1, modelConfig: {} });
  });

  it.each<[string, unknown, string]>([
    ['accumulate', 0, '“accumulate” must be a whole number of at least 1, not 0.'],
    ['modelConfig', 5, '“modelConfig” must be an object, not 5.'],
    ['modelConfig', { heads: 0 }, '“modelConfig”: “heads” must be a whole number from 1 to 256, not 0.'],
  ])('refuse %s %j', async (key, value, sentence) => {
    await writeSettings(inFolder(), { ...settings, [key]: value });
    await expect(readSettings(inFolder())).rejects.toThrow(sentence);
  });

  it('have a model that reaches as far as the longest pairs', () => {
    const learned = (maximumPositions: number) => ({
      ...settings,
      longest: 99,
      modelConfig: { positions: 'learned', maximumPositions } as const,
    });
    expect(modelOf(learned(100), 305)).toMatchObject({ maximumPositions: 100, vocabularySize: 305 });
    expect(() => modelOf(learned(99), 305)).toThrow(
      'Pairs of 99 tokens need 100 positions, and the model learns 99: choose a larger “maximumPositions”, or --longest 98.',
    );
    expect(() => modelOf({ ...learned(1), modelConfig: {} }, 305)).not.toThrow();
  });

  it('have the paper’s learning rate for the width that the model has', async () => {
    const rest = { ...settings, peakLearningRate: undefined, modelConfig: { dModel: 32 } };
    expect((await newSettings(rest)).peakLearningRate).toBe(paperPeakLearningRate(32, 5));
    expect((await newSettings({ ...rest, modelConfig: {} })).peakLearningRate).toBe(
      paperPeakLearningRate(64, 5),
    );
  });

  it('take changes to the model from a file', async () => {
    const file = inFolder('model.json');
    await writeFile(file, '{"heads": 2, "dKey": 8}');
    expect(await readModelChanges(file, 'tiny')).toEqual({ heads: 2, dKey: 8 });
    for (const [json, sentence] of [
      ['{"heads": 2, "heads": 3}', 'is no sound JSON'],
      ['{', 'is no sound JSON'],
      ['{"head": 2}', '“head” cannot be changed there'],
    ] as const) {
      await writeFile(file, json);
      await expect(readModelChanges(file, 'tiny')).rejects.toThrow(sentence);
      await expect(readModelChanges(file, 'tiny')).rejects.toThrow(file);
    }
    await expect(readModelChanges(inFolder('none.json'), 'tiny')).rejects.toThrow('none.json');
  });
});
