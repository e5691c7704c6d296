/** A TrainingState on the device that a person chose, or on the one that is left where they chose none. */
import { reasonOf } from '../runtime/reason';
import type { Device } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
import { UserError } from '../userError';
import { CpuTrainingState } from './cpuTrainingState';
import { verifyGraphicsCard } from './deviceProbe';
import { GpuTrainingState } from './gpuTrainingState';
import type { StepOptions } from './trainStep';
import type { TrainingState } from './trainingState';

/**
 * All weights and moments zero.
 *
 * @param threads of the processor; 0: one a core
 * @throws UserError as `verifyGraphicsCard`: a card is tried out before it trains
 */
export async function createTrainingState(
  device: Device,
  config: TransformerConfig,
  options: StepOptions,
  threads: number,
): Promise<TrainingState> {
  if (device === 'cpu') return CpuTrainingState.create(config, options, threads);
  await verifyGraphicsCard(undefined, options.precision);
  return GpuTrainingState.create(config, options);
}

/**
 * Begins on a graphics card that nobody asked for by name, and again on the processor where the card fails, as one does
 * that cannot hold the model.
 *
 * @param mayBeginAgain asked when it has failed
 * @param warn gets the sentence for a person, before the processor begins
 * @throws UserError as `begin`, since that is no failure of the card
 */
export async function onCardOrProcessor<Result>(
  begin: (device: Device) => Promise<Result>,
  mayBeginAgain: () => boolean,
  warn: (sentence: string) => void,
): Promise<Result> {
  try {
    return await begin('webgpu');
  } catch (error) {
    if (error instanceof UserError || !mayBeginAgain()) throw error;
    warn(`The graphics card failed (${reasonOf(error)}), so that the processor trains.`);
  }
  return begin('cpu');
}
