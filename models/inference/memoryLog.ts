/**
 * What the decoder remembers of its own tokens, on the processor: each step's keys and values are put behind those of
 * the steps before, and stay where they are. A hypothesis is a list of places in this log, so that hypotheses with a
 * common beginning share it, and none is copied when beams reorder or sentences finish. Little leaves a step: what
 * onnxruntime-node hands out is new memory each time, which costs more than to compute what is in it.
 */
import * as graph from '../graph/operators';
import { input, type Tensor } from '../graph/tensor';
import { ort, type Feeds } from '../runtime/session';
import type { Memory } from '../transformer/attention';
import type { TransformerConfig } from '../transformer/config';
import { memoryInputs, memoryNames, type RecallingGraph, type SelfMemory } from './memories';

const [latestKeys, latestValues] = ['latestKeys', 'latestValues'];

/**
 * Inputs: the logs `[tokens, heads, dKey]`, and `places` int32 `[past, batch]`: where in them each hypothesis’ tokens are.
 * Each token's own keys and values `[layers, batch, heads, dKey]` are handed on.
 */
export function recallFromLog(config: TransformerConfig): RecallingGraph {
  const places = input('places', 'int32', ['past', 'batch']);
  const logs = memoryInputs('self', config, (width) => ['tokens', config.heads, width]);
  const latest: Memory[] = [];
  // Each value that leaves a run is dear, however small: those of all layers leave as one.
  const together = (of: keyof Memory): Tensor =>
    graph.concat(
      latest.map((memory) => memory[of]),
      0,
    );
  return {
    outputs: () => ({ [latestKeys]: together('keys'), [latestValues]: together('values') }),
    recall: (layer, own) => {
      const { heads, dKey, dValue } = config;
      const [keys, values] = [layOut(own.keys, heads, dKey), layOut(own.values, heads, dValue)];
      latest[layer] = { keys, values };
      const log = logs[layer]!;
      return { keys: recall(log.keys, places, keys), values: recall(log.values, places, values) };
    },
  };
}

/** `[batch, heads, 1, width]` → `[1, batch, heads, width]`, without moving a number. */
function layOut(own: Tensor, heads: number, width: number): Tensor {
  return graph.reshape(own, [1, -1, heads, width]);
}

/** What a hypothesis has in the log, and behind it the latest token: `[batch, heads, now, width]`. */
function recall(log: Tensor, places: Tensor, latest: Tensor): Tensor {
  const past = graph.gather(log, places);
  // Tokens are the first axis: so one block is put behind another, and onnxruntime multiplies it as it lies there.
  return graph.transpose(graph.concat([past, latest], 0, 'now'), [1, 2, 0, 3]);
}

/** What a log may keep of memory while nothing is translated. */
const mostKept = 32 * 2 ** 20;

/** Makes logs for one search after another: each takes over the last one's memory, where there is one that is done. */
export function memoryLogs(config: TransformerConfig): () => MemoryLog {
  let spare: MemoryLog | undefined;
  const keep = (log: MemoryLog): void => {
    if (log.bytes <= mostKept) spare = log;
  };
  return () => {
    const log = spare?.clear() ?? new MemoryLog(config, keep);
    spare = undefined;
    return log;
  };
}

export class MemoryLog implements SelfMemory {
  /** One a layer. */
  private readonly keys: readonly Log[];
  private readonly values: readonly Log[];
  /** `[past, hypotheses]` of the latest step, without its own tokens. */
  private places = new Int32Array(0);
  private hypotheses = 0;
  /** Tokens in the log before the latest step, and with it. */
  private before = 0;
  private tokens = 0;

  /** @param onDisposed what becomes of it when a search needs it no more */
  constructor(
    private readonly config: TransformerConfig,
    private readonly onDisposed: (log: MemoryLog) => void = () => undefined,
  ) {
    const { decoderLayers, heads, dKey, dValue } = config;
    const logs = (width: number): Log[] =>
      Array.from({ length: decoderLayers }, () => new Log([heads, width]));
    this.keys = logs(dKey);
    this.values = logs(dValue);
  }

  feeds(rows: readonly number[]): Feeds {
    const steps = this.hypotheses === 0 ? 0 : this.places.length / this.hypotheses + 1;
    const places = new Int32Array(steps * rows.length);
    for (let step = 0, at = 0; step < steps; step++) {
      for (const row of rows)
        places[at++] = step === steps - 1 ? this.before + row : this.places[step * this.hypotheses + row]!;
    }
    this.places = places;
    this.hypotheses = rows.length;
    const { logs } = this;
    return {
      places: new ort.Tensor('int32', places, [steps, rows.length]),
      ...Object.fromEntries(
        memoryNames('self', this.config).map((name, index) => [name, logs[index]!.tensor()]),
      ),
    };
  }

  take(outputs: Readonly<Record<string, ort.Tensor>>): void {
    this.before = this.tokens;
    this.tokens += this.hypotheses;
    appendToEach(this.keys, outputs[latestKeys]!.data as Float32Array);
    appendToEach(this.values, outputs[latestValues]!.data as Float32Array);
  }

  /** For another search, in the same memory: fresh memory costs more than what is written there. */
  clear(): this {
    this.places = new Int32Array(0);
    this.hypotheses = 0;
    this.before = 0;
    this.tokens = 0;
    for (const log of this.logs) log.clear();
    return this;
  }

  get bytes(): number {
    return this.logs.reduce((sum, log) => sum + log.bytes, 0);
  }

  dispose(): void {
    this.onDisposed(this);
  }

  /** In the order of their names. */
  private get logs(): Log[] {
    return this.keys.flatMap((log, layer) => [log, this.values[layer]!]);
  }
}

/** @param entries of each log as many, one log's after another's */
function appendToEach(logs: readonly Log[], entries: Float32Array): void {
  const size = entries.length / logs.length;
  logs.forEach((log, index) => log.append(entries.subarray(index * size, (index + 1) * size)));
}

/** Entries of one shape behind each other, in memory that grows. */
class Log {
  private numbers = new Float32Array(0);
  private length = 0;

  constructor(private readonly shape: readonly number[]) {}

  append(entries: Float32Array): void {
    const { length } = this;
    this.length += entries.length;
    if (this.length > this.numbers.length) {
      const before = this.numbers;
      this.numbers = new Float32Array(Math.max(2 * before.length, 32 * entries.length));
      this.numbers.set(before.subarray(0, length));
    }
    this.numbers.set(entries, length);
  }

  clear(): void {
    this.length = 0;
  }

  get bytes(): number {
    return this.numbers.byteLength;
  }

  /** All entries, without copying them. */
  tensor(): ort.Tensor {
    const width = this.shape.reduce((a, b) => a * b);
    return new ort.Tensor('float32', this.numbers.subarray(0, this.length), [
      this.length / width,
      ...this.shape,
    ]);
  }
}
