/** The part `precision`: the curve of curve.ts on a device, as lines of a report. */
import type { Device } from '../../../models/runtime/session';
import { besideEachOther, largestDifference, lossCurve } from './curve';
import { report } from './report';

export interface PrecisionTask {
  readonly device: Device;
  readonly steps: number;
}

export async function comparePrecisions({ device, steps }: PrecisionTask): Promise<void> {
  // First, so that a card without float16 says so at once.
  const mixed = await lossCurve(device, 'mixed', steps);
  const float32 = await lossCurve(device, 'float32', steps);
  const rows = besideEachOther(float32, mixed);
  report('precision', {
    device,
    rows,
    largestDifference: largestDifference(rows),
    ...mixed.end.progress.lossScale,
  });
}
