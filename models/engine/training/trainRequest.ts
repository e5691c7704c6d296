/** One request to train: the run's folder is taken, begun or gone on with, and left as a checkpoint. */
import { listCheckpoints } from '../../training/checkpoints';
import { isOnBattery } from '../../training/machine';
import { holderOf } from '../../training/runLock';
import { PreparationStopped } from '../../training/runCorpus';
import { readSettings } from '../../training/runSettings';
import { resumeRun, startRun, type LegOutcome, type RunOptions } from '../../training/trainingRun';
import type { EngineHandlers, ParametersOf, TrainingOutcome } from '../protocol';
import { trainingDevice } from './device';
import { EventSender } from './events';
import type { PlanRequestOptions } from './planRequest';
import { absolute, legFrom, settingsFrom } from './settings';
import type { TrainingSlot } from './slot';

/** A little more than an engine without an owner may take to save (slot.ts). */
const leavingMs = 6000;

/** The handler of `train`. @param corpusProcess the bundle that reads corpora */
export async function trainRequest(
  parameters: ParametersOf<'train'>,
  { signal, report }: Parameters<EngineHandlers['train']>[1],
  {
    slot,
    corpusProcess,
    openDevices,
  }: { readonly slot: TrainingSlot } & Pick<PlanRequestOptions, 'corpusProcess' | 'openDevices'>,
): Promise<TrainingOutcome> {
  const folder = absolute(parameters.folder, 'The run’s folder');
  const { pauseOnBattery, device: setting, ...options } = legFrom(parameters.budget, parameters.leg);
  return slot.take(folder, async (stopped) => {
    const { device, sentence } = await trainingDevice(setting, await openDevices());
    const leg: RunOptions = {
      ...options,
      device,
      orProcessor: setting === 'auto',
      corpusProcess,
      signal: AbortSignal.any([signal, stopped]),
      ...(pauseOnBattery && { isOnBattery: async () => (await isOnBattery()) === true }),
    };
    await whileHeld(folder, leg.signal!);
    const sender = new EventSender(report);
    if (sentence !== undefined) sender.onEvent({ kind: 'warning', sentence });
    const outcome = await train(folder, parameters.begin, leg, sender);
    const [checkpoint] = await listCheckpoints(folder);
    return { ...outcome, ...(checkpoint !== undefined && { checkpoint }) };
  });
}

/**
 * An engine whose owner has gone, as when a window is reloaded, saves what it trains before it ends. Who goes on at once
 * waits for that; who holds the folder for longer is named by the training itself.
 */
async function whileHeld(folder: string, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + leavingMs; Date.now() < end && !signal.aborted;) {
    const holder = await holderOf(folder);
    if (holder === undefined || holder.pid === process.pid) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function train(
  folder: string,
  begin: ParametersOf<'train'>['begin'],
  leg: RunOptions,
  sender: EventSender,
): Promise<LegOutcome> {
  try {
    if (begin !== 'resume') return await startRun(folder, await settingsFrom(begin), leg, sender.onEvent);
    if ((await listCheckpoints(folder)).length > 0) return await resumeRun(folder, leg, sender.onEvent);
    const settings = await readSettings(folder);
    const sentence = 'The run ended before its first checkpoint: it begins anew.';
    sender.onEvent({ kind: 'warning', sentence });
    return await startRun(folder, settings, leg, sender.onEvent);
  } catch (error) {
    if (error instanceof PreparationStopped) return { kind: 'paused', reason: 'asked', step: 0 };
    throw error;
  } finally {
    sender.flush();
  }
}
