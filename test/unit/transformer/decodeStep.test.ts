/** Decoding token by token, with a cache of keys and values, is one masked pass over the whole target. */
import { expect, it } from 'vitest';
import { input, type Tensor } from '../../../models/graph/tensor';
import type { ort } from '../../../models/runtime/session';
import type { Memory } from '../../../models/transformer/attention';
import type { TransformerConfig } from '../../../models/transformer/config';
import { crossMemories, decode, decodeStep } from '../../../models/transformer/decoder';
import { encode } from '../../../models/transformer/encoder';
import { inferenceContext, stackLayers } from '../../../models/transformer/layers';
import { sourceInput, targetInput } from '../../../models/transformer/model';
import { Scope } from '../../../models/transformer/parameters';
import { evaluate, fed, prepare } from '../graph/run';
import { at, configs, ids, range, smallParameters, sources, targets } from './smallModel';

/** Memories by name, as results. */
function named(prefix: string, memories: readonly Memory[]): Record<string, Tensor> {
  return Object.fromEntries(
    memories.flatMap(({ keys, values }, layer) => [
      [`${prefix}keys.${layer}`, keys],
      [`${prefix}values.${layer}`, values],
    ]),
  );
}

/** The same names, as inputs. */
function memoryInputs(prefix: string, length: string, config: TransformerConfig): Memory[] {
  const { heads, dKey, dValue } = config;
  return range(config.decoderLayers).map((layer) => ({
    keys: input(`${prefix}keys.${layer}`, 'float32', ['batch', heads, length, dKey]),
    values: input(`${prefix}values.${layer}`, 'float32', ['batch', heads, length, dValue]),
  }));
}

function emptyMemories({ heads, dKey, dValue, decoderLayers }: TransformerConfig, batch: number) {
  const entries = range(decoderLayers).flatMap((layer) => [
    [`past.keys.${layer}`, fed('float32', [batch, heads, 0, dKey], [])] as const,
    [`past.values.${layer}`, fed('float32', [batch, heads, 0, dValue], [])] as const,
  ]);
  return Object.fromEntries<ort.Tensor>(entries);
}

it.each(configs)('%s', async (_name, config) => {
  const [scope, build, batch] = [
    new Scope(smallParameters(config)),
    inferenceContext(config),
    sources.length,
  ];
  const encoded = encode(build, scope, sourceInput());
  const decoded = decode(build, scope, targetInput(), encoded);
  const whole = await evaluate(
    { states: decoded.states, cross: stackLayers(decoded.crossAttention) },
    { sourceIds: ids(sources), targetIds: ids(targets) },
  );
  const cross = await evaluate(named('cross.', crossMemories(build, scope, encoded.states)), {
    sourceIds: ids(sources),
  });

  const step = decodeStep(
    build,
    scope,
    input('tokenIds', 'int32', ['batch', 1]),
    input('position', 'int32', []),
    memoryInputs('past.', 'past', config),
    { memories: memoryInputs('cross.', 'sourceLength', config), mask: encoded.mask },
    'now',
  );
  const session = await prepare<string>({
    states: step.states,
    cross: stackLayers(step.crossAttention),
    ...named('now.', step.selfMemories),
  });
  let past = emptyMemories(config, batch);
  for (const position of range(targets[0]!.length)) {
    const tokens = targets.map((target) => target[position] ?? config.paddingToken);
    const result = await session.run({
      ...past,
      ...cross,
      sourceIds: ids(sources),
      tokenIds: fed('int32', [batch, 1], tokens),
      position: fed('int32', [], [position]),
    });
    past = Object.fromEntries(Object.keys(past).map((name) => [name, result[name.replace('past', 'now')]!]));
    expect(past['past.keys.0']!.dims).toEqual([batch, config.heads, position + 1, config.dKey]);
    for (const entry of range(batch)) {
      for (const column of range(config.dModel)) {
        expect(at(result['states']!, entry, 0, column)).toBeCloseTo(
          at(whole.states, entry, position, column),
          5,
        );
      }
      for (const [layer, head, key] of [
        [0, 0, 0],
        [1, 2, 1],
      ] as const) {
        const expected = at(whole.cross, layer, entry, head, position, key);
        expect(at(result['cross']!, layer, entry, head, 0, key)).toBeCloseTo(expected, 5);
      }
    }
  }
  await session.dispose();
});
