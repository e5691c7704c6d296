/** Runs for tests: what a form holds, and a store in a temporary folder. */
import { detailLimits, type Details, type Form } from '../../../../webview/training/messages';

export const someDetails: Details = {
  ...(Object.fromEntries(Object.entries(detailLimits).map(([name, { low }]) => [name, low])) as Details),
  dModel: 64,
  heads: 4,
  dFf: 256,
  encoderLayers: 2,
  decoderLayers: 2,
  vocabularySize: 1000,
  batchTokens: 2500,
  warmupSteps: 100,
  checkpointEvery: 500,
  keepCheckpoints: 5,
  translatePairs: 100,
};

export const someForm: Form = {
  name: 'A run',
  from: 'en',
  to: 'de',
  base: null,
  preset: 'tiny',
  normalisation: 'pre',
  details: someDetails,
  budget: { kind: 'steps', steps: 100 },
  stopOn: 'loss',
};
