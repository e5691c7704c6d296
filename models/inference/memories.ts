/**
 * Keys and values that go from one run to the next: their names, and their places in graphs. `memoryNames` is what they
 * enter a program as, `handedOn` of it what they leave it as.
 */
import type { Shape } from '../graph/shape';
import { input, type Tensor } from '../graph/tensor';
import type { Feeds, ort } from '../runtime/session';
import type { Memory } from '../transformer/attention';
import type { TransformerConfig } from '../transformer/config';
import type { Recall } from '../transformer/decoder';

/** Of the source, or of what has been said of the target. */
export type MemoryKind = 'cross' | 'self';

/** Keys and values of every layer of the decoder: `crossKeys0`, `crossValues0`, `crossKeys1`, … */
export function memoryNames(kind: MemoryKind, config: TransformerConfig): string[] {
  return Array.from({ length: config.decoderLayers }, (_, layer) => [
    `${kind}Keys${layer}`,
    `${kind}Values${layer}`,
  ]).flat();
}

/** What a run hands on: a value cannot leave a program under the name that another entered with. */
export const handedOn = (name: string): string => `next.${name}`;

/** @param shape of one of them, where a key or a value has so many numbers */
export function memoryInputs(
  kind: MemoryKind,
  config: TransformerConfig,
  shape: (width: number) => Shape,
): Memory[] {
  return Array.from({ length: config.decoderLayers }, (_, layer) => ({
    keys: input(`${kind}Keys${layer}`, 'float32', shape(config.dKey)),
    values: input(`${kind}Values${layer}`, 'float32', shape(config.dValue)),
  }));
}

export function memoryOutputs(kind: MemoryKind, memories: readonly Memory[]): Record<string, Tensor> {
  return Object.fromEntries(
    memories.flatMap(({ keys, values }, layer) => [
      [handedOn(`${kind}Keys${layer}`), keys],
      [handedOn(`${kind}Values${layer}`), values],
    ]),
  );
}

/** One run's outputs as the next one's inputs. */
export function takeOver(outputs: Readonly<Record<string, ort.Tensor>>, names: readonly string[]): Feeds {
  return Object.fromEntries(names.map((name) => [name, outputs[handedOn(name)]!]));
}

/** How a decoder step looks back at the tokens before, as part of its graph. */
export interface RecallingGraph {
  readonly recall: Recall;
  /** What it hands on, once the step has been built. */
  outputs(): Record<string, Tensor>;
}

/** The same, as it is kept between steps. */
export interface SelfMemory {
  /** @param rows which hypothesis of the step before each one goes on from */
  feeds(rows: readonly number[]): Feeds;
  take(outputs: Readonly<Record<string, ort.Tensor>>): void;
  dispose(): void;
}
