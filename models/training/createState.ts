/** A TrainingState on the device that a person chose. */
import type { Device } from '../runtime/session';
import type { TransformerConfig } from '../transformer/config';
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
