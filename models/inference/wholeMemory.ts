/**
 * What the decoder remembers of its own tokens, on a device: each step hands on all keys and values, which the next one
 * reads where they are, in the device's memory.
 */
import * as graph from '../graph/operators';
import { input } from '../graph/tensor';
import { ort, type Feeds } from '../runtime/session';
import type { Memory } from '../transformer/attention';
import type { TransformerConfig } from '../transformer/config';
import {
  memoryInputs,
  memoryNames,
  memoryOutputs,
  takeOver,
  type RecallingGraph,
  type SelfMemory,
} from './memories';

/**
 * Inputs: memories of the step before `[before, heads, past, dKey]`, and `rows` int32 `[batch]`: which of its hypotheses
 * each one goes on from. The memories with this token are handed on.
 */
export function recallWhole(config: TransformerConfig): RecallingGraph {
  const rows = input('rows', 'int32', ['batch']);
  const past = memoryInputs('self', config, (width) => ['before', config.heads, 'past', width]);
  const memories: Memory[] = [];
  return {
    outputs: () => memoryOutputs('self', memories),
    recall: (layer, own) => {
      const { keys, values } = past[layer]!;
      return (memories[layer] = {
        keys: graph.concat([graph.gather(keys, rows), own.keys], 2, 'now'),
        values: graph.concat([graph.gather(values, rows), own.values], 2, 'now'),
      });
    },
  };
}

export class WholeMemory implements SelfMemory {
  private readonly names: readonly string[];
  private memories: Feeds;

  /** @param batch hypotheses of the first step */
  constructor(config: TransformerConfig, batch: number) {
    const { heads, dKey, dValue } = config;
    this.names = memoryNames('self', config);
    this.memories = Object.fromEntries(
      this.names.map((name, index) => [
        name,
        new ort.Tensor('float32', new Float32Array(0), [batch, heads, 0, index % 2 === 0 ? dKey : dValue]),
      ]),
    );
  }

  feeds(rows: readonly number[]): Feeds {
    return { rows: new ort.Tensor('int32', Int32Array.from(rows), [rows.length]), ...this.memories };
  }

  take(outputs: Readonly<Record<string, ort.Tensor>>): void {
    const before = this.memories;
    this.memories = takeOver(outputs, this.names);
    for (const tensor of Object.values(before)) tensor.dispose();
  }

  /** A device's memory is not collected. */
  dispose(): void {
    for (const tensor of Object.values(this.memories)) tensor.dispose();
    this.memories = {};
  }
}
