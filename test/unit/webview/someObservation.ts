/** What an engine answers of the shortest text there is. */
import type { Observation } from '../../../webview/attention/messages';

const token = { text: 'a', start: 0, end: 1 };

export const someObservation: Observation = {
  observation: 1,
  translation: 'a',
  from: 'en',
  to: 'de',
  pair: 'English → German',
  alreadyInTarget: false,
  model: { folder: '/m', name: 'm', id: '' },
  encoderLayers: 2,
  decoderLayers: 2,
  heads: 1,
  segments: [
    {
      source: { start: 0, end: 1 },
      target: { start: 0, end: 1 },
      sourceTokens: [token],
      targetTokens: [{ ...token, probability: 1, candidates: [] }],
      alternatives: [],
    },
  ],
};
