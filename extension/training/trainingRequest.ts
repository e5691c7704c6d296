/**
 * What the form says, as the engine wants it; and the other way round, what the engine does by default, as the form
 * shows it.
 */
import type {
  LegSettings,
  ParametersOf,
  PresetDescription,
  ReplyOf,
  TrainingBudget,
  TrainingSettings,
  TrainingDeviceSetting,
} from '../../models/engine/protocol';
import {
  presetNames,
  type Details,
  type Form,
  type Preset,
  type PresetName,
} from '../../webview/training/messages';
import type { RunPlan } from './runRecord';

type Defaults = ReplyOf<'trainingDefaults'>;

/** Sizes that a preset stands for, and that a person may change. */
const sizes = ['dModel', 'heads', 'dFf', 'encoderLayers', 'decoderLayers'] as const;

/** How much of a training's end the learning rate takes to go to nothing, unless the person says otherwise. */
const usualCooldown = 0.25;

/**
 * “Attention Is All You Need”: batches of about 25,000 source and 25,000 target tokens (§5.1), 4,000 warm-up steps
 * (§5.3), dropout and label smoothing of 0.1 (§5.4), a vocabulary of 37,000 (§5.1). The batch comes in ten parts, which
 * a small machine has room for.
 */
const paper = {
  vocabularySize: 37_000,
  batchTokens: 2500,
  accumulate: 10,
  warmupSteps: 4000,
  peakLearningRate: 0,
  dropout: 0.1,
  attentionDropout: 0,
  feedForwardDropout: 0,
  subwordDropout: 0,
  labelSmoothing: 0.1,
  rDrop: 0,
  clipNorm: 0,
  cooldown: 0,
} as const satisfies Partial<Details>;

/** What a training is, and what it takes: the parameters of `train` and `planTraining` that both have. */
export type TrainingRequest = Pick<ParametersOf<'planTraining'>, 'folder' | 'settings' | 'budget' | 'leg'>;

/** Where the training runs. */
export interface Surroundings {
  readonly threads: number;
  readonly device: TrainingDeviceSetting;
  readonly pauseOnBattery: boolean;
}

/** @param folder the run's */
export function requestOf(folder: string, plan: RunPlan, surroundings: Surroundings): TrainingRequest {
  return {
    folder,
    settings: settingsOf(plan),
    budget: budgetOf(plan.form),
    leg: legOf(plan.form, surroundings),
  };
}

function settingsOf({ form, corpora, base, ownVocabulary = false }: RunPlan): TrainingSettings {
  const { details } = form;
  return {
    corpora: corpora.map((corpus) => ({ files: corpus.split(',') })),
    from: form.from,
    to: form.to,
    ...(base === undefined ? modelOf(form) : { initialModel: base }),
    ...(ownVocabulary && { vocabularySize: details.vocabularySize }),
    heldOut: details.heldOut,
    maximumWords: details.maximumWords,
    batchTokens: details.batchTokens,
    accumulate: details.accumulate,
    // 0 leaves it to the engine, which takes the paper's.
    ...(details.peakLearningRate > 0 && { peakLearningRate: details.peakLearningRate }),
    warmupSteps: details.warmupSteps,
    dropout: details.dropout,
    attentionDropout: details.attentionDropout,
    feedForwardDropout: details.feedForwardDropout,
    subwordDropout: details.subwordDropout,
    labelSmoothing: details.labelSmoothing,
    rDrop: details.rDrop,
    clipNorm: details.clipNorm,
    seed: details.seed,
  };
}

function modelOf({ preset, normalisation, details }: Form): Partial<TrainingSettings> {
  const modelConfig = { normalisation, ...Object.fromEntries(sizes.map((name) => [name, details[name]])) };
  return { preset, modelConfig, vocabularySize: details.vocabularySize };
}

export function budgetOf({ budget, details: { cooldown } }: Form): TrainingBudget {
  switch (budget.kind) {
    case 'minutes':
      return { minutes: budget.minutes, cooldown };
    case 'steps':
      return { steps: budget.steps, cooldown };
    case 'patience':
      return { patience: budget.patience };
  }
}

export function legOf(
  { details: { checkpointEvery, keepCheckpoints, translatePairs }, stopOn }: Form,
  { threads, device, pauseOnBattery }: Surroundings,
): LegSettings {
  return { threads, device, checkpointEvery, keepCheckpoints, translatePairs, stopOn, pauseOnBattery };
}

/** A run that a terminal began goes on until it is stopped. */
export function openEnd({
  threads,
  device,
  pauseOnBattery,
}: Surroundings): Pick<TrainingRequest, 'budget' | 'leg'> {
  return { budget: {}, leg: { threads, device, pauseOnBattery } };
}

/** The sizes to choose from, smallest first, as far as the form knows them. */
export function presetsOf(
  { settings, leg, presets }: Defaults,
  inWords: (name: PresetName, preset: PresetDescription) => Pick<Preset, 'size' | 'purpose' | 'makeup'>,
): Preset[] {
  return presetNames.flatMap((name) => {
    const preset = presets.find((one) => one.name === name);
    if (preset === undefined) return [];
    const ours = detailsOf(preset, settings, leg);
    return [
      {
        name,
        ...inWords(name, preset),
        normalisation: preset.model['normalisation'] === 'post' ? 'post' : 'pre',
        ours,
        // §5.4 and Table 3: the big model was trained with a rate of its own.
        paper: { ...ours, ...paper, ...(name === 'big' && { dropout: 0.3 }) },
      },
    ];
  });
}

function detailsOf(
  { model }: PresetDescription,
  settings: Defaults['settings'],
  leg: Defaults['leg'],
): Details {
  const size = (name: (typeof sizes)[number]): number => numberOf(model[name], 1);
  return {
    dModel: size('dModel'),
    heads: size('heads'),
    dFf: size('dFf'),
    encoderLayers: size('encoderLayers'),
    decoderLayers: size('decoderLayers'),
    vocabularySize: numberOf(settings.vocabularySize, 8000),
    batchTokens: numberOf(settings.batchTokens, 2500),
    accumulate: numberOf(settings.accumulate, 1),
    warmupSteps: numberOf(settings.warmupSteps, 1500),
    peakLearningRate: 0,
    dropout: numberOf(settings.dropout, 0.1),
    attentionDropout: numberOf(settings.attentionDropout, 0),
    feedForwardDropout: numberOf(settings.feedForwardDropout, 0),
    subwordDropout: numberOf(settings.subwordDropout, 0),
    labelSmoothing: numberOf(settings.labelSmoothing, 0.1),
    rDrop: numberOf(settings.rDrop, 0),
    clipNorm: numberOf(settings.clipNorm, 1),
    cooldown: usualCooldown,
    maximumWords: numberOf(settings.maximumWords, 100),
    heldOut: numberOf(settings.heldOut, 500),
    checkpointEvery: leg.checkpointEvery,
    keepCheckpoints: leg.keepCheckpoints,
    translatePairs: leg.translatePairs,
    seed: numberOf(settings.seed, 1),
  };
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
