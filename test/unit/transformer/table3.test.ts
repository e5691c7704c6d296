/** Table 3's variations by configuration: each row's model has the parameters that it must have, and no others. */
import { describe, expect, it } from 'vitest';
import { buildStep, gradientPrefix, type StepOptions } from '../../../models/training/trainStep';
import { presetConfig, type ModelChanges, type TransformerConfig } from '../../../models/transformer/config';
import { parameterCount, parameterShapes } from '../../../models/transformer/model';
import { Session } from '../../../models/runtime/session';
import { fed, numbers } from '../graph/run';
import { smallConfig, smallWeights } from './smallModel';

const vocabularySize = 37_000;
const variation = (changes: ModelChanges): TransformerConfig => presetConfig('base', vocabularySize, changes);

/** §3.1–§3.4 counted by hand, post-norm and with one embedding matrix for all. */
function countByHand(config: TransformerConfig): number {
  const { dModel, heads, dKey, dValue, dFf, encoderLayers, decoderLayers, maximumPositions = 0 } = config;
  const linear = (from: number, to: number): number => from * to + to;
  const attention =
    2 * linear(dModel, heads * dKey) + linear(dModel, heads * dValue) + linear(heads * dValue, dModel);
  const feedForward = linear(dModel, dFf) + linear(dFf, dModel);
  const norm = 2 * dModel;
  return (
    vocabularySize * dModel +
    encoderLayers * (attention + feedForward + 2 * norm) +
    decoderLayers * (2 * attention + feedForward + 3 * norm) +
    2 * maximumPositions * dModel
  );
}

/** Row, what it changes, and its parameters ×10⁶ as published, where they are. */
const rows: [string, ModelChanges, number | undefined][] = [
  ['base', {}, 65],
  ['A, 1 head', { heads: 1, dKey: 512, dValue: 512 }, 65],
  ['A, 4 heads', { heads: 4, dKey: 128, dValue: 128 }, 65],
  ['A, 16 heads', { heads: 16, dKey: 32, dValue: 32 }, 65],
  ['A, 32 heads', { heads: 32, dKey: 16, dValue: 16 }, 65],
  ['B, dKey 16', { dKey: 16 }, 58],
  ['B, dKey 32', { dKey: 32 }, 60],
  ['dValue 16', { dValue: 16 }, undefined],
  ['C, 2 layers', { encoderLayers: 2, decoderLayers: 2 }, 36],
  ['C, 4 layers', { encoderLayers: 4, decoderLayers: 4 }, 50],
  ['C, 8 layers', { encoderLayers: 8, decoderLayers: 8 }, 80],
  ['12 and 1 layers', { encoderLayers: 12, decoderLayers: 1 }, undefined],
  ['C, dModel 256', { dModel: 256, dKey: 32, dValue: 32 }, 28],
  ['C, dModel 1024', { dModel: 1024, dKey: 128, dValue: 128 }, 168],
  ['C, dFf 1024', { dFf: 1024 }, 53],
  ['C, dFf 4096', { dFf: 4096 }, 90],
  ['E', { positions: 'learned', maximumPositions: 512 }, undefined],
];

describe.each(rows)('%s', (_name, changes, published) => {
  const config = variation(changes);

  it('has the parameters counted by hand', () => {
    expect(parameterCount(config)).toBe(countByHand(config));
    expect(config).toMatchObject(changes);
  });

  it.skipIf(published === undefined)('differs from base as published', () => {
    const difference = (parameterCount(config) - parameterCount(variation({}))) / 1e6;
    // Both published numbers are rounded; the vocabulary, which counts where dModel changes, is only “about 37,000”.
    const slack = config.dModel === 512 ? 1 : 0.05 * published!;
    expect(Math.abs(difference - (published! - 65))).toBeLessThan(slack);
  });
});

describe('shapes', () => {
  const shapesOf = (changes: ModelChanges): Record<string, readonly number[]> =>
    Object.fromEntries(parameterShapes(variation(changes)).map(({ name, shape }) => [name, shape]));

  it('follow heads, dKey and dValue, in every attention', () => {
    const shapes = shapesOf({ heads: 4, dKey: 24, dValue: 40 });
    for (const at of [
      'encoder.layers.5.selfAttention',
      'decoder.layers.0.selfAttention',
      'decoder.layers.5.crossAttention',
    ]) {
      expect(shapes[`${at}.query.weight`]).toEqual([512, 96]);
      expect(shapes[`${at}.key.weight`]).toEqual([512, 96]);
      expect(shapes[`${at}.value.weight`]).toEqual([512, 160]);
      expect(shapes[`${at}.output.weight`]).toEqual([160, 512]);
    }
  });

  it('follow dModel and dFf', () => {
    const shapes = shapesOf({ dModel: 256, dFf: 1000 });
    expect(shapes['embedding.weight']).toEqual([37_000, 256]);
    expect(shapes['decoder.layers.3.feedForward.inner.weight']).toEqual([256, 1000]);
    expect(shapes['decoder.layers.3.feedForward.outer.weight']).toEqual([1000, 256]);
  });

  it('have as many layers in encoder and decoder as each is given', () => {
    const names = Object.keys(shapesOf({ encoderLayers: 3, decoderLayers: 1 }));
    const layers = (stack: string): number =>
      new Set(names.flatMap((name) => new RegExp(`^${stack}\\.layers\\.(\\d+)\\.`).exec(name)?.[1] ?? []))
        .size;
    expect([layers('encoder'), layers('decoder')]).toEqual([3, 1]);
  });

  it('have a table of positions in each stack where they are learned, and none where they are sinusoids', () => {
    const positions = (changes: ModelChanges): [string, readonly number[]][] =>
      Object.entries(shapesOf(changes)).filter(([name]) => name.includes('positions'));
    expect(positions({ positions: 'learned', maximumPositions: 100 })).toEqual([
      ['encoder.positions.weight', [100, 512]],
      ['decoder.positions.weight', [100, 512]],
    ]);
    for (const layout of ['interleaved', 'halves'] as const)
      expect(positions({ positions: layout })).toEqual([]);
  });
});

describe('rates (row D)', () => {
  const config = smallConfig();
  const none: StepOptions = {
    dropout: { residual: 0, attention: 0, feedForward: 0 },
    labelSmoothing: 0,
    lossChunks: 1,
  };

  async function step(options: Partial<StepOptions>): Promise<{ loss: number; gradient: number[] }> {
    const { program, parameters } = buildStep(config, { ...none, ...options });
    const weights = smallWeights(config);
    const session = await Session.create(program, { threads: 1 });
    const hasSeed = options.dropout !== undefined;
    const results = await session.run({
      ...Object.fromEntries(
        parameters.map(({ name, shape }) => [name, fed('float32', shape, weights.get(name)!)]),
      ),
      sourceIds: fed('int32', [1, 4], [5, 9, 9, 2]),
      targetIds: fed('int32', [1, 3], [1, 8, 25]),
      rows: fed('int32', [3], [0, 1, 2]),
      labels: fed('int32', [3], [8, 25, 2]),
      scale: fed('float32', [], [1]),
      ...(hasSeed && { seed: fed('uint32', [], [3]) }),
    });
    await session.dispose();
    const gradient = numbers(results[`${gradientPrefix}encoder.layers.0.feedForward.inner.weight`]!);
    return { loss: numbers(results['loss']!)[0]!, gradient };
  }

  it('add no parameters, and each of them changes loss and gradients', async () => {
    const dropout = (kind: keyof StepOptions['dropout']): Partial<StepOptions> => ({
      dropout: { ...none.dropout, [kind]: 0.3 },
    });
    const variations = [
      {},
      { labelSmoothing: 0.2 },
      dropout('residual'),
      dropout('attention'),
      dropout('feedForward'),
    ];
    for (const options of variations) {
      expect(buildStep(config, { ...none, ...options }).parameters).toHaveLength(
        parameterShapes(config).length,
      );
    }
    const results = [];
    for (const options of variations) results.push(await step(options));
    expect(new Set(results.map(({ loss }) => loss)).size).toBe(variations.length);
    expect(new Set(results.map(({ gradient }) => gradient.join())).size).toBe(variations.length);
  });
});
