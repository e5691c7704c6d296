/** What is found out about a device: whether it computes what the processor does, and whether it is quicker. */
import { inferenceDevices, type InferenceDevice } from '../runtime/session';

export const purposes = ['translation', 'training'] as const;
export type Purpose = (typeof purposes)[number];

/** What a person chooses for a purpose. */
export type DeviceSetting = 'auto' | InferenceDevice;

/** The processor is what all are compared with. */
export type OtherDevice = Exclude<InferenceDevice, 'cpu'>;

export const otherDevices = inferenceDevices.filter((device): device is OtherDevice => device !== 'cpu');

/** DirectML, Core ML and CUDA translate alone: training needs tensors that stay on the device. */
export function serves(device: OtherDevice, purpose: Purpose): boolean {
  return purpose === 'translation' || device === 'webgpu';
}

/**
 * - `right`: it computes what the processor does;
 * - `wrong`: it computes other numbers;
 * - `absent`: there is no such device, or nothing that drives it;
 * - `broken`: the process that tried it out died, hung, or failed.
 */
export const outcomes = ['right', 'wrong', 'absent', 'broken'] as const;
export type Outcome = (typeof outcomes)[number];

/** The device's and the processor's, both at their best. */
export interface Pace {
  readonly device: number;
  readonly processor: number;
}

/** What was measured: billions of operations a second of a product of matrices, else tokens a second. */
export const measures = ['gigaflops', 'alone', 'batch', 'training'] as const;
export type Measure = (typeof measures)[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** Why it is not used. */
  readonly sentence?: string;
  /** How far its numbers are from the processor's, relative to them, at most. */
  readonly difference?: number;
  /** What the driver calls the device. */
  readonly adapter?: string;
  readonly paces?: Readonly<Partial<Record<Measure, Pace>>>;
  /** Whether matrices in 8 bits may stay so there: as right, and not slower than numbers. */
  readonly keepsBytes?: boolean;
  /** Milliseconds since 1970. */
  readonly when: number;
}

/** A graphics card that the processor plays. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

export function isSoftware({ adapter }: Verdict): boolean {
  return adapter !== undefined && software.test(adapter);
}

/** What is gained must be more than what two measurements differ by. */
const leastGain = 1.2;

const measuresOf: Readonly<Record<Purpose, readonly Measure[]>> = {
  translation: ['gigaflops', 'alone', 'batch'],
  training: ['gigaflops', 'training'],
};

/** Whether it has been found right and, in all that counts for the purpose, quicker than the processor. */
export function isQuicker(verdict: Verdict, purpose: Purpose): boolean {
  if (verdict.outcome !== 'right' || isSoftware(verdict)) return false;
  return measuresOf[purpose].every((measure) => {
    const pace = verdict.paces?.[measure];
    return pace !== undefined && pace.device >= leastGain * pace.processor;
  });
}
