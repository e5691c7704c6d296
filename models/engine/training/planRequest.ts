/** One request for a plan: settings in, figures and warnings out. */
import type { LanguageDetector } from '../../text/languageDetection';
import { planRun } from '../../training/plan/planRun';
import type { EngineHandlers, ParametersOf, ReplyOf, TrainingPlan } from '../protocol';
import { planWarnings } from './planWarnings';
import { absolute, legFrom, settingsFrom } from './settings';
import { without } from './without';

export interface PlanRequestOptions {
  /** The bundle that reads corpora, in processes of its own. */
  readonly corpusProcess: string;
  readonly loadLanguageDetector: () => Promise<LanguageDetector>;
}

/** The handler of `planTraining`. */
export async function planRequest(
  parameters: ParametersOf<'planTraining'>,
  { signal, report }: Parameters<EngineHandlers['planTraining']>[1],
  { corpusProcess, loadLanguageDetector }: PlanRequestOptions,
): Promise<ReplyOf<'planTraining'>> {
  const folder = absolute(parameters.folder, 'The run’s folder');
  const leg = legFrom(parameters.budget, parameters.leg);
  const settings = await settingsFrom(parameters.settings);
  const plan = await planRun(folder, settings, leg, {
    corpusProcess,
    signal,
    onProgress: (stage, done, total) => report({ stage, done, total }),
  });
  const warnings = planWarnings(plan, settings, await loadLanguageDetector());
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
