// What the bench for a graphics card measures.

const squares = [512, 1024, 2048, 4096, 8192].map((size) => [size, size, size]);
/** Of `base` with 10,000 tokens: linear maps, the feed-forward network, and the vocabulary projection of a chunk of rows. */
const ofModel = [
  [10_000, 512, 512],
  [10_000, 512, 2048],
  [10_000, 2048, 512],
  [300, 512, 37_000],
];

/** As the paper has it for English and German; `small` is what ships. */
const models = [
  { preset: 'small', changes: {}, vocabularySize: 8000 },
  { preset: 'base', changes: {}, vocabularySize: 37_000 },
  { preset: 'big', changes: {}, vocabularySize: 37_000 },
];
const [small, base, big] = models;
const cases = [
  { batch: 1, beamSize: 1 },
  { batch: 1, beamSize: 4 },
  { batch: 64, beamSize: 1 },
  { batch: 64, beamSize: 4 },
];

/** A model that a driver in software trains in seconds. */
const tiny = {
  preset: 'tiny',
  changes: { dModel: 16, heads: 2, dKey: 8, dValue: 8, dFf: 32, encoderLayers: 1, decoderLayers: 1 },
  vocabularySize: 320,
};

export const sizes = {
  usual: {
    gemm: [...squares, ...ofModel],
    training: [
      ...models.flatMap((model) => [2500, 10_000, 25_000].map((batchTokens) => ({ ...model, batchTokens }))),
      ...[base, big].map((model) => ({ ...model, batchTokens: 10_000, precision: 'mixed' })),
    ],
    precision: { device: 'webgpu', steps: 200 },
    profile: { ...base, batchTokens: 10_000 },
    decoding: [small, base].map((model) => ({ ...model, sourceLength: 20, targetLength: 24, cases })),
  },
  tiny: {
    gemm: [
      [64, 64, 64],
      [96, 32, 64],
    ],
    training: [150, 300].map((batchTokens) => ({ ...tiny, batchTokens })),
    precision: { device: 'webgpu', steps: 20 },
    profile: { ...tiny, batchTokens: 150 },
    decoding: [
      {
        ...tiny,
        sourceLength: 8,
        targetLength: 5,
        cases: [
          { batch: 1, beamSize: 1 },
          { batch: 4, beamSize: 4 },
        ],
      },
    ],
  },
};
