/** What a person should know before a training begins, as sentences. */
import type { LanguageDetector } from '../../text/languageDetection';
import { usualLeastFree } from '../../training/ending';
import type { RunPlan } from '../../training/plan/planRun';
import type { RunSettings } from '../../training/runSettings';
import type { TrainingWarning } from '../protocol';

/** Languages that a corpus may turn out to be in. */
const commonLanguages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'ru',
  'zh',
  'ja',
  'ko',
  'sv',
  'cs',
  'tr',
];

/** With fewer pairs no model learns a language from nothing. */
const fewPairs = 20_000;
/** Target tokens of the corpus for each weight of a model from nothing; with fewer it learns the corpus by heart. */
const fewTokensPerParameter = 0.1;

/** In the order of their weight. */
export function planWarnings(
  plan: RunPlan,
  settings: RunSettings,
  detect: LanguageDetector,
): TrainingWarning[] {
  return [
    ...memoryWarnings(plan),
    ...diskWarnings(plan),
    ...languageWarnings(plan, settings, detect),
    ...corpusWarnings(plan, settings),
    ...timeWarnings(plan, settings),
  ];
}

function memoryWarnings({ memory: { needed, free, total } }: RunPlan): TrainingWarning[] {
  if (needed <= free) return [];
  const way = 'choose a smaller model, or batches of fewer tokens with more of them to an update.';
  const sentence =
    needed > total
      ? `The training takes about ${gigabytes(needed)} GB of memory, and the machine has ${gigabytes(total)} GB: ${way}`
      : `The training takes about ${gigabytes(needed)} GB of memory, and ${gigabytes(free)} GB are free: close other programs, or ${way}`;
  return [{ kind: 'largeModel', sentence }];
}

function diskWarnings({ disk: { needed, free } }: RunPlan): TrainingWarning[] {
  if (needed + usualLeastFree <= free) return [];
  const sentence = `The run takes about ${gigabytes(needed)} GB on the disk, and ${gigabytes(free)} GB are free: make room, or keep fewer checkpoints. A training pauses before the disk is full.`;
  return [{ kind: 'disk', sentence }];
}

function languageWarnings(
  { texts }: RunPlan,
  { from, to }: RunSettings,
  detect: LanguageDetector,
): TrainingWarning[] {
  if (from === 'source' || to === 'target') {
    const sentence = 'Which languages the corpus has is not known from its name: choose them.';
    return [{ kind: 'languages', sentence }];
  }
  const warnings: TrainingWarning[] = [];
  for (const [what, language, text] of [
    ['sources', from, texts.source],
    ['targets', to, texts.target],
  ] as const) {
    const primary = language.split('-', 1)[0]!.toLowerCase();
    const found = detect(text, [...new Set([primary, ...commonLanguages])]);
    if (found?.reliable !== true || found.language === primary) continue;
    const sentence = `The ${what} seem to be in the language “${found.language}”, not “${primary}”: look at the corpus, and at which language is which.`;
    warnings.push({ kind: 'languages', sentence });
  }
  return warnings;
}

function corpusWarnings(plan: RunPlan, settings: RunSettings): TrainingWarning[] {
  const { pairs, parameters, targetTokensPerEpoch } = plan;
  const warnings: TrainingWarning[] = [];
  // Whoever trains a model on needs but what is new to it.
  if (settings.initialModel !== '') return warnings;
  const warn = (sentence: string): void => void warnings.push({ kind: 'smallCorpus', sentence });
  if (pairs < fewPairs)
    warn(
      `With ${pairs} pairs a model from nothing learns hardly more than these pairs: give some hundred thousand, or begin with a model that is there.`,
    );
  else if (targetTokensPerEpoch < fewTokensPerParameter * parameters)
    warn(
      `The corpus has ${millions(targetTokensPerEpoch)} million target tokens for ${millions(parameters)} million weights, which will learn it by heart: choose a smaller model or more dropout, or give more pairs.`,
    );
  return warnings;
}

function timeWarnings({ steps, stepsPerEpoch }: RunPlan, { warmupSteps }: RunSettings): TrainingWarning[] {
  if (steps === undefined) return [];
  const epochs = steps / stepsPerEpoch;
  if (steps <= 2 * warmupSteps) {
    const sentence = `There is time for ${steps} updates, and the learning rate takes ${warmupSteps} to rise: train longer, choose a smaller model, or a shorter warm-up.`;
    return [{ kind: 'time', sentence }];
  }
  if (epochs >= 1) return [];
  const sentence = `There is time to see ${Math.round(100 * epochs)} % of the corpus: train longer, or choose a smaller model.`;
  return [{ kind: 'time', sentence }];
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0);
}

function millions(count: number): string {
  return (count / 1e6).toFixed(count < 1e7 ? 1 : 0);
}
