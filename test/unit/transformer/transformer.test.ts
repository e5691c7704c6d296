/** What must hold of a Transformer whatever its weights are: masks, batches and attention. */
import { describe, expect, it } from 'vitest';
import type { TransformerConfig } from '../../../models/transformer/config';
import { inferenceContext, stackLayers } from '../../../models/transformer/layers';
import { sourceInput, targetInput, transformer } from '../../../models/transformer/model';
import type { ort, Session } from '../../../models/runtime/session';
import { numbers, prepare } from '../graph/run';
import { at, configs, ids, range, smallParameters, sources, targets } from './smallModel';

type Result = 'encoded' | 'decoded' | 'encoder' | 'decoder' | 'cross';

/** The whole model's states and attention, with weights as constants. */
function wholeModel(config: TransformerConfig): Promise<Session<Result>> {
  const { encoded, decoded } = transformer(
    inferenceContext(config),
    smallParameters(config),
    sourceInput(),
    targetInput(),
  );
  return prepare({
    encoded: encoded.states,
    decoded: decoded.states,
    encoder: stackLayers(encoded.attention),
    decoder: stackLayers(decoded.selfAttention),
    cross: stackLayers(decoded.crossAttention),
  });
}

/** The largest difference between the first `rows` rows of two `[batch, length, width]`, batch entries apart. */
function rowDifference(a: ort.Tensor, entryA: number, b: ort.Tensor, entryB: number, rows: number): number {
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < a.dims[2]!; column++) {
      largest = Math.max(largest, Math.abs(at(a, entryA, row, column) - at(b, entryB, row, column)));
    }
  }
  return largest;
}

describe.each(configs)('%s', (_name, config) => {
  it('gives a padded batch what its sentences get alone', async () => {
    const session = await wholeModel(config);
    const together = await session.run({ sourceIds: ids(sources), targetIds: ids(targets) });
    for (const [entry, source] of sources.entries()) {
      const target = targets[entry]!;
      const alone = await session.run({ sourceIds: ids([source]), targetIds: ids([target]) });
      expect(rowDifference(together.encoded, entry, alone.encoded, 0, source.length)).toBeLessThan(1e-5);
      expect(rowDifference(together.decoded, entry, alone.decoded, 0, target.length)).toBeLessThan(1e-5);
      for (let layer = 0; layer < config.decoderLayers; layer++) {
        for (let head = 0; head < config.heads; head++) {
          const [query, key] = [target.length - 1, source.length - 1];
          expect(at(together.cross, layer, entry, head, query, key)).toBeCloseTo(
            at(alone.cross, layer, 0, head, query, key),
            5,
          );
        }
      }
    }
    await session.dispose();
  });

  it('shows a position no later target token, and every source token', async () => {
    const session = await wholeModel(config);
    const target = [1, 8, 8, 25, 4];
    const before = await session.run({ sourceIds: ids([sources[1]!]), targetIds: ids([target]) });
    for (let changed = 1; changed < target.length; changed++) {
      const after = await session.run({
        sourceIds: ids([sources[1]!]),
        targetIds: ids([target.with(changed, 19)]),
      });
      expect(rowDifference(before.decoded, 0, after.decoded, 0, changed)).toBe(0);
      expect(rowDifference(before.decoded, 0, after.decoded, 0, changed + 1)).toBeGreaterThan(1e-3);
      expect(rowDifference(before.encoded, 0, after.encoded, 0, sources[1]!.length)).toBe(0);
    }
    const otherSource = sources[1]!.with(-1, 19);
    const after = await session.run({ sourceIds: ids([otherSource]), targetIds: ids([target]) });
    expect(rowDifference(before.decoded, 0, after.decoded, 0, 1)).toBeGreaterThan(1e-4);
    expect(rowDifference(before.encoded, 0, after.encoded, 0, 1)).toBeGreaterThan(1e-4);
    await session.dispose();
  });

  it('leaves attention unreduced: [layer, batch, head, query, key], rows of 1, nothing on what is hidden', async () => {
    const session = await wholeModel(config);
    const { encoder, decoder, cross } = await session.run({
      sourceIds: ids(sources),
      targetIds: ids(targets),
    });
    await session.dispose();
    const [s, t, { heads, encoderLayers, decoderLayers }] = [7, 5, config];
    expect(encoder.dims).toEqual([encoderLayers, 3, heads, s, s]);
    expect(decoder.dims).toEqual([decoderLayers, 3, heads, t, t]);
    expect(cross.dims).toEqual([decoderLayers, 3, heads, t, s]);
    for (const [map, hidden] of [
      [encoder, (batch: number, _query: number, key: number) => key >= sources[batch]!.length],
      [decoder, (_batch: number, query: number, key: number) => key > query],
      [cross, (batch: number, _query: number, key: number) => key >= sources[batch]!.length],
    ] as const) {
      forEachRow(map, (layer, batch, head, query, row) => {
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        row.forEach((weight, key) => {
          const where = `layer ${layer}, batch ${batch}, head ${head}, query ${query}, key ${key}`;
          if (hidden(batch, query, key)) expect(weight, where).toBe(0);
          else expect(weight, where).toBeGreaterThan(0);
        });
      });
    }
  });
});

type OnRow = (layer: number, batch: number, head: number, query: number, row: number[]) => void;

function forEachRow(map: ort.Tensor, onRow: OnRow): void {
  const [layers, batch, heads, queries, keys] = map.dims as [number, number, number, number, number];
  const values = numbers(map);
  let start = 0;
  for (const layer of range(layers)) {
    for (const entry of range(batch)) {
      for (const head of range(heads)) {
        for (const query of range(queries)) {
          onRow(layer, entry, head, query, values.slice(start, start + keys));
          start += keys;
        }
      }
    }
  }
}
