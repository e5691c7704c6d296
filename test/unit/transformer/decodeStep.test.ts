/** Decoding token by token, with keys and values that are remembered, is one masked pass over the whole target. */
import { describe, expect, it } from 'vitest';
import { input } from '../../../models/graph/tensor';
import {
  memoryInputs,
  memoryNames,
  memoryOutputs,
  takeOver,
  type SelfMemory,
} from '../../../models/inference/memories';
import { MemoryLog, recallFromLog } from '../../../models/inference/memoryLog';
import { recallWhole, WholeMemory } from '../../../models/inference/wholeMemory';
import type { TransformerConfig } from '../../../models/transformer/config';
import { crossMemories, decode, decodeStep } from '../../../models/transformer/decoder';
import { encode } from '../../../models/transformer/encoder';
import { inferenceContext, stackLayers } from '../../../models/transformer/layers';
import { sourceInput, targetInput } from '../../../models/transformer/model';
import { Scope } from '../../../models/transformer/parameters';
import { evaluate, fed, prepare } from '../graph/run';
import { at, configs, ids, range, smallParameters, sources, targets } from './smallModel';

/** Which targets are read at each step, and of what source: as beams reorder, and sentences finish. */
const orders = [
  [0, 1, 2],
  [2, 0, 1],
  // The second goes on from the row that the first goes on from.
  [0, 0, 2],
  [2, 0],
  [0],
] as const;

/** Where each target of a step stood in the step before. */
const rowsFrom = (before: readonly number[], now: readonly number[]): number[] =>
  now.map((target) => before.indexOf(target));

const kinds = [
  ['in a log', recallFromLog, (config) => new MemoryLog(config)],
  ['whole', recallWhole, (config) => new WholeMemory(config, orders[0].length)],
] as const satisfies [string, typeof recallWhole, (config: TransformerConfig) => SelfMemory][];

describe.each(configs)('%s', (_name, config) => {
  it.each(kinds)('remembered %s', async (_kind, recall, remember) => {
    const [scope, build] = [new Scope(smallParameters(config)), inferenceContext(config)];
    const encoded = encode(build, scope, sourceInput());
    const decoded = decode(build, scope, targetInput(), encoded);
    const whole = await evaluate(
      { states: decoded.states, cross: stackLayers(decoded.crossAttention) },
      { sourceIds: ids(sources), targetIds: ids(targets) },
    );
    const names = memoryNames('cross', config);
    const crossOutputs = memoryOutputs('cross', crossMemories(build, scope, encoded.states));

    const past = recall(config);
    const cross = {
      memories: memoryInputs('cross', config, (width) => ['batch', config.heads, 'sourceLength', width]),
      mask: encoded.mask,
    };
    const tokenIds = input('tokenIds', 'int32', ['batch', 1]);
    const step = decodeStep(build, scope, tokenIds, input('position', 'int32', []), past.recall, cross);
    const session = await prepare<string>({
      states: step.states,
      cross: stackLayers(step.crossAttention),
      ...past.outputs(),
    });
    const memory = remember(config);
    for (const [position, order] of orders.entries()) {
      const sourceIds = ids(order.map((target) => sources[target]!));
      const result = await session.run({
        ...memory.feeds(rowsFrom(orders[position - 1] ?? order, order)),
        ...takeOver(await evaluate(crossOutputs, { sourceIds }), names),
        sourceIds,
        tokenIds: fed(
          'int32',
          [order.length, 1],
          order.map((target) => targets[target]![position] ?? config.paddingToken),
        ),
        position: fed('int32', [], [position]),
      });
      memory.take(result);
      order.forEach((target, row) => {
        for (const column of range(config.dModel)) {
          const expected = at(whole.states, target, position, column);
          expect(at(result['states']!, row, column)).toBeCloseTo(expected, 5);
        }
        for (const [layer, head, key] of [
          [0, 0, 0],
          [1, 2, 1],
        ] as const) {
          const expected = at(whole.cross, layer, target, head, position, key);
          expect(at(result['cross']!, layer, row, head, 0, key)).toBeCloseTo(expected, 5);
        }
      });
    }
    memory.dispose();
    await session.dispose();
  });
});
