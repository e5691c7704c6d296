import { describe, expect, it } from 'vitest';
import { flopsPerTargetToken } from '../../../../models/training/metrics/flops';
import { presetConfig } from '../../../../models/transformer/config';
import { parameterShapes } from '../../../../models/transformer/model';

describe('flopsPerTargetToken', () => {
  it('is six for each weight of a matrix and token, besides attention', () => {
    const config = presetConfig('base', 37_000);
    const [source, target] = [20, 25];
    // The encoder's matrices and the decoder's for keys and values of the source see source tokens, others target's.
    const matrices = parameterShapes(config).filter(({ shape }) => shape.length === 2);
    let weights = 0;
    for (const { name, shape } of matrices) {
      const isOfSource = name.startsWith('encoder') || /cross.*\.(key|value)/i.test(name);
      weights += shape[0]! * shape[1]! * (isOfSource ? source : target);
    }
    const attention = 2 * 512 * 6 * (source * source + target * target + target * source);
    expect(flopsPerTargetToken(config, { source, target })).toBeCloseTo(
      (6 * (weights + attention)) / target,
      0,
    );
  });

  it('grows with the attention’s lengths', () => {
    const config = presetConfig('tiny', 300);
    const short = flopsPerTargetToken(config, { source: 10, target: 10 });
    const long = flopsPerTargetToken(config, { source: 20, target: 20 });
    // 2 + 2 layers, four heads of 16 + 16: ten more keys for each of the three attentions.
    expect(long - short).toBe(6 * 10 * 4 * (16 + 16) * (2 + 2 * 2));
  });
});
