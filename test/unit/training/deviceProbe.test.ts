/** Whether a graphics card is found out that computes other numbers than the processor, or is none. */
import { missing } from './softwareCard';
import { expect, it } from 'vitest';
import { CpuTrainingState } from '../../../models/training/cpuTrainingState';
import { verifyGraphicsCard } from '../../../models/training/deviceProbe';

it('says that there is no graphics card', async () => {
  const none = (): Promise<never> =>
    Promise.reject(new Error('a.cc:136 result.status == Success was false. Failed: No supported adapters\n'));
  await expect(verifyGraphicsCard(none)).rejects.toThrow(
    'This machine has no graphics card that can train: Failed: No supported adapters.',
  );
});

it.skipIf(missing !== undefined)(
  `lets a card train that computes the same numbers${missing ? ` (${missing})` : ''}`,
  async () => {
    expect((await verifyGraphicsCard()).difference).toBeLessThan(1e-3);
  },
  300_000,
);

it('refuses a card that computes other numbers', async () => {
  const wrong: Parameters<typeof verifyGraphicsCard>[0] = async (...given) => {
    const state = await CpuTrainingState.create(...given, 1);
    const honest = state.applyGradients.bind(state);
    state.applyGradients = (of) => honest({ ...of, learningRate: of.learningRate * 1.2 });
    return state;
  };
  await expect(verifyGraphicsCard(wrong)).rejects.toThrow(
    'The graphics card computes other numbers than the processor',
  );
}, 300_000);
