/**
 * The texts of the training pages. Places that the pages themselves fill, {0} and {1}, are handed through. The terms and
 * what they mean: termTexts.ts.
 */
import { l10n } from 'vscode';
import type { SidebarTexts } from '../../webview/training/messages';
import { termTexts } from './termTexts';
import { elsewhereInWords } from './wording';

/** Stand for themselves: the page puts its values there. */
const first = '{0}';
const second = '{1}';
const third = '{2}';

export function sidebarTexts(): SidebarTexts {
  return {
    ...sharedTexts(),
    ...runTexts(),
    ...sampleTexts(),
    ...formTexts(),
    ...choiceTexts(),
    ...termTexts(),
  };
}

/** Said by both pages. */
export function sharedTexts() {
  return {
    misunderstood: l10n.t(
      'The page and the extension did not understand each other. Close the view and open it again.',
    ),
    loading: l10n.t('Loading'),
    stateWaiting: l10n.t('Waits for its turn'),
    stateTraining: l10n.t('Training'),
    stateElsewhere: l10n.t('Trains in another window'),
    statePaused: l10n.t('Paused'),
    stateInterrupted: l10n.t('Interrupted'),
    stateFinished: l10n.t('Finished'),
    stateStopped: l10n.t('Stopped'),
    stateFailed: l10n.t('Failed'),
    loss: l10n.t('Loss'),
    perplexity: l10n.t('Perplexity'),
    learningRate: l10n.t('Learning rate'),
    tokensPerSecond: l10n.t('Target tokens a second'),
    gradientNorm: l10n.t('Gradient norm'),
    bleu: l10n.t('BLEU'),
    chrf: l10n.t('chrF'),
    validationLoss: l10n.t('Validation loss'),
    validationPerplexity: l10n.t('Validation perplexity'),
  };
}

function runTexts() {
  return {
    newRun: l10n.t('New Run'),
    runLabel: l10n.t('Which run is shown'),
    curves: l10n.t('Curves'),
    curvesHint: l10n.t('Show the curves large, in the editor area'),
    pair: l10n.t('{0} → {1}', first, second),
    pause: l10n.t('Pause'),
    pauseHint: l10n.t('Ends after this step with a checkpoint; the run keeps its place'),
    resume: l10n.t('Resume'),
    resumeHint: l10n.t('Goes on from the last checkpoint'),
    stop: l10n.t('Stop'),
    stopHint: l10n.t('Ends the run with a checkpoint; the next one begins'),
    goOn: l10n.t('Train Further'),
    goOnHint: l10n.t('Goes on from the last checkpoint, for longer than was asked first'),
    use: l10n.t('Use for Translation'),
    useHint: l10n.t('From now on the best model of this run translates these languages'),
    inUse: l10n.t('Used for translation'),
    giveUp: l10n.t('Use the Previous Model Again'),
    giveUpHint: l10n.t('The model that translated these languages before this one does so again'),
    copy: l10n.t('New Run Like This'),
    copyHint: l10n.t('Fills the form with what this run was asked for, to be changed and started anew'),
    startNow: l10n.t('Start Now'),
    startNowHint: l10n.t('Begins the run; nothing else is being trained'),
    tryAgainHint: l10n.t('Begins the run anew'),
    validation: l10n.t('Validation'),
    timeLeft: l10n.t('{0} left', first),
    timeSpent: l10n.t('{0} so far', first),
    trainedFor: l10n.t('Trained for {0}', first),
    budget: l10n.t('trains {0}', first),
    stageStarting: l10n.t('The engine starts'),
    stageReading: l10n.t('Reading the corpus'),
    stageLearning: l10n.t('Learning the vocabulary'),
    stageEncoding: l10n.t('Encoding the corpus'),
    stageSaving: l10n.t('Saving a checkpoint'),
    ofMany: l10n.t('{0} of {1}', first, second),
    soMany: l10n.t('{0} so far', first),
    progressLabel: l10n.t('How far the training is'),
    step: l10n.t('Step'),
    epoch: l10n.t('epoch {0}', first),
    speed: l10n.t('Speed'),
    perSecond: l10n.t('{0} tokens/s', first),
    best: l10n.t('best {0}', first),
    bestAt: l10n.t('best after step {0}', first),
    parameters: l10n.t('Parameters'),
    device: l10n.t('Computed by'),
    deviceCpu: l10n.t('the processor'),
    deviceCard: l10n.t('a graphics card'),
    size: l10n.t('On disk'),
    miniCurveLabel: l10n.t('Loss of {0}: jagged each step, smooth its average, dots the validations', first),
    miniCurveEmpty: l10n.t('The curve begins with the first steps.'),
    elsewhereHint: elsewhereInWords(),
    tryAgain: l10n.t('Try Again'),
  };
}

function sampleTexts() {
  return {
    samplesTitle: l10n.t('What it says by now'),
    samplesHint: l10n.t('Earlier and later translations of the same sentences'),
    samplesNone: l10n.t('The first validation translates a few sentences that the model never trains on.'),
    samplesStep: l10n.t('After step {0}', first),
    samplesNewest: l10n.t('newest'),
    source: l10n.t('Source'),
    reference: l10n.t('Reference'),
    translation: l10n.t('Translation'),
  };
}

function formTexts() {
  return {
    formTitle: l10n.t('Train a model of your own'),
    formHint: l10n.t(
      'Sentence pairs in, a translation model out. It all happens on this machine; nothing is sent anywhere.',
    ),
    corpora: l10n.t('Sentence pairs'),
    corporaHint: l10n.t(
      'TSV (source, tab, target), two files of as many lines (a.en, a.de), TMX, XLIFF or .po; plain or .gz',
    ),
    corporaNone: l10n.t(
      'Files that hold sentences with their translations: TSV, TMX, XLIFF, .po, or two text files line by line.',
    ),
    addFiles: l10n.t('Add Files…'),
    addFolder: l10n.t('Add Folder…'),
    addCatalogues: l10n.t('This Workspace’s Catalogues'),
    cataloguesHint: l10n.t(
      'Collects what the folders of this workspace have translated already: .po, JSON of VS Code and i18next, XLIFF',
    ),
    removeCorpus: l10n.t('Remove {0}', first),
    languages: l10n.t('Languages'),
    from: l10n.t('From'),
    to: l10n.t('Into'),
    fromHint: l10n.t('such as en'),
    toHint: l10n.t('such as de'),
    sameLanguages: l10n.t('Choose two different languages.'),
    name: l10n.t('Name'),
    namePlaceholder: l10n.t('the languages, unless you name it'),
    estimate: l10n.t('What it will take'),
    estimating: l10n.t('Estimating …'),
    estimateNeeds: l10n.t(
      'Choose sentence pairs and languages to see how long it takes and how much memory it needs.',
    ),
    warnings: l10n.t('Warnings'),
    oneWarning: l10n.t('One warning'),
    someWarnings: l10n.t('{0} warnings', first),
    startTraining: l10n.t('Start Training'),
    starting: l10n.t('Starting …'),
    needPairs: l10n.t('Add sentence pairs first.'),
    needLanguages: l10n.t('Say from which language into which.'),
    needNumbers: l10n.t('Correct the marked numbers.'),
    startHint: l10n.t('Begins the run; one trains at a time, and the others wait for their turn'),
  };
}

function choiceTexts() {
  return {
    beginWith: l10n.t('Begin with'),
    fromNothing: l10n.t('Nothing: learn it all from these pairs'),
    fromModel: l10n.t('A model that is there: fine-tune it'),
    fromModelHint: l10n.t(
      'Keeps the model’s size and what it knows, and teaches it your texts. Other languages may be written above: their vocabulary is then learned from the corpus.',
    ),
    noModels: l10n.t('There is no model to go on from yet.'),
    modelOption: l10n.t('{0} ({1} → {2})', first, second, third),
    sizeLegend: l10n.t('Size'),
    ends: l10n.t('End'),
    endsMinutes: l10n.t('after'),
    endsSteps: l10n.t('at step'),
    endsPatience: l10n.t('no gain in'),
    minutesUnit: l10n.t('minutes'),
    patienceUnit: l10n.t('validations'),
    minutesLabel: l10n.t('Minutes of training'),
    stepsLabel: l10n.t('Steps in all'),
    patienceLabel: l10n.t('Validations in a row that are no better than the best'),
    details: l10n.t('Details'),
    ours: l10n.t('Usual Values'),
    oursHint: l10n.t('What suits a small corpus and a machine with a few cores'),
    paper: l10n.t('The Paper’s'),
    paperHint: l10n.t('As in “Attention Is All You Need”: for large corpora and long trainings'),
    automatic: l10n.t('auto'),
    explain: l10n.t('What is “{0}”?', first),
    outOfRange: l10n.t('From {0} to {1}', first, second),
    groupModel: l10n.t('Model'),
    groupBatches: l10n.t('Batches'),
    groupOptimiser: l10n.t('Optimiser'),
    groupRegularisation: l10n.t('Regularisation'),
    groupCorpus: l10n.t('Corpus'),
    groupSaving: l10n.t('Checkpoints and validation'),
  };
}
