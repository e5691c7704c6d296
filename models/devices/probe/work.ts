/** Does a probing process's job. */
import { freemem } from 'node:os';
import { reasonOf } from '../../runtime/reason';
import { compareGraphicsCard, mostDifference as mostInTraining } from '../../training/deviceProbe';
import { GpuTrainingState } from '../../training/gpuTrainingState';
import { measureStep } from '../../training/plan/measureStep';
import { defaultSettings } from '../../training/runSettings';
import { presetConfig } from '../../transformer/config';
import type { Measure, OtherDevice, Pace } from '../verdict';
import type { Finding, ProbeJob } from './door';
import { measureProducts } from './products';
import { compareDecoding, measureDecoding, mostDifference, NoSuchDevice } from './translation';

type Paces = Partial<Record<Measure, Pace>>;

/** Never rejects: what goes wrong is a finding. */
export async function probe({ device, purpose, measure }: ProbeJob): Promise<Finding> {
  try {
    return purpose === 'translation'
      ? await probeTranslation(device, measure)
      : await probeTraining(device, measure);
  } catch (error) {
    return { outcome: error instanceof NoSuchDevice ? 'absent' : 'broken', reason: reasonOf(error) };
  }
}

async function probeTranslation(device: OtherDevice, measure: boolean): Promise<Finding> {
  const difference = await compareDecoding(device);
  if (!(difference <= mostDifference)) return { outcome: 'wrong', difference };
  if (!measure) return { outcome: 'right', difference };
  const gigaflops = await products(device);
  if (gigaflops.device <= gigaflops.processor) return { outcome: 'right', difference, paces: { gigaflops } };
  const measured = await measureDecoding(device);
  const larger = Math.max(difference, measured.difference);
  return {
    outcome: larger <= mostDifference ? 'right' : 'wrong',
    difference: larger,
    paces: { gigaflops, ...measured.paces },
    keepsBytes: measured.keepsBytes,
  };
}

async function probeTraining(device: OtherDevice, measure: boolean): Promise<Finding> {
  const difference = await compareGraphicsCard((config, options) =>
    GpuTrainingState.create(config, options).catch((error: unknown) => {
      throw new NoSuchDevice(reasonOf(error));
    }),
  );
  if (!(difference <= mostInTraining)) return { outcome: 'wrong', difference };
  const paces: Paces = {};
  if (measure) {
    paces.gigaflops = await products(device);
    // What multiplies more slowly trains more slowly, and would take minutes to show it.
    if (paces.gigaflops.device > paces.gigaflops.processor) paces.training = await paceOfTraining();
  }
  return { outcome: 'right', difference, paces };
}

async function products(device: OtherDevice): Promise<Pace> {
  return { processor: await measureProducts('cpu'), device: await measureProducts(device) };
}

/** Target tokens a second of the preset `small`. */
async function paceOfTraining(): Promise<Pace> {
  const settings = defaultSettings;
  const length = 24;
  const tokensASecond = async (device: 'cpu' | 'webgpu'): Promise<number> => {
    const { seconds } = await measureStep(
      {
        transformer: presetConfig('small', settings.vocabularySize),
        settings,
        lengths: { source: length, target: length },
        targetTokens: settings.batchTokens,
        threads: 0,
        device,
        freeMemory: freemem(),
      },
      undefined,
      () => undefined,
    );
    return settings.batchTokens / seconds;
  };
  return { processor: await tokensASecond('cpu'), device: await tokensASecond('webgpu') };
}
