/** What a plan reckons an update with, where one side of the pairs is longer than the other. */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { planRun } from '../../../models/training/plan/planRun';
import { measureStep } from '../../../models/training/plan/measureStep';
import { defaultSettings } from '../../../models/training/runSettings';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings } from './digitStrings';

vi.mock('../../../models/training/plan/measureStep', () => ({
  measureStep: vi.fn(() => Promise.resolve({ seconds: 1, ofThisModel: true })),
}));

const inFolder = temporaryFolder('plan');
let bundle: Bundle;
beforeAll(async () => (bundle = await buildBundle('cli', './models/data/process/main.ts')));
afterAll(() => bundle.remove());

it('measures an update with the target tokens that its batches have, and not with those that would fit', async () => {
  const file = inFolder('pairs.en-de.tsv');
  // Targets of one digit, sources of ten.
  const pairs = digitStrings(2000, 1).map((text) => `${text} ${text}\t${text.slice(0, 1)}\n`);
  await writeFile(file, pairs.join(''));
  const settings = { ...defaultSettings, corpora: [file], from: 'en', to: 'de', maximumLengthRatio: 1000 };
  const small = {
    preset: 'tiny' as const,
    vocabularySize: 305,
    heldOut: 10,
    batchTokens: 200,
    accumulate: 2,
    peakLearningRate: 1e-3,
  };
  const plan = await planRun(
    inFolder('run'),
    { ...settings, ...small },
    { threads: 1, keepCheckpoints: 1 },
    { corpusProcess: bundle.modulePath, onProgress: () => undefined },
  );
  const { targetTokens } = vi.mocked(measureStep).mock.calls[0]![0];
  expect(targetTokens / (plan.targetTokensPerEpoch / plan.stepsPerEpoch)).toBeCloseTo(1, 1);
  expect(targetTokens).toBeLessThan((small.batchTokens * small.accumulate) / 2);
});
