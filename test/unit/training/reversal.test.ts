/**
 * A toy task through the whole of the product: a corpus file, a training run, its checkpoint, the translator. Reading
 * a string backwards takes attention to the right places, which takes positions, and a decoder that has learned to
 * live with its own words, which takes the causal mask.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Translator } from '../../../models/inference/translator';
import { resolveModelFolder } from '../../../models/training/checkpoints';
import { defaultSettings } from '../../../models/training/runSettings';
import { startRun } from '../../../models/training/trainingRun';
import { buildBundle, type Bundle } from '../bundle';
import { temporaryFolder } from '../temporaryFolder';
import { digitStrings, reversed, writePairs } from './digitStrings';

const inFolder = temporaryFolder('reversal');
let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildBundle('cli', './models/data/process/main.ts');
});
afterAll(() => bundle.remove());

describe('a model trained on strings of digits', () => {
  // Half a minute on one quiet core.
  it('reverses strings it has never seen', { timeout: 300_000 }, async () => {
    const strings = digitStrings(12_500, 31);
    const unseen = strings.slice(12_000);
    await writePairs(inFolder('pairs.tsv'), strings.slice(0, 12_000));
    const settings = {
      ...defaultSettings,
      corpora: [inFolder('pairs.tsv')],
      heldOut: 100,
      from: 'en',
      to: 'de',
      preset: 'tiny',
      vocabularySize: 310,
      batchTokens: 1500,
      peakLearningRate: 5e-3,
      warmupSteps: 100,
      dropout: 0,
      labelSmoothing: 0,
    } as const;
    // One thread, so that every machine takes the same steps.
    const leg = {
      ...{ steps: 600, cooldownSteps: 300, checkpointEvery: 1000, keepCheckpoints: 1, threads: 1 },
      corpusProcess: bundle.modulePath,
    };
    await startRun(inFolder('run'), settings, leg, () => undefined);

    const translator = await Translator.load(await resolveModelFolder(inFolder('run')), 1);
    const translations = (await translator.translate(unseen)).map(({ text }) => text);
    await translator.dispose();
    const wrong = unseen.flatMap((text, index) =>
      translations[index] === reversed(text) ? [] : [`${text} → ${translations[index]!}`],
    );
    const share = 1 - wrong.length / unseen.length;
    expect(share, `wrong: ${wrong.slice(0, 5).join(', ')}`).toBeGreaterThanOrEqual(0.99);
  });
});
