/**
 * The names of the pages' texts, which the host fills in the person's language (extension/training/pageTexts.ts). The
 * places {0}, {1} … are filled by the pages.
 */

/** Said by both pages. */
const shared = [
  ...['misunderstood', 'loading', 'stateWaiting', 'stateTraining', 'stateElsewhere', 'statePaused'],
  ...['stateInterrupted', 'stateFinished', 'stateStopped', 'stateFailed', 'loss', 'perplexity'],
  ...[
    'learningRate',
    'tokensPerSecond',
    'gradientNorm',
    'bleu',
    'chrf',
    'validationLoss',
    'validationPerplexity',
  ],
] as const;

const sidebar = [
  // The head
  ...['newRun', 'runLabel', 'curves', 'curvesHint'],
  // A run
  ...['pair', 'pause', 'pauseHint', 'resume', 'resumeHint', 'stop', 'stopHint', 'goOn', 'goOnHint'],
  ...[
    'use',
    'useHint',
    'copy',
    'copyHint',
    'startNow',
    'startNowHint',
    'tryAgainHint',
    'validation',
    'trainedFor',
    'needPairs',
    'needLanguages',
    'needNumbers',
    'automatic',
    'minutesUnit',
    'patienceUnit',
    'inUse',
    'giveUp',
    'giveUpHint',
    'timeLeft',
    'timeSpent',
    'stageStarting',
    'stageReading',
    'stageLearning',
  ],
  ...['stageEncoding', 'stageSaving', 'ofMany', 'soMany', 'progressLabel', 'step', 'epoch', 'speed'],
  ...[
    'perSecond',
    'best',
    'bestAt',
    'parameters',
    'device',
    'deviceCpu',
    'deviceCard',
    'size',
    'miniCurveLabel',
    'miniCurveEmpty',
    'budget',
  ],
  ...['samplesTitle', 'samplesHint', 'samplesNone', 'samplesStep', 'samplesNewest'],
  ...['source', 'reference', 'translation', 'elsewhereHint'],
  // The form
  ...[
    'formTitle',
    'formHint',
    'corpora',
    'corporaHint',
    'corporaNone',
    'addFiles',
    'addFolder',
    'addCatalogues',
  ],
  ...[
    'removeCorpus',
    'languages',
    'from',
    'to',
    'fromHint',
    'toHint',
    'beginWith',
    'fromNothing',
    'fromModel',
  ],
  ...['fromModelHint', 'noModels', 'modelOption', 'sizeLegend', 'details', 'ours', 'oursHint', 'paper'],
  ...[
    'paperHint',
    'explain',
    'ends',
    'endsMinutes',
    'endsSteps',
    'endsPatience',
    'minutesLabel',
    'stepsLabel',
  ],
  ...['patienceLabel', 'measureBy', 'byLoss', 'byBleu', 'name', 'namePlaceholder', 'estimate', 'estimating'],
  ...[
    'estimateNeeds',
    'warnings',
    'oneWarning',
    'someWarnings',
    'startTraining',
    'starting',
    'startHint',
    'outOfRange',
  ],
  ...['groupModel', 'groupBatches', 'groupOptimiser', 'groupRegularisation', 'groupCorpus', 'groupSaving'],
  ...[
    'normalisation',
    'normalisationPre',
    'normalisationPost',
    'normalisationHint',
    'sameLanguages',
    'cataloguesHint',
    'measureHint',
    'tryAgain',
  ],
] as const;

/** Each number behind “Details” has a name and an explanation. */
const details = [
  ...[
    'dModel',
    'heads',
    'dFf',
    'encoderLayers',
    'decoderLayers',
    'vocabularySize',
    'batchTokens',
    'accumulate',
  ],
  ...[
    'warmupSteps',
    'peakLearningRate',
    'dropout',
    'attentionDropout',
    'feedForwardDropout',
    'subwordDropout',
    'labelSmoothing',
    'rDrop',
  ],
  ...[
    'clipNorm',
    'cooldown',
    'maximumWords',
    'heldOut',
    'checkpointEvery',
    'keepCheckpoints',
    'translatePairs',
  ],
  'seed',
] as const;

const curves = [
  ...[
    'runsTitle',
    'metricLabel',
    'axisLabel',
    'axisStep',
    'axisSeconds',
    'axisTokens',
    'logarithmic',
    'ignoreOutliers',
    'ignoreOutliersHint',
    'smoothing',
  ],
  ...['smoothingHint', 'resetZoom', 'resetZoomHint', 'savePng', 'saveSvg', 'saveCsv', 'saved', 'emptyTitle'],
  ...['emptyText', 'chooseRuns', 'showRun', 'mainChart', 'validationChart', 'scheduleChart', 'chartHint'],
  ...['validationLabel', 'noValidations', 'reading', 'columnRun', 'columnValue', 'columnSmoothed'],
  ...['columnStep', 'columnTime', 'columnTokens', 'exportLabel', 'showLabel', 'spokenValue', 'nothingYet'],
] as const;

const unique = <T extends string>(names: readonly T[]): T[] => [...new Set(names)];

export const sidebarTextNames = unique([
  ...shared,
  ...sidebar,
  ...details.map((name) => `detail_${name}` as const),
  ...details.map((name) => `about_${name}` as const),
]);

export const curvesTextNames = unique([...shared, ...curves]);
