/** One request for a plan: settings in, figures and warnings out. */
import type { Devices } from '../../devices/devices';
import type { Device } from '../../runtime/session';
import type { LanguageDetector } from '../../text/languageDetection';
import { onCardOrProcessor } from '../../training/createState';
import { planRun, type RunPlan } from '../../training/plan/planRun';
import type { EngineHandlers, ParametersOf, ReplyOf, TrainingPlan, TrainingWarning } from '../protocol';
import { trainingDevice } from './device';
import { planWarnings } from './planWarnings';
import { absolute, legFrom, settingsFrom } from './settings';
import { without } from './without';

export interface PlanRequestOptions {
  /** The bundle that reads corpora, in processes of its own. */
  readonly corpusProcess: string;
  readonly loadLanguageDetector: () => Promise<LanguageDetector>;
  /** What is known of devices; undefined where nothing is remembered. */
  readonly openDevices: () => Promise<Pick<Devices, 'choose'> | undefined>;
}

/** The handler of `planTraining`. */
export async function planRequest(
  parameters: ParametersOf<'planTraining'>,
  { signal, report }: Parameters<EngineHandlers['planTraining']>[1],
  { corpusProcess, loadLanguageDetector, openDevices }: PlanRequestOptions,
): Promise<ReplyOf<'planTraining'>> {
  const folder = absolute(parameters.folder, 'The run’s folder');
  const { device: setting, ...leg } = legFrom(parameters.budget, parameters.leg);
  const settings = await settingsFrom(parameters.settings);
  // Whether the card is still right is asked when the training begins: a plan only tells how long it would take.
  const { device } = await trainingDevice(setting, await openDevices(), () => Promise.resolve());
  const planOn = (on: Device): Promise<RunPlan> =>
    planRun(
      folder,
      settings,
      { ...leg, device: on },
      {
        corpusProcess,
        signal,
        onProgress: (stage, done, total) => report({ stage, done, total }),
      },
    );
  const ofCard: TrainingWarning[] = [];
  const plan = await (setting === 'auto' && device === 'webgpu'
    ? onCardOrProcessor(
        planOn,
        () => !signal.aborted,
        (sentence) => ofCard.push({ kind: 'largeModel', sentence }),
      )
    : planOn(device));
  const warnings = [...ofCard, ...planWarnings(plan, settings, await loadLanguageDetector())];
  const { steps, seconds, flops } = plan;
  const told: TrainingPlan = {
    ...without(plan, 'texts', 'steps', 'seconds', 'flops'),
    from: settings.from,
    to: settings.to,
    corpora: plan.corpora.map(({ report: counts, bytes, isWhole, pairs }) => ({
      ...counts,
      bytes,
      sampled: !isWhole,
      pairs,
    })),
    ...(steps !== undefined && { steps }),
    ...(seconds !== undefined && { seconds }),
    ...(flops !== undefined && { flops }),
    warnings,
  };
  return { plan: told };
}
