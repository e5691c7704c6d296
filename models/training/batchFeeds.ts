/** What a training step's program is fed, and what it answers, on any device. */
import type { Batch } from '../data/batches';
import { ort, type Feeds } from '../runtime/session';
import type { BatchLoss } from './trainingState';

export const scalar = (value: number): ort.Tensor => new ort.Tensor('float32', Float32Array.of(value), []);

export function batchFeeds(batch: Batch): Feeds {
  return {
    sourceIds: new ort.Tensor('int32', batch.sourceIds, [batch.size, batch.sourceLength]),
    targetIds: new ort.Tensor('int32', batch.targetIds, [batch.size, batch.targetLength]),
    rows: new ort.Tensor('int32', batch.rows, [batch.rows.length]),
    labels: new ort.Tensor('int32', batch.labels, [batch.labels.length]),
  };
}

export function readLoss(outputs: Record<string, ort.Tensor>): BatchLoss {
  const number = (name: string): number => (outputs[name]!.data as Float32Array)[0]!;
  return { smoothed: number('loss'), negativeLogLikelihood: number('negativeLogLikelihood') };
}
