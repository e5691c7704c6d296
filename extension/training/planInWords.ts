/** What a training will take, in words for the form. */
import { l10n } from 'vscode';
import type { TrainingPlan } from '../../models/engine/protocol';
import type { Estimate } from '../../webview/training/messages';
import { bytesInWords, countInWords, durationInWords, roughly } from './wording';

export function estimateOf(plan: TrainingPlan): Estimate {
  return {
    facts: [...corpusFacts(plan), ...modelFacts(plan), ...legFacts(plan)],
    warnings: warningsOf(plan),
    summary: summaryOf(plan),
  };
}

/** Time and memory, in a line. */
function summaryOf({ seconds, secondsPerStep, memory }: TrainingPlan): string {
  const time =
    seconds === undefined
      ? l10n.t('{0} a step', secondsInWords(secondsPerStep))
      : l10n.t('About {0}', durationInWords(seconds));
  return l10n.t('{0}, {1} of memory', time, bytesInWords(memory.needed));
}

type Fact = Estimate['facts'][number];

function corpusFacts({ corpora, pairs, validationPairs, vocabularySize }: TrainingPlan): Fact[] {
  const sampled = corpora.some((corpus) => corpus.sampled);
  const about = (text: string): string => (sampled ? l10n.t('about {0}', text) : text);
  const dropped = corpora.flatMap((corpus) => Object.values(corpus.dropped)).reduce((sum, n) => sum + n, 0);
  return [
    {
      label: l10n.t('Pairs'),
      value: about(countInWords(pairs)),
      hint:
        dropped === 0
          ? l10n.t('To train on; {0} more are held out to validate on', countInWords(validationPairs))
          : l10n.t(
              'To train on; {0} more are held out to validate on, and {1} are left out: empty, doubled, too long or too different in length',
              countInWords(validationPairs),
              about(countInWords(dropped)),
            ),
    },
    { label: l10n.t('Vocabulary'), value: countInWords(vocabularySize), hint: l10n.t('Subword tokens') },
  ];
}

function modelFacts({ parameters, memory, disk }: TrainingPlan): Fact[] {
  const free = (needed: number, there: number): string =>
    l10n.t('{0} of {1}', bytesInWords(needed), bytesInWords(there));
  return [
    { label: l10n.t('Parameters'), value: roughly(parameters), hint: l10n.t('Weights of the model') },
    {
      label: l10n.t('Memory'),
      value: free(memory.needed, memory.free),
      hint: l10n.t('At its peak, of what is free now'),
    },
    {
      label: l10n.t('Disk'),
      value: free(disk.needed, disk.free),
      hint: l10n.t('Checkpoints and corpus, of what is free now'),
    },
  ];
}

function legFacts(plan: TrainingPlan): Fact[] {
  const { steps, seconds, flops, secondsPerStep, stepsPerEpoch, measured } = plan;
  const speed = measured
    ? l10n.t('Measured by a few steps of this model')
    : l10n.t('Reckoned from a few steps of a smaller model');
  const facts: Fact[] = [
    seconds === undefined
      ? { label: l10n.t('Time a step'), value: secondsInWords(secondsPerStep), hint: speed }
      : { label: l10n.t('Time'), value: durationInWords(seconds), hint: speed },
  ];
  if (steps !== undefined) {
    const epochs = stepsPerEpoch > 0 ? steps / stepsPerEpoch : 0;
    facts.push({
      label: l10n.t('Steps'),
      value: countInWords(Math.round(steps)),
      hint: l10n.t('The corpus is seen {0} times', countInWords(Math.round(10 * epochs) / 10)),
    });
  }
  facts.push({
    label: l10n.t('Steps an epoch'),
    value: countInWords(Math.ceil(stepsPerEpoch)),
    hint: l10n.t('In so many steps each pair is seen once'),
  });
  if (flops !== undefined) {
    facts.push({
      label: l10n.t('Operations'),
      value: l10n.t('{0} FLOP', flopsInWords(flops)),
      hint: l10n.t('Floating-point operations of all steps. The paper’s base model took 3.3 × 10¹⁸.'),
    });
  }
  return facts;
}

function warningsOf({ warnings }: TrainingPlan): string[] {
  return warnings.map(({ sentence }) => sentence);
}

/** `2.3 × 10¹⁵`. */
function flopsInWords(flops: number): string {
  if (flops < 1e6) return countInWords(Math.round(flops));
  const power = Math.floor(Math.log10(flops));
  const raised = String(power).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return `${countInWords(Math.round((10 * flops) / 10 ** power) / 10)} × 10${raised}`;
}

function secondsInWords(seconds: number): string {
  return seconds >= 10
    ? durationInWords(seconds)
    : l10n.t('{0} s', countInWords(Math.round(seconds * 100) / 100));
}
