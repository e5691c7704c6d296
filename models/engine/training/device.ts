/** What a training computes with, where that was left to the machine. */
import type { Devices } from '../../devices/devices';
import { reasonOf } from '../../runtime/reason';
import type { Device } from '../../runtime/session';
import { verifyGraphicsCard } from '../../training/deviceProbe';
import { UserError } from '../../userError';
import type { LegSettings } from '../protocol';

export interface TrainingDevice {
  readonly device: Device;
  /** Why it is not the graphics card that `auto` would have taken. */
  readonly sentence?: string;
}

/**
 * What was chosen, or with `auto` the graphics card if it has been found right and quicker, and still is right.
 *
 * @param devices undefined where nothing is remembered
 */
export async function trainingDevice(
  setting: NonNullable<LegSettings['device']>,
  devices: Pick<Devices, 'choose'> | undefined,
  verify: () => Promise<unknown> = verifyGraphicsCard,
): Promise<TrainingDevice> {
  if (setting !== 'auto') return { device: setting };
  const choice = await devices?.choose('auto', 'training');
  if (choice?.device !== 'webgpu') return { device: 'cpu' };
  try {
    await verify();
    return { device: 'webgpu' };
  } catch (error) {
    const sentence =
      error instanceof UserError ? error.message : `The graphics card failed (${reasonOf(error)}).`;
    return { device: 'cpu', sentence: `${sentence} The processor trains instead.` };
  }
}
