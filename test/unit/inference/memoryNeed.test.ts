/** How much memory a model says that it needs, and what happens to one that needs too much. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMemory, largestBatch, memoryNeed } from '../../../models/inference/memoryNeed';
import { Translator } from '../../../models/inference/translator';
import { writeModel } from '../../../models/storage/modelFolder';
import { presetConfig, type TransformerConfig } from '../../../models/transformer/config';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';

const gigabytes = (preset: Parameters<typeof presetConfig>[0], changes: Partial<TransformerConfig> = {}) =>
  memoryNeed(presetConfig(preset, 32_000, changes)) / 1e9;

describe('what a model needs of memory', () => {
  const inFolder = temporaryFolder('memory');

  it('lets all of the paper’s models run on a common machine', () => {
    for (const preset of ['tiny', 'small', 'base', 'big'] as const) expect(gigabytes(preset)).toBeLessThan(4);
    expect(gigabytes('small')).toBeLessThan(0.5);
  });

  it('grows with all that a configuration can exaggerate', () => {
    const base = gigabytes('base');
    const changes: Partial<TransformerConfig>[] = [
      { dFf: 65_536 },
      { heads: 256, dKey: 4096 },
      { dValue: 4096 },
      { decoderLayers: 100 },
      { encoderLayers: 100 },
      { dModel: 16_384 },
    ];
    for (const change of changes) expect(gigabytes('base', change)).toBeGreaterThan(2 * base);
  });

  it('counts the beam of one longest source, where that is more than a batch has', () => {
    const { tokens, longestRow } = largestBatch;
    const config = presetConfig('base', 32_000);
    expect(memoryNeed(config, 4)).toBe(memoryNeed(config));
    // What is decoded, from the tokens of a batch on.
    const { dModel, dFf, heads, dKey, dValue, decoderLayers } = config;
    const perToken =
      4 * decoderLayers * heads * (dKey + dValue) + 2 * (dModel + dFf + heads * (dKey + dValue + longestRow));
    const wide = 64 * (longestRow + 2);
    expect(memoryNeed(config, 64) - memoryNeed(config)).toBe(4 * (wide - tokens) * perToken);
    expect(memoryNeed(config, 100)).toBeGreaterThan(memoryNeed(config, 64) + 4 * 3 * 36 * 32_000);
  });

  it('keeps a model that is too large from being loaded', async () => {
    const folder = inFolder();
    const model = tinyModel();
    await writeModel(folder, model, 'F16');
    const transformer = {
      ...model.config.transformer,
      dModel: 2,
      heads: 256,
      dKey: 4096,
      dValue: 4096,
      decoderLayers: 20,
    };
    const config = { formatVersion: 1, ...model.config, transformer };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
    const error = await Translator.load(folder, 1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(
      /^The model in .* needs up to \d{4,} GB of memory, and [\d.]+ GB are there\. Use a smaller model\.$/,
    );
  });

  it('says which part is larger than onnxruntime reads', () => {
    const { config } = tinyModel();
    const transformer = presetConfig('big', 32_000, { decoderLayers: 40 });
    expect(() => checkMemory({ ...config, transformer }, 'x', 1, Infinity)).toThrow(
      'The model in x is too large: its encoder or decoder takes 2.8 GB, and onnxruntime reads 2 GB at most. Use a smaller model.',
    );
    expect(() =>
      checkMemory({ ...config, transformer: presetConfig('big', 32_000) }, 'x', 1, Infinity),
    ).not.toThrow();
  });

  it('asks what the machine has', () => {
    const { config } = tinyModel();
    const need = memoryNeed(config.transformer);
    expect(() => checkMemory(config, 'x', 1, need)).not.toThrow();
    expect(() => checkMemory(config, 'x', 1, need - 1)).toThrow('The model in x needs up to 0.0 GB');
    expect(() => checkMemory(config, 'x', 64, need)).toThrow('The model in x needs up to 0.0 GB');
    expect(() => checkMemory(config, 'x')).not.toThrow();
  });
});
