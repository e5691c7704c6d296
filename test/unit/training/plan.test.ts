/** What a plan reckons an update with, and what it tries out. */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createTrainingState } from '../../../models/training/createState';
import { planRun, type RunPlan } from '../../../models/training/plan/planRun';
import { measureStep } from '../../../models/training/plan/measureStep';
import { defaultSettings, type RunSettings } from '../../../models/training/runSettings';
import { presetConfig } from '../../../models/transformer/config';
import { UserError } from '../../../models/userError';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, writePairs } from './digitStrings';

vi.mock('../../../models/training/plan/measureStep', () => ({
  measureStep: vi.fn(() => Promise.resolve({ seconds: 1, ofThisModel: true })),
}));

vi.mock('../../../models/training/createState', async (original) => ({
  ...(await original<object>()),
  createTrainingState: vi.fn(() => Promise.reject(new Error('Nothing is built here.'))),
}));

const inFolder = temporaryFolder('plan');
let bundle: Bundle;
beforeAll(async () => (bundle = await buildBundle('cli', './models/data/process/main.ts')));
afterAll(() => bundle.remove());

const small = {
  preset: 'tiny' as const,
  vocabularySize: 305,
  heldOut: 10,
  batchTokens: 200,
  accumulate: 2,
  peakLearningRate: 1e-3,
};

function plan(file: string, changed: Partial<RunSettings> = {}): Promise<RunPlan> {
  return planRun(
    inFolder('run'),
    { ...defaultSettings, ...small, corpora: [file], from: 'en', to: 'de', ...changed },
    { threads: 1, keepCheckpoints: 1 },
    { corpusProcess: bundle.modulePath, onProgress: () => undefined },
  );
}

it('measures an update with the target tokens that its batches have, and not with those that would fit', async () => {
  const file = inFolder('pairs.en-de.tsv');
  // Targets of one digit, sources of ten.
  const pairs = digitStrings(2000, 1).map((text) => `${text} ${text}\t${text.slice(0, 1)}\n`);
  await writeFile(file, pairs.join(''));
  const { targetTokensPerEpoch, stepsPerEpoch } = await plan(file, { maximumLengthRatio: 1000 });
  const { targetTokens } = vi.mocked(measureStep).mock.calls[0]![0];
  expect(targetTokens / (targetTokensPerEpoch / stepsPerEpoch)).toBeCloseTo(1, 1);
  expect(targetTokens).toBeLessThan((small.batchTokens * small.accumulate) / 2);
});

it('says as a training would that all pairs are too long', async () => {
  const file = inFolder('long.en-de.tsv');
  await writePairs(file, digitStrings(50, 2));
  const planning = plan(file, { longest: 1 });
  await expect(planning).rejects.toThrow(UserError);
  await expect(planning).rejects.toThrow(
    /^None of the \d\d pairs to train on has at most 1 tokens on both sides: allow more with --longest\.$/,
  );
});

it.each(['float32', 'mixed'] as const)(
  'tries a step in %s where the run computes in it',
  async (precision) => {
    const real = await vi.importActual<{ measureStep: typeof measureStep }>(
      '../../../models/training/plan/measureStep',
    );
    const transformer = presetConfig('tiny', small.vocabularySize);
    const step = {
      transformer,
      settings: { ...defaultSettings, precision },
      lengths: { source: 10, target: 10 },
      targetTokens: 200,
      threads: 1,
      device: 'cpu' as const,
      freeMemory: Infinity,
    };
    await expect(real.measureStep(step, undefined, () => undefined)).rejects.toThrow(
      'Nothing is built here.',
    );
    expect(vi.mocked(createTrainingState).mock.lastCall![2]).toMatchObject({ precision });
  },
);
