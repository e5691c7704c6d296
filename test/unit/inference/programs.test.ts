/** Which products the programs that translate are made of: on the processor in whole numbers, on a card block by block. */
import { describe, expect, it } from 'vitest';
import { buildDecoderStep as buildStep, buildEncoder } from '../../../models/inference/programs';
import { presetConfig } from '../../../models/transformer/config';
import type { QuantisedProducts } from '../../../models/transformer/parameters';
import { quantisedWeights } from './quantisedModel';
import { randomWeights } from './randomModels';

const config = presetConfig('tiny', 60, {
  dModel: 32,
  heads: 2,
  dFf: 64,
  encoderLayers: 2,
  decoderLayers: 3,
});
const weights = quantisedWeights(config, randomWeights(config, 1));

const buildDecoderStep: typeof buildEncoder = (...of) =>
  buildStep(...of, { selfMemory: 'log', says: 'likeliest' });

/** How many of a program's nodes are of this kind. */
function count(build: typeof buildEncoder, products: QuantisedProducts, operator: string): number {
  const { model } = build(config, weights, products);
  return Buffer.from(model).toString('latin1').split(operator).length - 1;
}

describe('programs that translate with 8 bits', () => {
  it('multiply in whole numbers on the processor, queries, keys and values of a token at once', () => {
    expect(count(buildDecoderStep, 'integers', 'MatMulIntegerToFloat')).toBe(3 * 6 + 1);
    expect(count(buildEncoder, 'integers', 'MatMulIntegerToFloat')).toBe(2 * 6 + 3 * 2);
    for (const build of [buildDecoderStep, buildEncoder])
      expect(count(build, 'integers', 'MatMulNBits')).toBe(0);
  });

  it('multiply block by block on a card', () => {
    expect(count(buildDecoderStep, 'blocks', 'MatMulNBits')).toBe(3 * 8 + 1);
    expect(count(buildEncoder, 'blocks', 'MatMulNBits')).toBe(2 * 6 + 3 * 2);
    for (const build of [buildDecoderStep, buildEncoder])
      expect(count(build, 'blocks', 'MatMulIntegerToFloat')).toBe(0);
  });
});
